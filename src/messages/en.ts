import { formatBytes } from '../domain/bytes.ts';
import type { ErrorCode, ErrorData, Failure } from '../domain/errors.ts';
import type { MessageBody } from '../domain/message.ts';
import { depthSentences } from './en-depths.ts';
import { listed } from './en-list.ts';
import { otherwise, qualitySentences } from './en-options.ts';

/** How a place calls the request's fields: `--max-bytes` on the command line, `max_bytes` in a chat. */
export type NameField = (field: string) => string;

type Sentences = {
  readonly [C in ErrorCode]: (data: ErrorData[C], options: { readonly nameField: NameField }) => string;
};

const grouped = (value: number): string => value.toLocaleString('en-US');

/** What was received, short enough for a sentence and visible where it is blank. */
const quoted = (received: string): string => {
  const short = received.length > 40 ? `${received.slice(0, 40)}...` : received;
  return /^[\w.,:%+-]+$/.test(short) ? short : JSON.stringify(short);
};

const size = (width: number, height: number): string => `${grouped(width)} x ${grouped(height)} pixels`;

const sentences: Sentences = {
  'photo-missing': ({ path }) => `There is no photo at ${path}: check the path.`,
  'photo-is-folder': ({ path }) => `${path} is a folder: name the photo in it.`,
  'photo-unreadable': ({ path }) => `${path} cannot be read: check its permissions, or use a copy.`,
  'photo-needed': () => 'Add a photo: without one there is nothing to zoom into.',
  'photo-empty': () => 'The photo is empty: 0 bytes arrived; send it again.',
  'photo-too-many-bytes': ({ bytes, maxBytes }) =>
    `The photo has ${formatBytes(bytes)} and at most ${formatBytes(maxBytes)} are accepted: send a smaller one.`,
  'photo-too-many-pixels': ({ width, height, maxMegapixels }) =>
    `The photo has ${size(width, height)} and at most ${maxMegapixels} megapixels are accepted: send a smaller one.`,
  'photo-side-too-long': ({ width, height, maxSide }) =>
    `The photo has ${size(width, height)} and no side may be longer than ${grouped(maxSide)}: send a smaller one.`,
  'photo-too-narrow': ({ width, height, maxAspect }) =>
    `The photo has ${size(width, height)}, and one side may be at most ${maxAspect} times the other: crop it first.`,
  'photo-format': ({ found }) =>
    found === null
      ? 'This is no picture that can be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.'
      : `${found.toUpperCase()} files cannot be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.`,
  'photo-heic': () => 'HEIC photos cannot be read here: send it as JPEG.',
  'photo-damaged': () => 'The photo is damaged or incomplete: send it again, or save it anew first.',
  'photo-too-slow': ({ seconds }) =>
    `The photo took more than ${seconds} seconds to open: save it as a plain JPEG and send that.`,
  'request-field': ({ field, expected, received }, { nameField }) =>
    `${nameField(field)} takes ${expected}, not ${quoted(received)}.`,
  'request-fields': ({ field, other }, { nameField }) =>
    `Give ${nameField(field)} or ${nameField(other)}, not both: one follows from the other.`,
  usage: ({ problem }) => problem,
  'output-extension': ({ path, offered }) =>
    `${path} cannot be written: choose a name that ends in ${listed(offered.map((format) => `.${format}`))}.`,
  'output-is-folder': ({ path }) => `${path} is a folder: name a file in it, such as zoom.gif.`,
  'output-folder-missing': ({ folder }) => `The folder ${folder} does not exist: create it first.`,
  'output-not-writable': ({ folder }) => `Nothing can be written to ${folder}: choose another folder.`,
  'output-failed': ({ path, reason }) => `${path} could not be written (${reason}): choose another place.`,
  'disk-full': ({ folder }) =>
    `The disk that holds ${folder} is full: free some space, or choose another folder.`,
  'budget-too-small': ({ maxBytes, smallestBytes }, { nameField }) =>
    `The film does not fit in ${formatBytes(maxBytes)}: the smallest that can be made has ` +
    `${formatBytes(smallestBytes)}; raise ${nameField('maxBytes')}, or ask for fewer frames.`,
  'ffmpeg-missing': () => 'MP4 files need ffmpeg, which was not found: install it, or write a GIF instead.',
  'ffmpeg-failed': ({ reason }) => `ffmpeg could not make the file (${reason}): write a GIF instead.`,
  'network-unknown': ({ name, known }) => `There is no network called ${name}: choose ${listed(known)}.`,
  'network-missing': ({ name, path }) =>
    `The network ${name} cannot be opened: ${path} is missing or cannot be read; put it back, or use pocket.`,
  'network-damaged': ({ name, problem }) =>
    `The network ${name} cannot be used: ${problem}; put its published files back, or use pocket.`,
  'depth-not-offered': ({ network, depth, offered }, { nameField }) =>
    `${network} has no ${nameField('depth')} ${quoted(depth)}: choose ${listed(offered)}, or another network.`,
  'network-absent': ({ name, bytes, url, path, reason }) =>
    `${name} needs a one-time download of ${formatBytes(bytes)} from ${url}, which failed (${reason}): use pocket, or put the file at ${path}.`,
  'network-fetching': ({ name, bytes, percent }) =>
    `${name} is being fetched for the first time (${percent} % of ${formatBytes(bytes)}): ask again in a few minutes, or use pocket.`,
  'network-not-here': ({ name }) =>
    `${name} is not to be had here at the moment, and whoever runs this bot finds the reason in its log: use another network until then.`,
  'engine-unavailable': ({ engine, reason }) =>
    `The engine ${engine} does not work on this machine (${reason}): choose another one.`,
  'engine-failed': ({ engine, reason }) => `The engine ${engine} failed (${reason}): try again.`,
  'out-of-memory': ({ size: side }) =>
    `There is not enough memory for ${side} x ${side} pixels: ask for a smaller size.`,
  'render-diverged': () => 'The film did not come out, as can happen by chance: try another seed.',
  'render-crashed': ({ how }) =>
    how === 'SIGKILL'
      ? 'The renderer was killed, most likely because memory ran out: ask for a smaller size.'
      : `The renderer crashed (${how}): try again.`,
  'render-stalled': ({ silentSeconds }) =>
    `The renderer gave no sign of life for ${silentSeconds} seconds and was stopped: try again.`,
  'protocol-mismatch': ({ expected, received }) =>
    `The renderer is of another version (${received} instead of version ${expected}): install Gramzoom again.`,
  configuration: ({ key, expected, received }) =>
    `The setting ${key} takes ${expected}, not ${quoted(received)}: correct it in the environment or in .env.`,
  cancelled: () => 'Cancelled.',
  'command-unknown': ({ name, known }) =>
    `There is no command ${quoted(name)}: choose ${listed(known.map((each) => `/${each}`))}.`,
  'option-malformed': ({ text, example }) => `${quoted(text)} is no option: write one like ${example}.`,
  'option-twice': ({ option }, { nameField }) => `${nameField(option)} is given twice: once is enough.`,
  'user-limit': ({ limit }) =>
    `You already have ${limit} ${limit === 1 ? 'render' : 'renders'} waiting or running: wait for one, or cancel it.`,
  'server-limit': ({ limit }) =>
    `Here ${limit} ${limit === 1 ? 'render is' : 'renders are'} already waiting or running: try again when one is done.`,
  'not-found': () => 'There is no such render (any more).',
  'not-yours': () => 'Only the person who asked for it can do that.',
  'not-ready': () => 'The film is not done yet: wait for it.',
  'already-finished': () => 'It is finished already: there is nothing left to cancel.',
  'photo-expired': () => 'The photo is no longer kept: send it again.',
  'result-expired': () => 'The film is no longer kept: re-roll it, or send the photo again.',
  stopping: () => 'The bot is being restarted: try again in a minute.',
  'checkpoint-unusable': ({ problem }) =>
    `The half-made film cannot be gone on with (${problem}): it starts anew.`,
  'blob-damaged': () => 'A stored file is damaged: send the photo again.',
  'data-folder-in-use': ({ folder }) =>
    `Another Gramzoom works on ${folder}: stop it first, or choose another folder with DATA_DIR.`,
  'database-newer': ({ folder, version, known }) =>
    `The database in ${folder} was written by a newer Gramzoom (format ${version}, this one knows ${known}): install that version again, or restore a backup.`,
  'database-damaged': ({ folder, problem }) =>
    `The database in ${folder} cannot be read (${problem}): restore a backup.`,
  'record-damaged': ({ record, problem }) =>
    `The record of ${record} is damaged (${problem}): send the photo again, or restore a backup.`,
  'chat-unreachable': ({ platform, reason }) =>
    `${platform} cannot be reached (${reason}): trying again later.`,
  'chat-gone': ({ platform }) => `The place to answer in is gone from ${platform}.`,
  'foreign-host': ({ received }) =>
    `This page is not served under the name ${quoted(received)}: use its own address.`,
  'foreign-origin': ({ received }) => `Requests from ${quoted(received)} are not taken: use the page itself.`,
  'body-too-large': ({ maxBytes }) => `That is more than ${formatBytes(maxBytes)}: send a smaller photo.`,
  'body-invalid': ({ problem }) => `The request cannot be read: ${problem}.`,
  'media-type': ({ expected, received }) => `Send ${expected}, not ${quoted(received)}.`,
  internal: ({ reason }) => `Something went wrong inside (${reason}): try again, and report it if it stays.`,
};

