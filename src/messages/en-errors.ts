/** English sentences for errors, one per code. Long because it is one table: whoever looks for a code finds it here. */

import { formatBytes } from '../domain/bytes.ts';
import type { Int8Obstacle } from '../domain/engines.ts';
import type { BackupTargetProblem, ChatRefusal } from '../domain/errors.ts';
import type { Expectation } from '../domain/expectation.ts';
import { contestSentences } from './en-contest-errors.ts';
import { commands, listed } from './en-options.ts';
import { type ErrorSentences, isOwnWords } from './error-sentences.ts';
import { createListed, createQuoted, upwards } from './phrases.ts';

const quoted = createQuoted('"', '"');

const grouped = (value: number): string => value.toLocaleString('en-US');

const size = (width: number, height: number): string => `${grouped(width)} x ${grouped(height)} pixels`;

export const int8Obstacles: Readonly<Record<Int8Obstacle, string>> = {
  'max-pooling': 'max pooling',
  'no-relu': 'a convolution without a ReLU behind it',
  'lone-relu': 'a ReLU without a convolution in front of it',
  'first-layer': 'a first layer that is no convolution',
};

/** What an option takes. */
const taken = (expected: Expectation): string => {
  switch (expected.kind) {
    case 'number': {
      const { isWhole, min, max, multipleOf } = expected;
      const noun = multipleOf ? `a multiple of ${multipleOf}` : isWhole ? 'a whole number' : 'a number';
      return `${noun} from ${min} to ${max}`;
    }
    case 'seconds':
      return `seconds from ${expected.min} to ${expected.max} at ${expected.fps} frames per second`;
    case 'choice':
      return `one of ${expected.choices.join(', ')}`;
    case 'bytes':
      return `a size such as 10MB, at least ${formatBytes(expected.minBytes)}`;
    case 'network':
      return "a network's name";
    case 'render':
      return "a render's id";
    case 'text':
      return `a text of at most ${expected.max} letters`;
    case 'moment':
      return 'a time such as 2026-10-31 18:00, 31 October 18:00 or 3 days';
    case 'zone':
      return 'the name of a time zone, such as Europe/Berlin';
    case 'option':
      return `one of ${expected.known.join(', ')}`;
    case 'words':
      return expected.words;
    default:
      return expected satisfies never;
  }
};

const backupProblems: Readonly<Record<BackupTargetProblem, string>> = {
  'inside-data': 'which is inside the data folder: choose one outside of it',
  'around-data': 'which contains the data folder: choose another one',
  'not-folder': 'which is a file: choose a folder',
  'not-written-out': 'which only a shell would understand: write the path out',
  'data-folder': 'which a bot has used as its data folder: choose another one',
  'not-empty': 'which contains other files: choose an empty folder, a new one or that of an earlier backup',
  'in-use': 'where another backup is running: wait for it, or choose another folder',
};

const because = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);

const refusals: Readonly<Record<ChatRefusal, (platform: string) => string>> = {
  content: (platform) =>
    `${platform} or the rules of this place blocked the result: re-roll it, or use another photo.`,
  place: (platform) =>
    `${platform} no longer lets me post here, because this place is locked or full: ask for it somewhere else.`,
  other: (platform) => `${platform} rejected the result: re-roll it, or ask for it somewhere else.`,
};

/** `512 px with 48 frames at 4 steps`: what of each option would fit. */
const amounts = ({ size: side, frames, steps }: Readonly<Record<string, number>>): string =>
  [
    `${side} px`,
    ...(frames === undefined ? [] : [`with ${frames} frames`]),
    `at ${steps} ${steps === 1 ? 'step' : 'steps'}`,
  ].join(' ');

/** Of a command that makes something: as people type it in this language. */
const commandName = (command: string): string =>
  Object.entries(commands).find(([name]) => name === command)?.[1].name ?? commands.gramzoom.name;

