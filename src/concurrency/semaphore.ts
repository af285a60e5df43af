import PQueue from 'p-queue';
import { GramzoomError } from '../domain/errors.ts';

/** Lets so much be done at once and no more; the others wait, first come first served. */
export class Semaphore {
  readonly #queue: PQueue;

  constructor(count: number) {
    this.#queue = new PQueue({ concurrency: count });
  }

  /** @throws GramzoomError `cancelled` where the signal aborts before it is its turn; what `work` throws */
  run<T>(work: () => Promise<T>, { signal }: { readonly signal: AbortSignal }): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(new GramzoomError('cancelled', {}, { cause: signal.reason }));
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      // Not the queue's own signal: that would let the next one begin while this one still goes on.
      void this.#queue.add(async () => {
        signal.removeEventListener('abort', giveUp);
        if (!signal.aborted) await work().then(resolve, reject);
      });
    });
  }
}
