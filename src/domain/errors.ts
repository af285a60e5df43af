import type { EligibilityProblem } from './contest/eligibility-problem.ts';
import type { ContestPhase } from './contest/phase.ts';
import type { Int8Obstacle, Precision } from './engines.ts';
import type { Expectation } from './expectation.ts';

/**
 * Why a platform does not take something for good: what is in it (explicit, blocked by rules of the place), the place
 * (locked, full), or none of these.
 */
export const chatRefusals = ['content', 'place', 'other'] as const;
export type ChatRefusal = (typeof chatRefusals)[number];

/** Why a backup cannot be made in a folder. */
export type BackupTargetProblem =
  | 'inside-data'
  | 'around-data'
  | 'not-folder'
  | 'not-written-out'
  | 'data-folder'
  | 'not-empty'
  | 'in-use';

/** What is wrong with a file of settings; of what stands in it only the number of a line. */
export type EnvironmentFileProblem =
  | { readonly kind: 'folder' | 'no-file' | 'no-text' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  | { readonly kind: 'no-setting' | 'open-quote'; readonly line: number };

/**
 * Every failure that this project knows, with the data its sentence needs. `messages/<language>.ts`
 * turns code and data into what a person reads; nothing here is a sentence.
 */
export type ErrorData = {
  'photo-missing': { path: string };
  'photo-is-folder': { path: string };
  'photo-unreadable': { path: string };
  /** A command that takes a photo came without one. */
  'photo-needed': Record<never, never>;
  /** A platform named a photo and left it out. */
  'photo-not-sent': Record<never, never>;
  'photo-empty': Record<never, never>;
  'photo-too-many-bytes': { bytes: number; maxBytes: number };
  'photo-too-many-pixels': { width: number; height: number; maxMegapixels: number };
  'photo-side-too-long': { width: number; height: number; maxSide: number };
  'photo-too-narrow': { width: number; height: number; maxAspect: number };
  /** `found` is a format's name, such as `svg`; null where the bytes are no picture that we know. */
  'photo-format': { found: string | null };
  'photo-heic': Record<never, never>;
  'photo-damaged': Record<never, never>;
  'photo-too-slow': { seconds: number };
  /** Opening it takes more memory than that. */
  'photo-too-heavy': { maxBytes: number };
  /** `field` is an option of a command; `expected` is what it takes. */
  'request-field': { field: string; expected: Expectation; received: string };
  /** Two fields of the request schema that say the same thing in different ways. */
  'request-fields': { field: string; other: string };
  usage: { problem: string };
  'output-extension': { path: string; offered: readonly string[] };
  'output-is-folder': { path: string };
  'output-folder-missing': { folder: string };
  'output-not-writable': { folder: string };
  'output-failed': { path: string; reason: string };
  /** `folder` is null for people who cannot reach the machine. */
  'disk-full': { folder: string | null };
  /** The disk does not work, or nothing can be written to it any more. */
  'storage-failed': Record<never, never>;
  'budget-too-small': { maxBytes: number; smallestBytes: number };
  'network-unknown': { name: string; known: readonly string[] };
  'network-missing': { name: string; path: string };
  'depth-not-offered': { network: string; depth: string; offered: readonly string[] };
  /** A network that has to be downloaded once, and could not be. `path`: where its file can be put by hand. */
  'network-absent': { name: string; bytes: number; url: string; path: string; reason: string };
  /** It is being downloaded; `percent` so far. */
  'network-fetching': { name: string; bytes: number; percent: number };
  /** Of all that is wrong with a network, for people who cannot reach the machine; `name` if it is known. */
  'network-not-here': { name: string | null };
  'network-damaged': { name: string; problem: string };
  /** The system opens no further file for this process, or for any. */
  'too-many-open-files': Record<never, never>;
  /** What this process writes for people or programs cannot be written. */
  'stdout-failed': { reason: string };
  /** The folder that a command was started in has been removed. */
  'working-folder-gone': Record<never, never>;
  'engine-unavailable': { engine: string; reason: string };
  /** A network that cannot be computed in the precision that was asked for. */
  'precision-unavailable': { name: string; precision: Precision; obstacle: Int8Obstacle };
  /** `reason` is for whoever runs it; null for people in a chat. */
  'engine-failed': { engine: string; reason: string | null };
  'out-of-memory': { size: number };
  'render-diverged': Record<never, never>;
  /** `signal` or exit status of the child that renders. */
  'render-crashed': { how: string };
  'render-stalled': { silentSeconds: number };
  'protocol-mismatch': { expected: number; received: string };
  /** `received` is empty where it is left out and needed, and null where it is a secret. */
  configuration: { key: string; expected: string; received: string | null };
  /** The bot cannot listen there: another program does, this user may not, or no such address is this machine's. */
  'address-unavailable': { host: string; port: number; problem: 'in-use' | 'forbidden' | 'unknown-host' };
  /** The file of settings is there and cannot be taken as it is. */
  'environment-file': { path: string; problem: EnvironmentFileProblem };
  cancelled: Record<never, never>;
  'command-unknown': { name: string; known: readonly string[] };
  /** `text` is no `option:value`; `example` is. */
  'option-malformed': { text: string; example: string };
  'option-twice': { option: string };
  'user-limit': { limit: number };
  'reaction-too-soon': { seconds: number };
  'server-limit': { limit: number };
  /** `work` and `most` are in films with the defaults; `fitting`: values of options that together would fit. */
  'too-much-work': { work: number; most: number; fitting: Readonly<Record<string, number>> };
  'not-found': Record<never, never>;
  /** There is no contest in that server, or none that is open. */
  'contest-none': Record<never, never>;
  /** A server has one contest at a time. */
  'contest-running': { theme: string };
  /** It is not the time for that. */
  'contest-phase': { phase: ContestPhase };
  /** Who may do it. */
  'contest-right': { needs: 'host' | 'moderator' };
  /** The rules of the contest keep somebody from entering or voting; `needs` is a number of days or a role's name. */
  'contest-not-eligible': { reason: EligibilityProblem; needs: string };
  /** They have entered as many films as they may. */
  'contest-entries': { most: number };
  /** The rules of the contest ask for another value of an option. */
  'contest-fixed': { field: string; needs: string; received: string };
  /** A moment that somebody named: it is over, or comes before what it has to follow, or is too far away. */
  'contest-moment': { field: string; problem: 'past' | 'order' | 'far'; received: string };
  /** `received` is no role there; null where the platform has no roles. */
  'contest-role': { received: string | null };
  /** A film of somebody else or from another server. */
  'contest-film': { problem: 'not-yours' | 'elsewhere' | 'not-here' };
  'contest-own-vote': Record<never, never>;
  /** An entry that cannot be voted for (any more). */
  'contest-not-in': Record<never, never>;
  /** To whoever cancels without saying what. */
  'nothing-running': Record<never, never>;
  'not-yours': Record<never, never>;
  /** The server does not let them use the command there. */
  'command-denied': { readonly command: string };
  /** Only whoever the photo is from may delete it with everything made of it. */
  'not-your-photo': Record<never, never>;
  'not-ready': Record<never, never>;
  'already-finished': Record<never, never>;
  'largest-already': { size: number };
  'photo-expired': Record<never, never>;
  'result-expired': Record<never, never>;
  /** Somebody took its message away. */
  'film-deleted': Record<never, never>;
  stopping: Record<never, never>;
  'checkpoint-unusable': { problem: string };
  'blob-damaged': { blob: string };
  'data-folder-in-use': { folder: string };
  /** The file by which a folder is locked is there and cannot be used; nothing is stored in it. */
  'lock-unusable': { path: string; reason: string };
  'database-newer': { folder: string; version: number; known: number };
  'database-damaged': { folder: string; problem: string };
  /** There is nothing in the data folder that could be saved. */
  'backup-nothing': { folder: string };
  'backup-target': { folder: string; problem: BackupTargetProblem };
  /** One row that cannot be read; the others can. `record` is a kind and an id. */
  'record-damaged': { record: string; problem: string };
  /** What the bot may not do where it was asked, and cannot do without. */
  'permissions-missing': { permissions: readonly string[] };
  /** A film that the platform does not take, although its limit was kept to: the limit has changed meanwhile. */
  'file-too-large': { bytes: number };
  /** Somebody takes no direct messages from the bot. */
  'messages-closed': Record<never, never>;
  /**
   * A platform does not let the bot in with the token in that setting. `advice` is the adapter's, for whoever runs the
   * bot, and so in English: what to do, without a full stop.
   */
  'token-refused': { platform: string; key: string; advice: string };
  /** A platform does not let the bot in as it is set up there. `advice` as above. */
  'setup-refused': { platform: string; advice: string };
  /** It may work later. `reason` is for whoever runs the bot; null for people in a chat. */
  'chat-unreachable': { platform: string; reason: string | null };
  /** The platform never takes it there, whatever is tried. */
  'chat-refused': { platform: string; reason: ChatRefusal };
  /** The place, the message or the person is not there (any more). */
  'chat-gone': { platform: string };
  'foreign-host': { received: string };
  'foreign-origin': { received: string };
  'body-too-large': { maxBytes: number };
  'body-invalid': { problem: string };
  /** So many photos are being received that there is no room for another one. */
  'uploads-busy': Record<never, never>;
  'media-type': { expected: string; received: string };
  /** `reason` is for whoever runs it; null for people in a chat. */
  internal: { reason: string | null };
};

export type ErrorCode = keyof ErrorData;

/** Whether the same request may succeed when it is tried again. */
export type Retry = 'never' | 'later';

/** A code together with its data, as it crosses a process boundary or is stored. */
export type Failure = {
  readonly [C in ErrorCode]: { readonly code: C; readonly data: ErrorData[C] };
}[ErrorCode];

const worthRetrying: ReadonlySet<ErrorCode> = new Set([
  'disk-full',
  'storage-failed',
  'out-of-memory',
  'render-crashed',
  'too-many-open-files',
  'render-stalled',
  'engine-failed',
  'user-limit',
  'reaction-too-soon',
  'server-limit',
  'stopping',
  'uploads-busy',
  'chat-unreachable',
  'network-absent',
  'network-fetching',
  'network-not-here',
]);

/** The one error type. The cause, if any, is for the log and never for the person who asked. */
export class GramzoomError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly data: ErrorData[C];
  readonly retry: Retry;

  constructor(code: C, data: ErrorData[C], options: { cause?: unknown } = {}) {
    super(`${code} ${JSON.stringify(data)}`, options);
    this.name = 'GramzoomError';
    this.code = code;
    this.data = data;
    this.retry = worthRetrying.has(code) ? 'later' : 'never';
  }
}

