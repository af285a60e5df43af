import { retryWithBackoff } from '../concurrency/backoff.ts';
import { type ErrorCode, GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppLog } from '../ports/log.ts';

/** How often a bug is tried again: it may have been chance, but it does not pass as trouble outside does. */
const mostTriesOfBugs = 5;
/** How often trouble outside is tried again: a minute apart, some three days. */
const mostTriesOfTrouble = 5000;
/** How often a photo is fetched: about an hour, since it holds a place in the queue meanwhile. */
export const mostFetches = 60;
/** How often deleting a message is tried, once in each sweep: some three days. */
export const mostErasures = 432;
/** How often a film is posted before its refusal counts as final. */
export const mostDeliveries = 5;

/** The number of failures in a row, in all processes, after which what fails like this is given up. */
export const mostTries = (code: ErrorCode): number =>
  code === 'internal' ? mostTriesOfBugs : mostTriesOfTrouble;

/** Whether something that failed like this may work the next time, so that it is tried again. */
export const isTransient = ({ code, retry }: Pick<GramzoomError, 'code' | 'retry'>): boolean =>
  retry === 'later' || code === 'internal';

const refusals: ReadonlySet<ErrorCode> = new Set([
  'chat-gone',
  'chat-refused',
  'permissions-missing',
  'file-too-large',
]);

/** Whether a chat has said no for good, so that trying again is of no use. */
export const isRefused = (error: unknown): error is GramzoomError =>
  error instanceof GramzoomError && refusals.has(error.code);

/** Whether what a message was to be put into is not there any more. */
export const isGone = (error: unknown): boolean =>
  error instanceof GramzoomError && error.code === 'chat-gone';

const storageTrouble: ReadonlySet<ErrorCode> = new Set([
  'disk-full',
  'output-not-writable',
  'storage-failed',
]);

/** Whether something could not be stored for want of disk space or for a fault of the disk, which somebody can mend. */
export const isStorageTrouble = (error: unknown): boolean =>
  error instanceof GramzoomError && storageTrouble.has(error.code);

/**
 * Tries again until something can be stored: what was accepted waits for space.
 * @param options.onWait is told when it begins to wait, and when that is over
 * @throws GramzoomError `cancelled` once the signal aborts; what `work` throws for any other reason
 */
export const whenThereIsSpace = async <T>(
  work: () => Promise<T>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly log: AppLog;
    readonly onWait: (waits: boolean) => void;
  },
): Promise<T> => {
  const { clock, signal, log, onWait } = options;
  let waits = false;
  try {
    return await retryWithBackoff(work, {
      clock,
      signal,
      longestMs: 10_000,
      isTransient: isStorageTrouble,
      onFailure: (error) => {
        waits = true;
        onWait(true);
        log.error('render: cannot be stored, waiting for disk space', { error });
      },
    });
  } finally {
    if (waits) {
      onWait(false);
      log.info('render: no longer waits for disk space');
    }
  }
};
