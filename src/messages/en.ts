import { defaultFilm } from '../domain/work-limit.ts';
import type { Phrases } from './chat-words.ts';
import { createWords } from './create-words.ts';
import { contest } from './en-contest.ts';
import { sentences } from './en-errors.ts';
import * as options from './en-options.ts';
import { kindWords } from './kinds.ts';

const { size, frames, steps } = defaultFilm;

const about = (seconds: number): string => {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
};

const phrases: Phrases = {
  number: String,
  about,
  doneAt: (moment) => `done ${moment}`,
  left: (time) => `${time} left`,
  doneIn: (time) => `${time} until it is done`,
  states: {
    fetching: 'its photo is being fetched',
    delivering: 'rendered, being posted',
    done: 'done',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  deletedInChat: 'done, then deleted in the chat',
  waitsForSpace: 'waiting for disk space',
  numberOf: (position, total) => `number ${position} of ${total}`,
  looking: 'Looking at the photo…',
  next: 'Next in the queue',
  place: (position, total) => `Number ${position} of ${total} in the queue`,
  cancelled: 'Cancelled.',
  reel: { name: 'The winners’ reel', ready: 'The winners’ reel is ready.' },
  cancelledRender: (id) => `Cancelled ${id}.`,
  now: (render) => `Now: ${render}`,
  more: (count) => `and ${count} more`,
  nothing: 'Nothing is rendering or waiting.',
  noneYet: 'You have no renders yet: send a photo.',
  moreHelp: (help) => `Every option: ${help} topic:options; contests: ${help} topic:contest`,
  range: (min, max) => `${min} to ${max}`,
  usual: (value) => `default ${value}`,
  byQuality: (values) => `${values} by quality`,
  offeredBy: (networks) => `with ${networks}`,
  otherwise: { seed: 'random each time', maxBytes: 'no limit' },
};

/** English. */
export const en = createWords({
  language: 'en',
  kinds: kindWords.en,
  ...options,
  sentences,
  contest,
  phrases,
  workLimit: (maxWork) =>
    `A render may take at most ${maxWork === 1 ? 'the work' : `${maxWork} times the work`} of the default film (${size} px, ${frames} frames, ${steps} steps): twice the size is four times the work, twice the frames or steps about twice.`,
  actions: {
    reroll: { label: 'Re-roll', help: 'The same photo with a new seed' },
    larger: { label: 'Larger', help: 'The same with longer sides' },
    cancel: { label: 'Cancel', help: 'Stop this render' },
    delete: { label: 'Delete', help: 'Remove this for everyone' },
    download: { label: 'Download', help: 'Save the file' },
    'delete-photo': { label: 'Delete photo', help: 'Delete your photo and everything made of it, for good' },
    enter: { label: 'Enter the contest', help: 'Take part with this film' },
    vote: { label: 'Vote', help: 'Rank up to three films' },
    status: { label: 'My part', help: 'What you have entered and voted for' },
    follow: { label: 'Remind me', help: 'Be reminded before entering and voting end' },
  },
  seed: (seed) => `seed ${seed}`,
  parent: (id) => `re-roll of ${id}`,
  threadName: (about) => `gramzoom: ${about}`,
  notUnderstood: (help = '/help') => `I do not know what to do with that: ${help} shows what I can do.`,
  photoChoice: ({ number, total }) => `Photo ${number} of ${total}`,
  otherPhotos: 'Take another photo of the message',
  deleted: 'Deleted.',
  sent: 'Sent: it is in your direct messages.',
});
