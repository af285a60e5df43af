import { formatBytes } from '../domain/bytes.ts';
import type { ErrorCode, ErrorData, Failure } from '../domain/errors.ts';

/** How a place calls the request's fields: `--max-bytes` on the command line, `max_bytes` in a chat. */
export type NameField = (field: string) => string;

type Sentences = {
  readonly [C in ErrorCode]: (data: ErrorData[C], options: { readonly nameField: NameField }) => string;
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

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
    `The network ${name} cannot be opened: ${path} is missing; restore it from the project.`,
  'network-damaged': ({ name, problem }) =>
    `The network ${name} cannot be used: ${problem}; restore its files from the project.`,
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

/** What the command line says when all is well. */
export const commandLine = {
  program: 'turns a photo into an endless neural zoom',
  photo: 'JPEG, PNG, WebP, AVIF, GIF or TIFF; - reads it from standard input',
  out: 'file to write; its ending says the format',
  json: 'print one line of JSON about the file, and nothing else, on standard output',
  verbose: 'say more, and show where an error came from',
  version: 'print the version',
  help: 'print this help',
  otherwise: {
    seed: 'drawn anew each time',
    maxBytes: 'no limit',
  } as Readonly<Record<string, string>>,
  examples: [
    'gramzoom render cat.jpg --out zoom.gif',
    'gramzoom render cat.jpg --out zoom.webp --size 128 --frames 30 --seed 7',
    'gramzoom render cat.jpg --out zoom.mp4 --direction out --max-bytes 8MB',
  ],
  notes:
    'The keys of --json describe the file as written: zoom is per written frame; seconds.total counts from the\n' +
    "start of the command; peakRssBytes is this process's peak memory plus that of the renderer's.\n" +
    'The settings THREADS and ENGINE are read from the environment or from a file .env.\n\n' +
    'Exit status: 0 done, 2 bad input or usage, 1 any other failure, 130 interrupted.\n\n' +
    'Examples:',
  usage: (problem: string): string =>
    `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, '')}; see gramzoom render --help.`,
  nothingToDo: 'Say what to do, such as gramzoom render cat.jpg --out zoom.gif; see gramzoom --help.',
  overwritesPhoto: 'The output would replace the photo: choose another name for --out.',
  stages: { start: 'first frame', frames: 'frame', encode: 'writing the file' },
  left: (seconds: number): string =>
    seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`,
  started: (data: { readonly engine: string; readonly threads: number; readonly frames: number }): string =>
    `Rendering ${data.frames} frames with ${data.engine} on ${data.threads} ${data.threads === 1 ? 'thread' : 'threads'}.`,
  framesDone: (done: number, frames: number): string => `Frame ${done} of ${frames}.`,
  encoding: 'Writing the file.',
  details: (film: {
    readonly network: string;
    readonly engine: string;
    readonly threads: number;
    readonly styleLoss: number;
    readonly seamRatio: number | null;
    readonly seconds: { readonly start: number; readonly frames: number; readonly encode: number };
    readonly peakRssBytes: number;
  }): string =>
    [
      `network ${film.network}, engine ${film.engine}, ${film.threads} threads`,
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
