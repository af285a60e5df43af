import type { CommandName } from '../domain/command-name.ts';
import { en } from './en.ts';
import { otherCommands } from './kinds.ts';

/** The page's forms and its JSON call the options as the request schema does. */
export const asInForms = { nameField: (field: string): string => field } as const;

/** What is typed there is typed in English, whatever language the words around it are in. */
export const onPage = {
  ...asInForms,
  writeCommand: (command: CommandName): string => `/${command}`,
} as const;

/** The words of the local chat page, beside what the bot says there. */
export const webPage = {
  title: (room: string): string => `${room} · Gramzoom`,
  bot: 'Gramzoom',
  botBadge: 'bot',
  tagline: 'Endless neural zooms',
  skip: 'Skip to the message box',
  rooms: 'Rooms',
  room: (name: string): string => `Messages in ${name}`,
  thread: 'Thread',
  damaged: 'This message is damaged and cannot be shown.',
  actions: en.actions,
  /** Asked before something is gone for everyone. */
  deletion: {
    delete: { question: 'Delete this for everyone?', yes: 'Yes, delete' },
    'delete-photo': {
      question: 'Delete your photo and everything made of it, what others asked for too?',
      yes: 'Yes, delete it all',
    },
  },
  /** What a person says with that button; it is no command. */
  larger: (id: string): string => `${en.actions.larger.label}: ${id}`,
  pictureSoFar: (about: string): string => `The picture so far: ${about}`,
  film: {
    seed: en.seed,
    sides: (width: number, height: number): string => `${width} x ${height}`,
    seconds: (seconds: number): string =>
      seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`,
    parent: en.parent,
    play: 'Play the film',
  },
  photo: (name: string): string => `Photo from ${name}`,
  welcome: {
    heading: (room: string): string => `Welcome to ${room}`,
    text: 'Send a photo and Gramzoom paints a zoom into it that never ends.',
    hint: 'Drop a photo anywhere, paste one, or pick one below.',
  },
  /** How to begin. */
  start:
    'Add a photo with the picture button, drop or paste one, and press Send: I make an endless zoom of it. ' +
    `Words beside it set options, such as size:256 frames:48; begin them with ${en.listed(otherCommands(en.kinds))} for that instead of a zoom.\n` +
    'Under what I made: Re-roll makes another one with a new seed, Larger the same one with longer sides, Delete takes yours away.',
  /** To words that may be meant for the bot. */
  photoWanted:
    'I make endless zooms of photos: add one with the picture button, drop or paste one, and press Send. /help tells more.',
  /** What only one person sees. */
  alone: {
    badge: 'only you see this',
    dismiss: 'Dismiss',
    asked: 'You asked:',
    moreHelp: 'Every option',
  },
  composer: {
    label: 'Message',
    form: 'New message',
    kind: 'What to make of the photo',
    placeholder: 'Add a photo, or type /',
    addPhoto: 'Add a photo',
    removePhoto: 'Remove the photo',
    preview: 'Preview of your photo',
    options: 'Options',
    standard: (value: string): string => `${value} (default)`,
    absent: (value: string, size: string): string => `${value} (${size} to download first)`,
    otherwise: en.otherwise,
    tooLarge: (most: string): string => `The photo is too large: at most ${most} are accepted.`,
    send: 'Send',
    sending: 'Sending your photo',
    sent: (percent: string): string => `Sending your photo: ${percent} %`,
    looking: 'Sent. Looking at the photo…',
    stopSending: 'Stop sending',
    stopped: 'Not sent.',
    photoGone:
      'The photo can no longer be read: it was moved, changed or deleted. Pick it again; your text is still here.',
    suggestions: 'Suggestions',
    drop: 'Drop the photo here',
  },
  name: {
    heading: 'Your name',
    label: 'Name',
    change: 'Change your name',
    save: 'Save',
    adjectives: ['Amber', 'Misty', 'Golden', 'Quiet', 'Russet', 'Foggy', 'Velvet', 'Copper'],
    animals: ['Owl', 'Fox', 'Hedgehog', 'Badger', 'Raven', 'Moth', 'Squirrel', 'Heron'],
  },
  status: {
    unreachable: 'The bot cannot be reached and nothing was sent: try again.',
    reconnecting: 'Connection lost. Reconnecting…',
    newMessages: 'New messages',
    noScript: 'Without JavaScript this page does not update by itself: reload it to see what is new.',
  },
  problem: {
    heading: 'That did not work',
    notFound: 'There is no page at this address.',
    back: 'Back to the chat',
  },
} as const;
