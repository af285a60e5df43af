import { zoom, zoomSteps } from '../domain/kinds/zoom.ts';
import type { RequestField } from '../domain/kinds.ts';
import { type FieldRule, qualities } from '../domain/request.ts';
import type { ChatWords } from './chat-words.ts';
import { createChoiceLines } from './command-words.ts';
import { type Named, optionWords } from './names.ts';
import { createListed } from './phrases.ts';

export const listed = createListed('or');

export const commands: ChatWords['commands'] = {
  gramzoom: { name: 'gramzoom', description: 'turn a photo into an endless zoom' },
  reroll: { name: 'reroll', description: 'render a photo again with a new seed' },
  cancel: { name: 'cancel', description: 'stop a render of yours' },
  queue: { name: 'queue', description: 'show what is rendering and what is waiting' },
  mine: { name: 'mine', description: 'list your own renders' },
  forget: { name: 'forget', description: 'delete everything of yours for good: photos, films, name' },
  help: { name: 'help', description: 'how to begin; with "options" every option' },
};

/** `maxBytes` -> `max_bytes`. */
const chatName = (field: string): string =>
  field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// The schema speaks English: the command line's help says the same.
export const fields = Object.fromEntries(
  zoom.fields.map(({ name, description }: FieldRule) => [name, { name: chatName(name), description }]),
) as Record<RequestField, Named>;

export const photoOption: Named = { name: 'photo', description: 'photo to zoom into' };

export const renderOption: Named = {
  name: 'render',
  description: 'id of the render, or just its beginning if it is yours; default: your newest suitable one',
};

export const topicOption: Named = { name: 'topic', description: 'how to begin, or every option' };

const photos = (count: number): string => (count === 1 ? '1 photo' : `${count} photos`);
const films = (count: number): string => (count === 1 ? '1 film' : `${count} films`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, ${count} of them asked for by others`);
const nothing = 'There are no photos or films of yours here: any words of yours and your id are deleted now.';
const afterwards = 'Messages with them disappear in a moment, or as soon as the platform lets me.';

export const erasure: ChatWords['erasure'] = {
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

export const optionOf = (name: string): Named =>
  optionWords({ fields, photoOption, renderOption, topicOption, erasure }, name) ?? { name, description: '' };

export const otherwise: ChatWords['otherwise'] = {
  duration: 'frames / fps',
  steps: `${listed(qualities.map((quality) => String(zoomSteps[quality])))} by quality`,
  seed: 'random each time',
  maxBytes: 'no limit',
};

export const choices: ChatWords['choices'] = {
  aspect: { square: 'square', photo: 'photo' },
  direction: { in: 'in', out: 'out' },
  motion: { morph: 'morph' },
  quality: { draft: 'draft', standard: 'standard', fine: 'fine' },
  depth: { texture: 'texture', style: 'style', scene: 'scene' },
  format: { gif: 'gif', webp: 'webp', mp4: 'mp4', png: 'png' },
  topic: { start: 'start', options: 'options' },
};

export const qualitySentences: ChatWords['qualities'] = {
  draft: 'a rougher film in less than half the time',
  standard: 'the right one for most films',
  fine: 'closer to the photo, in nearly twice the time',
};

export const depthSentences: ChatWords['depths'] = {
  texture: 'its colours, strokes and small patterns; the fastest',
  style: 'small things too, such as eyes, fur and leaves',
  scene: 'large things too, such as faces and branches; the slowest',
};

export const choiceLines = createChoiceLines({
  ...{ qualityLabels: choices.quality, qualitySentences, depthLabels: choices.depth, depthSentences },
  offeredBy: (networks) => `with ${listed(networks)}`,
});
