import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Waits on a clock that is handed in. @throws GramzoomError `cancelled` as soon as the signal aborts */
export const pause = (
  clock: Clock,
  delayMs: number,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      timer.cancel();
      reject(new GramzoomError('cancelled', {}, { cause: signal.reason }));
    };
    const timer = clock.after(delayMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
