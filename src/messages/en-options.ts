import { formatBytes } from '../domain/bytes.ts';
import { defaultKind } from '../domain/kinds.ts';
import type { Texts } from './chat-words.ts';
import { contestChoices, contestCommands } from './en-contest-options.ts';
import { englishFields, kindCommandWords, kindWords, ofEveryKind } from './kinds.ts';
import type { Named } from './names.ts';
import { createListed } from './phrases.ts';

const kinds = kindWords.en;

export { contestCommand, contestFields, contestOption, reasonOption } from './en-contest-options.ts';

export const listed = createListed('or');

export const bytes = formatBytes;

export const commands: Texts['commands'] = {
  ...kindCommandWords(kinds),
  reroll: { name: 'reroll', description: 'render a photo again with a new seed' },
  cancel: { name: 'cancel', description: 'stop a render of yours' },
  queue: { name: 'queue', description: 'show what is rendering and what is waiting' },
  mine: { name: 'mine', description: 'list your own renders' },
  ...contestCommands,
  forget: { name: 'forget', description: 'delete everything of yours for good: photos, renders, name' },
  help: { name: 'help', description: 'how to begin; with "options" every option, with "contest" contests' },
};

export const fields = englishFields(defaultKind) as Texts['fields'];

export const photoOption: Named = { name: 'photo', description: 'photo to paint from' };

export const renderOption: Named = {
  name: 'render',
  description: 'id of the render, or just its beginning if it is yours; default: your newest suitable one',
};

export const topicOption: Named = { name: 'topic', description: 'how to begin, every option, or contests' };

const photos = (count: number): string => (count === 1 ? '1 photo' : `${count} photos`);
const renders = (count: number): string => (count === 1 ? '1 render' : `${count} renders`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, ${count} of them asked for by others`);
const nothing =
  'There are no photos or renders of yours here: any words of yours and your id are deleted now.';
const afterwards = 'Messages with them disappear in a moment, or as soon as the platform lets me.';

export const erasure: Texts['erasure'] = {
  everythingQuestion: (count, forget = '/forget') =>
    `This deletes everything of yours for good: ${photos(count.photos)} and ${renders(count.renders)}${fromOthers(count.ofOthers)}, with their messages, ` +
    `and your id and name. What is rendering or waiting is cancelled. Confirm it with the button, or with ${forget} confirm:yes.`,
  everythingDone: (count) =>
    count.renders === 0
      ? nothing
      : `Deleted for good: ${photos(count.photos)} and ${renders(count.renders)}. ${afterwards}`,
  photoQuestion: (count) =>
    `This deletes your photo for good and all that was made of it: ${renders(count.renders)}${fromOthers(count.ofOthers)}. What is rendering or waiting of it is cancelled.`,
  photoDone: (count) => `Deleted for good: your photo and ${renders(count.renders)}. ${afterwards}`,
  confirm: 'Delete for good',
  option: { name: 'confirm', description: 'yes: delete everything now; without it you are asked first' },
};

export const choices: Texts['choices'] = {
  ...ofEveryKind(kinds, 'choices'),
  aspect: { square: 'square', photo: 'photo' },
  quality: { draft: 'draft', standard: 'standard', fine: 'fine' },
  depth: { texture: 'texture', style: 'style', scene: 'scene' },
  format: { gif: 'gif', webp: 'webp', mp4: 'mp4', png: 'png' },
  topic: { start: 'start', options: 'options', contest: 'contest' },
  ...contestChoices,
};

export const qualities: Texts['qualities'] = {
  draft: 'rougher, in about half the time',
  standard: 'the right one for most photos',
  fine: 'closer to the photo, in less than twice the time',
};

export const depths: Texts['depths'] = {
  texture: 'its colours, strokes and small patterns; the fastest',
  style: 'small things too, such as eyes, fur and leaves',
  scene: 'large things too, such as faces and branches',
};
