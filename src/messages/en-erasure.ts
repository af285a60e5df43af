import type { ErasureWords } from './erasure-words.ts';

const photos = (count: number): string => (count === 1 ? '1 photo' : `${count} photos`);
const films = (count: number): string => (count === 1 ? '1 film' : `${count} films`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, ${count} of them asked for by others`);
const nothing = 'There are no photos or films of yours here: any words of yours and your id are deleted now.';
const afterwards = 'Messages with them disappear in a moment, or as soon as the platform lets me.';

export const erasure: ErasureWords = {
  everythingQuestion: (count) =>
    `This deletes everything of yours for good: ${photos(count.photos)} and ${films(count.renders)}${fromOthers(count.ofOthers)}, with their messages, ` +
    'and your id and name. What is rendering or waiting is cancelled. Confirm it with the button, or with /forget confirm:yes.',
  everythingDone: (count) =>
    count.renders === 0
      ? nothing
      : `Deleted for good: ${photos(count.photos)} and ${films(count.renders)}. ${afterwards}`,
  photoQuestion: (count) =>
    `This deletes your photo for good and all that was made of it: ${films(count.renders)}${fromOthers(count.ofOthers)}. What is rendering or waiting of it is cancelled.`,
  photoDone: (count) => `Deleted for good: your photo and ${films(count.renders)}. ${afterwards}`,
  confirm: 'Delete for good',
  option: { name: 'confirm', description: 'yes: delete everything now; without it you are asked first' },
};
