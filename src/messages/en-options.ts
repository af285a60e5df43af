import type { HelpTopic } from '../domain/command-name.ts';
import type { Depth } from '../domain/depth.ts';
import { defaultKind, type KindName } from '../domain/kinds.ts';
import { type Quality, qualities } from '../domain/request.ts';
import type { ChatWords } from './chat-words.ts';
import { createChoiceLines } from './command-words.ts';
import { englishFields, kindCommandWords, kindWords, ofEveryKind } from './kinds.ts';
import { type Named, optionWords } from './names.ts';
import { createListed } from './phrases.ts';

const kinds = kindWords.en;

export const listed = createListed('or');

export const commands: ChatWords['commands'] = {
  ...kindCommandWords(kinds),
  reroll: { name: 'reroll', description: 'render a photo again with a new seed' },
  cancel: { name: 'cancel', description: 'stop a render of yours' },
  queue: { name: 'queue', description: 'show what is rendering and what is waiting' },
  mine: { name: 'mine', description: 'list your own renders' },
  forget: { name: 'forget', description: 'delete everything of yours for good: photos, renders, name' },
  help: { name: 'help', description: 'how to begin; with "options" every option' },
};

export const fields = englishFields(defaultKind) as ChatWords['fields'];

export const photoOption: Named = { name: 'photo', description: 'photo to paint from' };

export const renderOption: Named = {
  name: 'render',
  description: 'id of the render, or just its beginning if it is yours; default: your newest suitable one',
};

export const topicOption: Named = { name: 'topic', description: 'how to begin, or every option' };

const photos = (count: number): string => (count === 1 ? '1 photo' : `${count} photos`);
const renders = (count: number): string => (count === 1 ? '1 render' : `${count} renders`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, ${count} of them asked for by others`);
const nothing =
  'There are no photos or renders of yours here: any words of yours and your id are deleted now.';
const afterwards = 'Messages with them disappear in a moment, or as soon as the platform lets me.';

export const erasure: ChatWords['erasure'] = {
  everythingQuestion: (count) =>
    `This deletes everything of yours for good: ${photos(count.photos)} and ${renders(count.renders)}${fromOthers(count.ofOthers)}, with their messages, ` +
    'and your id and name. What is rendering or waiting is cancelled. Confirm it with the button, or with /forget confirm:yes.',
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

export const optionOf = (name: string, kind?: KindName): Named =>
  optionWords({ kinds, fields, photoOption, renderOption, topicOption, erasure }, name, kind) ?? {
    name,
    description: '',
  };

const otherwiseByName: Readonly<Record<string, string>> = {
  ...ofEveryKind(kinds, 'otherwise'),
  seed: 'random each time',
  maxBytes: 'no limit',
};

export const otherwise: ChatWords['otherwise'] = ({ name, byQuality }) =>
  byQuality
    ? `${listed(qualities.map((quality) => String(byQuality[quality])))} by quality`
    : otherwiseByName[name];

const qualityLabels: Readonly<Record<Quality, string>> = {
  draft: 'draft',
  standard: 'standard',
  fine: 'fine',
};
const depthLabels: Readonly<Record<Depth, string>> = { texture: 'texture', style: 'style', scene: 'scene' };
const topicLabels: Readonly<Record<HelpTopic, string>> = { start: 'start', options: 'options' };

export const choices: ChatWords['choices'] = {
  ...ofEveryKind(kinds, 'choices'),
  aspect: { square: 'square', photo: 'photo' },
  quality: qualityLabels,
  depth: depthLabels,
  format: { gif: 'gif', webp: 'webp', mp4: 'mp4', png: 'png' },
  topic: topicLabels,
};

export const qualitySentences: ChatWords['qualities'] = {
  draft: 'rougher, in less than half the time',
  standard: 'the right one for most photos',
  fine: 'closer to the photo, in nearly twice the time',
};

export const depthSentences: ChatWords['depths'] = {
  texture: 'its colours, strokes and small patterns; the fastest',
  style: 'small things too, such as eyes, fur and leaves',
  scene: 'large things too, such as faces and branches; the slowest',
};

export const choiceLines = createChoiceLines({
  ...{ qualityLabels, qualitySentences, depthLabels, depthSentences },
  offeredBy: (networks) => `with ${listed(networks)}`,
});
