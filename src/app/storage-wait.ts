import { retryWithBackoff } from '../concurrency/backoff.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppLog } from '../ports/log.ts';
import { isStorageTrouble } from './retry.ts';

/**
 * Tries again until something can be stored: what was accepted waits for room.
 * @param options.onWait is told when it begins to wait, and when that is over
 * @throws GramzoomError `cancelled` once the signal aborts; what `work` throws for any other reason
 */
export const whenThereIsRoom = async <T>(
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