/** Whether words, or a system's name for an error, say that no further file can be opened. */
export const tellsOfOpenFiles = (words: string): boolean =>
  /\b(?:EMFILE|ENFILE)\b|too many open files/i.test(words);

/** Libraries wrap what the system said in errors of their own. */
const lacksFiles = (thrown: unknown): boolean => {
  if (typeof thrown === 'string') return tellsOfOpenFiles(thrown);
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  const { message } = thrown;
  return tellsOfOpenFiles(code) || tellsOfOpenFiles(message) || lacksFiles(thrown.cause);
};

/**
 * The only catch-all: whatever was thrown, as a GramzoomError. An abort becomes `cancelled`, and whatever failed
 * because no file could be opened `too-many-open-files`.
 */
export const toGramzoomError = (thrown: unknown): GramzoomError => {
  if (lacksFiles(thrown)) return new GramzoomError('too-many-open-files', {}, { cause: thrown });
  if (thrown instanceof GramzoomError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new GramzoomError('cancelled', {}, { cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new GramzoomError('internal', { reason }, { cause: thrown });
};

/** The part of an error that may leave the process. */
export const toFailure = (error: GramzoomError): Failure =>
  ({ code: error.code, data: error.data }) as Failure;

/** The error that a failure stood for. */
export const fromFailure = (failure: Failure): GramzoomError => new GramzoomError(failure.code, failure.data);
