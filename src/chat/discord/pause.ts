import type { Clock } from '../../ports/clock.ts';

/**
 * Resolves after so long on the clock.
 * @throws AbortError at once where the signal says so
 */
export const pause = async (clock: Clock, ms: number, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = (): void => reject(signal?.reason);
  const timer = clock.after(ms, resolve);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await promise;
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', stop);
  }
};
