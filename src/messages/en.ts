import { formatBytes } from '../domain/bytes.ts';
import { defaultFilm } from '../domain/work-limit.ts';
import type { ChatWords } from './chat-words.ts';
import { createCommandWords, type RenderLine } from './command-words.ts';
import { sentences } from './en-errors.ts';
import {
  choiceLines,
  choices,
  commands,
  depthSentences,
  erasure,
  fields,
  listed,
  optionOf,
  otherwise,
  photoOption,
  qualitySentences,
  renderOption,
  topicOption,
} from './en-options.ts';
import { createErrorSentences } from './error-sentences.ts';
import { kindWords, otherKind } from './kinds.ts';
import type { Notation, When } from './names.ts';

const kinds = kindWords.en;

const { errorSentence, operatorSentence } = createErrorSentences(sentences, (field) => optionOf(field).name);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `about 40 s`, `about 2 min`, `about 3 h`: no more exact than it is known. */
const aboutSeconds = (seconds: number): string => {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
};

/** `, about 40 s left` or `, done in 40 seconds`; nothing where it is not known. */
const until = (
  etaSeconds: number | null,
  { what, when }: { readonly what: string; readonly when?: When | undefined },
): string => {
  if (etaSeconds === null) return '';
  return when ? `, done ${when(etaSeconds)}` : `, ${aboutSeconds(etaSeconds)} ${what}`;
};

const state = (render: RenderLine, { when, ...notation }: Notation): string => {
  if (render.waitsForRoom) {
    return `${kinds[render.kind].step(render.progress)}, waiting for disk space`;
  }
  const done = until(render.etaSeconds, { what: 'until it is done', when });
  switch (render.state) {
    case 'fetching':
      return 'its photo is being fetched';
    case 'queued':
      return `number ${render.position ?? render.waiting} of ${render.waiting}${done}`;
    case 'running':
      return `${kinds[render.kind].step(render.progress)}${until(render.etaSeconds, { what: 'left', when })}`;
    case 'delivering':
      return 'rendered, being posted';
    case 'done':
      return render.failure ? 'done, then deleted in the chat' : 'done';
    case 'failed':
      return render.failure ? `failed: ${errorSentence(render.failure, notation)}` : 'failed';
    case 'cancelled':
      return 'cancelled';
    default:
      return render.state satisfies never;
  }
};

const renderSentence: ChatWords['renderSentence'] = (body, { when, ...options } = {}) => {
  switch (body.kind) {
    case 'fetching':
      return 'Looking at the photo…';
    case 'waiting': {
      const place =
        body.position === 1 ? 'Next in the queue' : `Number ${body.position} of ${body.total} in the queue`;
      return `${place}${until(body.etaSeconds, { what: 'until it is done', when })}.`;
    }
    case 'running': {
      const { begins, step } = kinds[body.renderKind];
      const place = capitalised(body.progress.done === 0 ? begins : step(body.progress));
      return `${place}${until(body.etaSeconds, { what: 'left', when })}.`;
    }
    case 'no-room': {
      const { step, readyWithoutSpace, waitsForSpace } = kinds[body.renderKind];
      const isReady = body.progress.done === body.progress.total;
      return isReady ? readyWithoutSpace : `${capitalised(step(body.progress))}. ${waitsForSpace}`;
    }
    case 'progress': {
      const { step, takesShape } = kinds[body.renderKind];
      return body.progress.done === 0 ? takesShape : `${capitalised(step(body.progress))}.`;
    }
    case 'copy':
      return kinds[body.renderKind].copy;
    case 'result':
      return kinds[body.renderKind].ready;
    case 'failed':
      return errorSentence(body.failure, options);
    case 'cancelled':
      return 'Cancelled.';
    case 'expired':
      return kinds[body.renderKind].expired;
    default:
      return body satisfies never;
  }
};

/** So many default films, and what a film's work comes from. */
const workLimit = (maxWork: number): string => {
  const { size, frames, steps } = defaultFilm;
  return `A render may take at most ${maxWork === 1 ? 'the work' : `${maxWork} times the work`} of the default film (${size} px, ${frames} frames, ${steps} steps): twice the size is four times the work, twice the frames or steps about twice.`;
};

const commandWords = createCommandWords({
  workLimit,
  cancelled: (id) => `Cancelled ${id}.`,
  now: (render) => `Now: ${render}`,
  more: (count) => `and ${count} more`,
  nothing: 'Nothing is rendering or waiting.',
  moreHelp: 'Every option: /help topic:options',
  noneYet: 'You have no renders yet: send a photo.',
  facts: ({ kind, seed, network, depth }) =>
    [...otherKind(kinds, kind), `seed ${seed}`, network, depth].join(', '),
  state,
  command: (name) => commands[name],
  option: optionOf,
  limits: ({ choices: offered, min, max }) =>
    offered ? listed(offered) : min !== undefined && max !== undefined ? `${min} to ${max}` : null,
  without: (option) => {
    const { default: fallback } = option;
    if (fallback !== undefined) return `default ${fallback}`;
    const without = otherwise(option);
    return without ? `default ${without}` : null;
  },
  choiceLines,
});

/** English. */
export const en: ChatWords = {
  language: 'en',
  ...{
    errorSentence,
    operatorSentence,
    renderSentence,
    commandWords,
    workLimit,
    commands,
    fields,
    photoOption,
    renderOption,
    topicOption,
  },
  ...{ otherwise, choices, choiceLines, qualities: qualitySentences, depths: depthSentences },
  actions: {
    reroll: { label: 'Re-roll', help: 'The same photo with a new seed' },
    larger: { label: 'Larger', help: 'The same with longer sides' },
    cancel: { label: 'Cancel', help: 'Stop this render' },
    delete: { label: 'Delete', help: 'Remove this for everyone' },
    download: { label: 'Download', help: 'Save the file' },
    'delete-photo': { label: 'Delete photo', help: 'Delete your photo and everything made of it, for good' },
  },
  erasure,
  seed: (seed) => `seed ${seed}`,
  parent: (id) => `re-roll of ${id}`,
  bytes: formatBytes,
  listed,
  kinds,
  threadName: (about) => `gramzoom: ${about}`,
  notUnderstood: 'I do not know what to do with that: /help shows what I can do.',
  photoChoice: ({ number, total }) => `Photo ${number} of ${total}`,
  otherPhotos: 'Take another photo of the message',
  deleted: 'Deleted.',
  sent: 'Sent: it is in your direct messages.',
};
