import type { ErrorCode } from '../domain/errors.ts';

/** The request, its files or its place were at fault: another command would work. */
const badInput = 2;
/** This program or this machine failed. */
const failure = 1;

const failures: ReadonlySet<ErrorCode> = new Set([
  'network-damaged',
  'engine-unavailable',
  'engine-failed',
  'out-of-memory',
  'too-many-open-files',
  'render-diverged',
  'render-crashed',
  'render-stalled',
  'protocol-mismatch',
  'internal',
  'blob-damaged',
  'database-damaged',
  'record-damaged',
  'token-refused',
  'setup-refused',
  'chat-unreachable',
  'chat-refused',
  'chat-gone',
  'checkpoint-unusable',
]);

/** As shells count it: 128 plus the signal's number. */
const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The signals that cancel a render. */
export type CancelSignal = keyof typeof signalExitCodes;
export const cancelSignals = Object.keys(signalExitCodes) as readonly CancelSignal[];

/** The status that the process ends with; `signal` is the one that cancelled the render, if any. */
export const exitCode = (code: ErrorCode, signal: CancelSignal = 'SIGINT'): number =>
  code === 'cancelled' ? signalExitCodes[signal] : failures.has(code) ? failure : badInput;
