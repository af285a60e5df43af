import type { ErrorCode } from '../domain/errors.ts';

/** The request, its files or its place were at fault: another command would work. */
const badInput = 2;
/** This program or this machine failed. */
const failure = 1;

const exitCodes: Readonly<Record<Exclude<ErrorCode, 'cancelled'>, 1 | 2>> = {
  'photo-missing': badInput,
  'photo-is-folder': badInput,
  'photo-unreadable': badInput,
  'photo-empty': badInput,
  'photo-too-many-bytes': badInput,
  'photo-too-many-pixels': badInput,
  'photo-side-too-long': badInput,
  'photo-too-narrow': badInput,
  'photo-format': badInput,
  'photo-heic': badInput,
  'photo-damaged': badInput,
  'photo-too-slow': badInput,
  'request-field': badInput,
  usage: badInput,
  'output-extension': badInput,
  'output-is-folder': badInput,
  'output-folder-missing': badInput,
  'output-not-writable': badInput,
  'output-failed': badInput,
  'disk-full': badInput,
  'budget-too-small': badInput,
  'ffmpeg-missing': badInput,
  'ffmpeg-failed': failure,
  'network-unknown': badInput,
  'network-missing': failure,
  'network-damaged': failure,
  'engine-unavailable': failure,
  'engine-failed': failure,
  'out-of-memory': failure,
  'render-diverged': failure,
  'render-crashed': failure,
  'render-stalled': failure,
  'protocol-mismatch': failure,
  configuration: badInput,
  internal: failure,
};

/** As shells count it: 128 plus the signal's number. */
const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The signals that cancel a render. */
export type CancelSignal = keyof typeof signalExitCodes;
export const cancelSignals = Object.keys(signalExitCodes) as readonly CancelSignal[];

/** The status that the process ends with; `signal` is the one that cancelled the render, if any. */
export const exitCode = (code: ErrorCode, signal: CancelSignal = 'SIGINT'): number =>
  code === 'cancelled' ? signalExitCodes[signal] : exitCodes[code];
