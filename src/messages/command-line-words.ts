import { formatBytes } from '../domain/bytes.ts';
import type { Precision, PrecisionReason } from '../domain/engines.ts';
import { defaultKind, type KindName, kindOf, type RenderReport } from '../domain/kinds.ts';
import type { Progress, ProgressUnit } from '../domain/progress.ts';
import { en } from './en.ts';
import { int8Obstacles } from './en-errors.ts';
import { createListed } from './phrases.ts';

const listedAnd = createListed('and');

const twoDigits = (value: number): string => value.toFixed(2);

const choiceBlock = (sentences: Readonly<Record<string, string>>): string =>
  Object.entries(sentences)
    .map(([choice, sentence]) => `  ${choice.padEnd(10)}${sentence}\n`)
    .join('');

/** What stands in `.env` and probably does not do what was meant. */
export type SettingDoubts = {
  readonly unknown: readonly { readonly key: string; readonly meant: string | undefined }[];
  /** Given more than once. */
  readonly repeated: readonly string[];
};

/** What the command line says when all is well. */
export const commandLine = {
  program: 'turns a photo into an endless neural zoom',
  photo: 'JPEG, PNG, WebP, AVIF, HEIC, GIF or TIFF; - reads it from standard input',
  out: 'file to write; its ending decides the format',
  poster: "PNG to write as well: the film's first frame",
  json: 'print one line of JSON about the file, and nothing else, on standard output',
  verbose: 'print more, and show where an error came from',
  version: 'print the version',
  help: 'print this help',
  examples: (gramzoom: string, kind: KindName): readonly string[] => {
    const { shellCommand, formats, sizes } = kindOf({ kind });
    const [format = ''] = formats;
    return kind === defaultKind
      ? [
          `${gramzoom} render cat.jpg --out zoom.gif`,
          `${gramzoom} render cat.jpg --out zoom.webp --size 128 --frames 30 --seed 7`,
          `${gramzoom} render cat.jpg --out zoom.gif --aspect photo --quality fine --poster zoom.png`,
          `${gramzoom} render cat.jpg --out zoom.mp4 --direction out --max-bytes 8MB`,
          `${gramzoom} render - --out zoom.gif < cat.jpg`,
        ]
      : [
          `${gramzoom} ${shellCommand} cat.jpg --out ${shellCommand}.${format}`,
          `${gramzoom} ${shellCommand} cat.jpg --out ${shellCommand}.${format} --size ${sizes.at(-1)} --quality fine --seed 7`,
          `${gramzoom} ${shellCommand} - --out ${shellCommand}.${format} < cat.jpg`,
        ];
  },
  notes: (gramzoom: string): string =>
    `How recognisable the photo stays at each --depth; ${gramzoom} networks says which network offers what:\n` +
    choiceBlock(en.depths) +
    '\nWhat you get for your time at each --quality:\n' +
    choiceBlock(en.qualities) +
    '\nThe keys of --json describe the file as written: zoom is per written frame; seconds.total counts from the\n' +
    "start of the command; peakRssBytes is this process's peak memory plus that of the renderer's.\n" +
    '--network also takes file:PATH, a safetensors file of your own with its description beside it. A network\n' +
    'that is not here is downloaded first, once.\n' +
    'The settings THREADS, ENGINE, PRECISION, NETWORK, NETWORK_MIRROR, DATA_DIR and MAX_PHOTO_BYTES are read\n' +
    'from the environment or from a file .env; .env.example explains each of them.\n\n' +
    'Exit status: 0 done, 2 bad input or usage, 1 any other failure, 130 interrupted.\n\n' +
    'Examples:',
  /** `help` is the command that prints it. */
  usage: (problem: string, help: string): string =>
    `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, '')}; see ${help}.`,
  nothingToDo: (gramzoom: string): string =>
    `Say what to do, such as ${gramzoom} render cat.jpg --out zoom.gif; see ${gramzoom} --help.`,
  /** npm keeps options for itself that have no `--` in front of them. */
  optionsEaten: (flags: readonly string[], typed: string): string =>
    `Type "${typed}": npm has kept ${listedAnd(flags)} for itself.`,
  stdin: 'Standard input',
  stdinTerminal: (gramzoom: string): string =>
    `Standard input is this terminal: name a photo instead of -, or type "${gramzoom} render - --out zoom.gif < cat.jpg".`,
  filmToStdout: 'Films and posters go to files, not to standard output: name one, such as zoom.gif.',
  overwritesPhoto: 'The output would replace the photo: choose another name for --out.',
  posterOverwritesPhoto: 'The poster would replace the photo: choose another name for --poster.',
  posterOverwritesFilm: 'The poster would replace the film: choose another name for --poster.',
  settingDoubts: ({ unknown, repeated }: SettingDoubts): string => {
    const names = unknown.map(({ key, meant }) => (meant ? `${key} (did you mean ${meant}?)` : key));
    const parts = [
      ...(names.length > 0
        ? [`unknown ${names.length === 1 ? 'setting' : 'settings'} ${names.join(', ')}`]
        : []),
      ...(repeated.length > 0 ? [`only the last value of ${repeated.join(', ')} counts`] : []),
    ];
    return `In .env: ${parts.join('; ')}.`;
  },
  stages: { start: 'first frame', frames: 'frame', levels: 'level', encode: 'writing the file' },
  left: (seconds: number): string =>
    seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`,
  started: (data: {
    readonly engine: string;
    readonly precision: Precision;
    readonly threads: number;
    readonly total: number;
    readonly unit: ProgressUnit;
    readonly width: number;
    readonly height: number;
  }): string =>
    `Rendering ${data.unit === 'frame' ? `${data.total} frames of ` : ''}${data.width} x ${data.height} with ${data.engine} (${data.precision}) on ${data.threads} ${data.threads === 1 ? 'thread' : 'threads'}.`,
  done: ({ done, total, unit }: Progress): string =>
    `${unit === 'frame' ? 'Frame' : 'Level'} ${done} of ${total}.`,
  encoding: 'Writing the file.',
  details: (report: ReportLine, reason: PrecisionReason | null): string =>
    [
      `network ${report.network}, depth ${report.depth}, quality ${report.quality}, engine ${report.engine}, ${report.precision}, ${report.threads} threads`,
      ...(reason ? [precisionWords(reason)] : []),
      Object.entries(report.seconds)
        .filter(([part]) => part !== 'total')
        .map(([part, seconds]) => `${part} ${seconds} s`)
        .join(', '),
      [
        `style loss ${report.styleLoss}`,
        ...(report.seamRatio !== undefined ? [`seam ratio ${report.seamRatio ?? 'none'}`] : []),
        `peak memory ${formatBytes(report.peakRssBytes)}`,
      ].join(', '),
    ].join('\n'),
} as const;

type ReportLine = Omit<RenderReport, 'engineVersion'> & { readonly seamRatio?: number | null };

/** What `auto` chose, and why. */
const precisionWords = (reason: PrecisionReason): string => {
  switch (reason.kind) {
    case 'quicker':
      return `int8, since a step takes ${twoDigits(reason.ratio)} of its time in float (gradients: cosine ${reason.cosine.toFixed(3)})`;
    case 'not-quicker':
      return `float, since a step in int8 takes ${twoDigits(reason.ratio)} of its time (gradients: cosine ${reason.cosine.toFixed(3)})`;
    case 'inaccurate':
      return `float, since the gradient in int8 points elsewhere (cosine ${reason.cosine.toFixed(3)})`;
    case 'unsupported':
      return `float, since int8 is not for ${int8Obstacles[reason.obstacle]}`;
    case 'failed':
      return `float, since int8 failed (${reason.problem})`;
    default:
      return reason satisfies never;
  }
};

/** The last line: `zoom.gif: 256 x 256, 48 frames, 2.4 s loop, 4.1 MB, seed 123 (31 s)`. */
export const summaryLine = (report: {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly frames?: number;
  readonly fps?: number;
  readonly bytes: number;
  readonly seed: number;
  readonly seconds: { readonly total: number };
}): string => {
  const { file, width, height, frames = 0, fps = 1, bytes, seed } = report;
  const seconds = (value: number): string => `${Number(value.toPrecision(2))} s`;
  const length = frames > 1 ? [`${frames} frames`, `${seconds(frames / fps)} loop`] : ['one frame'];
  const facts = [`${width} x ${height}`, ...(frames > 0 ? length : []), formatBytes(bytes), `seed ${seed}`];
  return `${file}: ${facts.join(', ')} (${seconds(report.seconds.total)})`;
};