/** One sentence for a person: what is wrong and what to do about it. */
export const errorSentence = (
  failure: Failure,
  { nameField = (field) => field }: { readonly nameField?: NameField } = {},
): string => {
  // The table is complete and typed code by code, which the compiler cannot follow through an index.
  const sentence = sentences[failure.code] as (data: unknown, options: { nameField: NameField }) => string;
  return sentence(failure.data, { nameField });
};

const choiceBlock = (sentences: Readonly<Record<string, string>>): string =>
  Object.entries(sentences)
    .map(([choice, sentence]) => `  ${choice.padEnd(10)}${sentence}\n`)
    .join('');

/** What the command line says when all is well. */
export const commandLine = {
  program: 'turns a photo into an endless neural zoom',
  photo: 'JPEG, PNG, WebP, AVIF, GIF or TIFF; - reads it from standard input',
  out: 'file to write; its ending says the format',
  poster: "PNG to write as well: the film's first frame",
  json: 'print one line of JSON about the file, and nothing else, on standard output',
  verbose: 'say more, and show where an error came from',
  version: 'print the version',
  help: 'print this help',
  otherwise,
  examples: [
    'gramzoom render cat.jpg --out zoom.gif',
    'gramzoom render cat.jpg --out zoom.webp --size 128 --frames 30 --seed 7',
    'gramzoom render cat.jpg --out zoom.gif --aspect photo --quality fine --poster zoom.png',
    'gramzoom render cat.jpg --out zoom.mp4 --direction out --max-bytes 8MB',
  ],
  notes:
    'What comes back of the photo at each --depth; gramzoom networks says which network offers what:\n' +
    choiceBlock(depthSentences) +
    '\nWhat you get for your time at each --quality:\n' +
    choiceBlock(qualitySentences) +
    '\nThe keys of --json describe the file as written: zoom is per written frame; seconds.total counts from the\n' +
    "start of the command; peakRssBytes is this process's peak memory plus that of the renderer's.\n" +
    '--network also takes file:PATH, a safetensors file of your own with its description beside it. A network\n' +
    'that is not here is downloaded first, once.\n' +
    'The settings THREADS, ENGINE, NETWORK, NETWORK_MIRROR, DATA_DIR and MAX_PHOTO_BYTES are read from the\n' +
    'environment or from a file .env.\n\n' +
    'Exit status: 0 done, 2 bad input or usage, 1 any other failure, 130 interrupted.\n\n' +
    'Examples:',
  usage: (problem: string, command = 'render'): string =>
    `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, '')}; see gramzoom ${command} --help.`,
  nothingToDo: 'Say what to do, such as gramzoom render cat.jpg --out zoom.gif; see gramzoom --help.',
  overwritesPhoto: 'The output would replace the photo: choose another name for --out.',
  posterOverwritesPhoto: 'The poster would replace the photo: choose another name for --poster.',
  posterOverwritesFilm: 'The poster would replace the film: choose another name for --poster.',
  stages: { start: 'first frame', frames: 'frame', encode: 'writing the file' },
  left: (seconds: number): string =>
    seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`,
  started: (data: {
    readonly engine: string;
    readonly threads: number;
    readonly frames: number;
    readonly width: number;
    readonly height: number;
  }): string =>
    `Rendering ${data.frames} frames of ${data.width} x ${data.height} with ${data.engine} on ${data.threads} ${data.threads === 1 ? 'thread' : 'threads'}.`,
  framesDone: (done: number, frames: number): string => `Frame ${done} of ${frames}.`,
  encoding: 'Writing the file.',
  details: (film: {
    readonly network: string;
    readonly depth: string;
    readonly quality: string;
    readonly engine: string;
    readonly threads: number;
    readonly styleLoss: number;
    readonly seamRatio: number | null;
    readonly seconds: { readonly start: number; readonly frames: number; readonly encode: number };
    readonly peakRssBytes: number;
  }): string =>
    [
      `network ${film.network}, depth ${film.depth}, quality ${film.quality}, engine ${film.engine}, ${film.threads} threads`,
      `start ${film.seconds.start} s, frames ${film.seconds.frames} s, encode ${film.seconds.encode} s`,
      `style loss ${film.styleLoss}, seam ratio ${film.seamRatio ?? 'none'}, peak memory ${formatBytes(film.peakRssBytes)}`,
    ].join('\n'),
} as const;

/** The last line: `zoom.gif: 256 x 256, 48 frames, 2.4 s loop, 4.1 MB, seed 123 (31 s)`. */
export const summaryLine = (film: {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
  readonly bytes: number;
  readonly seed: number;
  readonly seconds: { readonly total: number };
}): string => {
  const seconds = (value: number): string => `${Number(value.toPrecision(2))} s`;
  const length =
    film.frames > 1 ? [`${film.frames} frames`, `${seconds(film.frames / film.fps)} loop`] : ['one frame'];
  const facts = [`${film.width} x ${film.height}`, ...length, formatBytes(film.bytes), `seed ${film.seed}`];
  return `${film.file}: ${facts.join(', ')} (${seconds(film.seconds.total)})`;
};

/** `about 40 s`, `about 2 min`, `about 3 h`: no more exact than it is known. */
export const aboutSeconds = (seconds: number): string => {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
};

/** `, about 40 s left`; nothing where it is not known. */
export const until = (etaSeconds: number | null, what: string): string =>
  etaSeconds === null ? '' : `, ${aboutSeconds(etaSeconds)} ${what}`;

/** What the bot says about a render, in one sentence. */
export const renderSentence = (
  body: MessageBody,
  options: { readonly nameField?: NameField } = {},
): string => {
  switch (body.kind) {
    case 'fetching':
      return 'Looking at the photo…';
    case 'waiting':
      return body.position === 1
        ? `Next in line${until(body.etaSeconds, 'until it is done')}.`
        : `Number ${body.position} of ${body.total} in line${until(body.etaSeconds, 'until it is done')}.`;
    case 'running':
      return body.framesDone === 0
        ? `Painting the first frame${until(body.etaSeconds, 'left')}.`
        : `Frame ${body.framesDone} of ${body.frames}${until(body.etaSeconds, 'left')}.`;
    case 'progress':
      return body.framesDone === 0
        ? 'The first frame takes shape.'
        : `Frame ${body.framesDone} of ${body.frames}.`;
    case 'film':
      return 'The film is ready.';
    case 'failed':
      return errorSentence(body.failure, options);
    case 'cancelled':
      return 'Cancelled.';
    case 'expired':
      return 'The film is no longer kept: re-roll it, or send the photo again.';
    default:
      return body satisfies never;
  }
};

/** The words of the local chat page. */
export const webPage = {
  title: (room: string): string => `${room} · Gramzoom`,
  bot: 'Gramzoom',
  botBadge: 'bot',
  tagline: 'Endless neural zooms',
  skip: 'Skip to the message box',
  rooms: 'Rooms',
  room: (name: string): string => `Messages in ${name}`,
  thread: 'Thread',
  actions: {
    reroll: { label: 'Re-roll', help: 'The same photo with a new seed' },
    cancel: { label: 'Cancel', help: 'Stop this render' },
    delete: { label: 'Delete', help: 'Remove this film for everyone' },
    download: { label: 'Download', help: 'Save the film' },
  },
  pictureSoFar: (about: string): string => `The picture so far: ${about}`,
  film: {
    alt: (about: string): string => `Endless zoom: ${about}`,
    seed: (seed: number): string => `seed ${seed}`,
    sides: (width: number, height: number): string => `${width} x ${height}`,
    seconds: (seconds: number): string =>
      seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`,
    parent: (id: string): string => `re-roll of ${id}`,
    play: 'Play the film',
  },
  photo: (name: string): string => `Photo from ${name}`,
  welcome: {
    heading: (room: string): string => `Welcome to ${room}`,
    text: 'Send a photo and Gramzoom paints a zoom into it that never ends.',
    hint: 'Drop a photo anywhere, paste one, or pick one below.',
  },
  composer: {
    label: 'Message',
    form: 'New message',
    placeholder: 'Add a photo, or type /',
    addPhoto: 'Add a photo',
    removePhoto: 'Remove the photo',
    preview: 'Preview of your photo',
    options: 'Options',
    standard: (value: string): string => `${value} (default)`,
    absent: (value: string, size: string): string => `${value} (${size} to fetch first)`,
    otherwise: { ...otherwise, seed: 'new each time' } as Readonly<Record<string, string>>,
    tooLarge: (most: string): string => `The photo is too large: at most ${most} are accepted.`,
    send: 'Send',
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
    unreachable: 'The bot cannot be reached: it was not sent; try again.',
    reconnecting: 'Connection lost. Reconnecting…',
    newMessages: 'New messages',
    noScript: 'Without JavaScript this page shows nothing new by itself: reload it to see more.',
  },
  problem: {
    heading: 'That did not work',
    notFound: 'There is no page at this address.',
    back: 'Back to the chat',
  },
} as const;

/** What the bot says when it starts and stops. */
export const botLines = {
  command: 'run the bot, with its chat page, until it is stopped',
  help:
    'Settings are read from the environment or from a file .env; .env.example explains each of them.\n' +
    'Exit status: 0 stopped, 2 bad settings, 1 any other failure.',
  started: ({ page, operations }: { readonly page: string | null; readonly operations: string }): string =>
    page
      ? `Gramzoom runs: chat page on ${page}; no Discord or Slack token set.`
      : `Gramzoom runs without a chat page (WEB=off), health and metrics on ${operations}; no Discord or Slack token set.`,
  tookUp: (renders: number): string =>
    `It took up ${renders} ${renders === 1 ? 'render' : 'renders'} where ${renders === 1 ? 'it was' : 'they were'}.`,
  stopping: 'Stopping: what renders now is put aside and goes on at the next start.',
  portTaken: 'a port that no other program uses',
  hostUnknown: 'an address of this machine',
  portForbidden: 'a port that this user may listen on, such as 8484',
} as const;
