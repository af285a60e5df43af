import type { ErasureWords } from './erasure-words.ts';

const photos = (count: number): string => (count === 1 ? '1 photo' : `${count} photos`);
const films = (count: number): string => (count === 1 ? '1 film' : `${count} films`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, ${count} of them asked for by others`);
const nothing = 'There is nothing of yours here but perhaps words and an id: these go now.';
const afterwards = 'Messages with them disappear within moments, or as soon as the platform lets me.';

export const erasure: ErasureWords = {
  everythingQuestion: (count) =>
    `This deletes everything of yours for good: ${photos(count.photos)} and ${films(count.renders)}${fromOthers(count.ofOthers)}, with their messages, ` +
    'and your id and name. What renders or waits is cancelled. Confirm it with the button, or with /forget confirm:yes.',
  everythingDone: (count) =>
    count.renders === 0
      ? nothing
      : `Deleted for good: ${photos(count.photos)} and ${films(count.renders)}. ${afterwards}`,
  photoQuestion: (count) =>
    `This deletes your photo for good and all that was made of it: ${films(count.renders)}${fromOthers(count.ofOthers)}. What renders or waits of it is cancelled.`,
  photoDone: (count) => `Deleted for good: your photo and ${films(count.renders)}. ${afterwards}`,
  confirm: 'Delete for good',
  option: { name: 'confirm', description: 'yes: really delete it all; without it you are asked first' },
};