export const sentences: ErrorSentences = {
  ...contestSentences,
  'photo-missing': ({ path }) => `There is no photo at ${path}: check the path.`,
  'photo-is-folder': ({ path }) => `${path} is a folder: name the photo in it.`,
  'photo-unreadable': ({ path }) => `${path} cannot be read: check its permissions, or use a copy.`,
  'photo-needed': () => 'Add a photo: without one there is nothing to zoom into.',
  'photo-not-sent': () => 'The photo did not arrive: use the command again, and attach the photo once more.',
  'photo-empty': () => 'The photo is empty (0 bytes arrived): send it again.',
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
      ? 'This is not a picture that can be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.'
      : `${found.toUpperCase()} files cannot be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.`,
  'photo-heic': () => 'This HEIC photo cannot be read here: send it as JPEG.',
  'photo-damaged': () => 'The photo is damaged or incomplete: send it again, or save a new copy first.',
  'photo-too-slow': ({ seconds }) =>
    `The photo took more than ${seconds} seconds to open: save it as a plain JPEG and send that.`,
  'photo-too-heavy': ({ maxBytes }) =>
    `The photo takes more than ${formatBytes(maxBytes)} of memory to open: save it as a plain JPEG and send that.`,
  'request-field': ({ field, expected, received }, { nameField }) => {
    if (expected.kind === 'option')
      return `There is no option ${quoted(nameField(field))}: ${expected.known.length > 0 ? `choose ${listed(expected.known.map(nameField))}` : 'leave it out'}.`;
    return received === '' && isOwnWords(expected)
      ? `${nameField(field)} is missing: give ${taken(expected)}.`
      : `${nameField(field)} takes ${taken(expected)}, not ${quoted(received)}.`;
  },
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
    folder === null
      ? 'The disk here is full at the moment: try again later.'
      : `The disk that holds ${folder} is full: free some space, or choose another folder.`,
  'storage-failed': () =>
    'Nothing can be stored here at the moment (the log has the reason): try again later.',
  'budget-too-small': ({ maxBytes, smallestBytes }, { nameField }) =>
    `The file does not fit in ${formatBytes(maxBytes)}: the smallest that can be made has ` +
    `${formatBytes(smallestBytes)}; raise ${nameField('maxBytes')}, or ask for a smaller size or a shorter film.`,
  'network-unknown': ({ name, known }) =>
    `There is no network called ${quoted(name)}: choose ${listed(known)}.`,
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
    `${name ?? 'That network'} is not available at the moment (the log of the bot has the reason): use another network until then.`,
  'too-many-open-files': () =>
    'Too many files are open: raise the limit (ulimit -n 4096), or end other programs, then try again.',
  'stdout-failed': ({ reason }) =>
    `Standard output could not be written (${reason}): send it to another place.`,
  'working-folder-gone': () => 'The current folder no longer exists: change to another one, then try again.',
  'engine-unavailable': ({ engine, reason }) =>
    `The engine ${engine} does not work on this machine (${reason}): choose another one.`,
  'precision-unavailable': ({ name, precision, obstacle }) =>
    `${name} cannot be computed in ${precision} (${int8Obstacles[obstacle]}): set PRECISION to auto or float, or use another network.`,
  'engine-failed': ({ engine, reason }) => `The engine ${engine} failed${because(reason)}: try again.`,
  'out-of-memory': ({ size: side }) =>
    `There is not enough memory for ${side} x ${side} pixels: ask for a smaller size or a shorter film.`,
  'render-diverged': () => 'The optimisation failed, as happens with a few seeds: try another seed.',
  'render-crashed': ({ how }) =>
    how === 'SIGKILL'
      ? 'The renderer was killed, most likely because memory ran out: ask for a smaller size.'
      : `The renderer crashed (${how}): try again.`,
  'render-stalled': ({ silentSeconds }) =>
    `The renderer did not respond for ${silentSeconds} seconds and was stopped: try again.`,
  'protocol-mismatch': ({ expected, received }) =>
    `The renderer has another version (${received} instead of ${expected}): install Gramzoom again.`,
  'address-unavailable': ({ host, port, problem }) =>
    ({
      'in-use': `Port ${port} is in use: set PORT to another.`,
      forbidden: `This user may not listen on port ${port}: set PORT to one such as 8484.`,
      'unknown-host': `${host} is not an address of this machine: set HOST to one that is, such as 127.0.0.1.`,
    })[problem],
  configuration: ({ key, expected, received }) => {
    if (received === null)
      return `The setting ${key} takes ${expected}: correct it in the environment or in .env.`;
    return received === ''
      ? `The setting ${key} is missing in the environment and in .env: set it to ${expected}.`
      : `The setting ${key} takes ${expected}, not ${quoted(received)}: correct it in the environment or in .env.`;
  },
  'environment-file': ({ path, problem }) => {
    switch (problem.kind) {
      case 'folder':
        return `${path} is a folder, not a file of settings: move it away, or start in another folder.`;
      case 'no-file':
        return `${path} is not a regular file: replace it by one, or remove it.`;
      case 'unreadable':
        return `${path} cannot be read (${problem.reason}): make it readable for this user, or remove it.`;
      case 'too-large':
        return `${path} is larger than ${formatBytes(problem.maxBytes)}, too large for settings: use a smaller file.`;
      case 'no-text':
        return `${path} is not text in UTF-8: save it again as UTF-8.`;
      case 'no-setting':
        return `Line ${problem.line} of ${path} is not a setting: write KEY=value, or put # in front of it.`;
      case 'open-quote':
        return `Line ${problem.line} of ${path} opens a quote that is not closed: close it.`;
      default:
        return problem satisfies never;
    }
  },
  cancelled: () => 'Cancelled.',
  'command-unknown': ({ name, known }) =>
    `There is no command ${quoted(name)}: choose ${listed(known.map((each) => `/${each}`))}.`,
  'option-malformed': ({ text, example }) => `${quoted(text)} is not an option: write one like ${example}.`,
  'option-twice': ({ option }, { nameField }) =>
    `${quoted(nameField(option))} is given twice: once is enough.`,
  'user-limit': ({ limit }) =>
    `You already have ${limit} ${limit === 1 ? 'render' : 'renders'} waiting or running, here and elsewhere: wait for one, or cancel it.`,
  'reaction-too-soon': ({ seconds }) =>
    `You have just reacted like that: take the emoji back and add it again in ${seconds} s.`,
  'server-limit': ({ limit }) =>
    `Here ${limit} ${limit === 1 ? 'render is' : 'renders are'} already waiting or running: try again when one is done.`,
  'too-much-work': ({ work, most, fitting }) =>
    `That would take ${upwards(work)} times the work of the default film, and the limit here is ${most}: ${amounts(fitting)} would fit.`,
  'not-found': (_, { writeCommand }) =>
    `There is no such render, or it no longer exists: ${writeCommand('mine')} lists yours.`,
  'nothing-running': (_, { writeCommand }) =>
    `You have nothing running: ${writeCommand('mine')} lists your renders.`,
  'command-denied': ({ command }) =>
    `You may not use /${commandName(command)} in that channel: whoever runs the server can allow it under Server Settings > Integrations.`,
  'not-yours': () => 'Only the person who asked for it can do that.',
  'not-your-photo': () =>
    'Only the person whose photo it is can delete it: you can delete just what you asked for.',
  'not-ready': () => 'It is not ready yet: wait for it.',
  'already-finished': () => 'It is already finished: there is nothing to cancel.',
  'largest-already': ({ size: side }) =>
    `It already has the largest size (${side} pixels): re-roll it for another one.`,
  'photo-expired': () => 'The photo is no longer stored: send it again.',
  'film-deleted': () => 'It was deleted in the chat: send the photo again for another one.',
  'result-expired': () => 'It is no longer stored: re-roll it, or send the photo again.',
  stopping: () => 'The bot is being restarted: try again in a minute.',
  'checkpoint-unusable': ({ problem }) =>
    `The unfinished render cannot be continued (${problem}): it starts again from the beginning.`,
  'blob-damaged': () => 'A stored file is damaged: send the photo again.',
  'data-folder-in-use': ({ folder }) =>
    `Another Gramzoom is using ${folder}: stop it first, or choose another folder with DATA_DIR.`,
  'lock-unusable': ({ path, reason }) =>
    `${path} cannot be used (${reason}): remove it and start again; nothing is stored in it.`,
  'backup-nothing': ({ folder }) =>
    `There is no database in ${folder}, so there is nothing to back up: set DATA_DIR to the data folder of the bot.`,
  'backup-target': ({ folder, problem }) =>
    `No backup can be made in ${quoted(folder)}, ${backupProblems[problem]}.`,
  'database-newer': ({ folder, version, known }) =>
    `The database in ${folder} was written by a newer Gramzoom (format ${version}, this one knows ${known}): install that version again, or restore a backup.`,
  'database-damaged': ({ folder, problem }) =>
    `The database in ${folder} cannot be read (${problem}): restore a backup.`,
  'record-damaged': () => 'What was stored about this render is damaged: send the photo again.',
  'permissions-missing': ({ permissions: missing }, { namePermission }) =>
    `I lack the ${missing.length === 1 ? 'permission' : 'permissions'} ${createListed('and')(missing.map((permission) => `"${namePermission(permission)}"`))} here: whoever runs this server can grant ${missing.length === 1 ? 'it' : 'them'}.`,
  'file-too-large': ({ bytes }) =>
    `The file has ${formatBytes(bytes)}, which is too large to be sent here: ask for a smaller size or a shorter film.`,
  'messages-closed': () =>
    'I cannot send you direct messages: allow them in the privacy settings of this server, then try again.',
  'token-refused': ({ platform, key, advice }) => `${platform} does not accept ${key}: ${advice}.`,
  'setup-refused': ({ platform, advice }) =>
    `${platform} does not let the bot in as it is set up there: ${advice}.`,
  'chat-unreachable': ({ platform, reason }) =>
    `${platform} cannot be reached${because(reason)}: trying again later.`,
  'chat-refused': ({ platform, reason }) => refusals[reason](platform),
  'chat-gone': ({ platform }) => `The place for the answer no longer exists on ${platform}.`,
  'foreign-host': ({ received }) =>
    `This page is not served under the name ${quoted(received)}: use its own address.`,
  'foreign-origin': ({ received }) =>
    `Requests from ${quoted(received)} are not accepted: use the page itself.`,
  'body-too-large': ({ maxBytes }) => `That is more than ${formatBytes(maxBytes)}: send a smaller photo.`,
  'body-invalid': ({ problem }) => `The request cannot be read: ${problem}.`,
  'uploads-busy': () => 'Too many photos are arriving at once: try again in half a minute.',
  'media-type': ({ expected, received }) => `Send ${expected}, not ${quoted(received)}.`,
  internal: ({ reason }) =>
    reason === null
      ? 'Something went wrong (the log of the bot has the reason): try again.'
      : `Something went wrong (${reason}): try again, and report it if it happens again.`,
};
