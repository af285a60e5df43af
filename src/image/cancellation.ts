import { GramzoomError } from '../domain/errors.ts';

/** @throws GramzoomError `cancelled` once the signal has aborted */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new GramzoomError('cancelled', {}, { cause: signal.reason });
};

/**
 * Waits for work that cannot be stopped itself; what it still yields after an abort is dropped.
 * @throws GramzoomError `cancelled` as soon as the signal aborts
 */
export const orCancelled = async <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (!signal) return await work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new GramzoomError('cancelled', {}, { cause: signal.reason }));
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};
