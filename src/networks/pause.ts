import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Waits.
 * @throws GramzoomError `cancelled` as soon as the signal aborts
 */
export const pause = (
  delayMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      reject(new GramzoomError('cancelled', {}));
    };
    const timer = clock.after(delayMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
