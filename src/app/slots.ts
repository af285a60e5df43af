import { GramzoomError } from '../domain/errors.ts';

/** Lets so much be done at once and no more; the others wait, first come first served. */
export type Slots = {
  /** @throws GramzoomError `cancelled` where the signal aborts before it is its turn; what `work` throws */
  run<T>(work: () => Promise<T>, options: { readonly signal: AbortSignal }): Promise<T>;
};

export const createSlots = (count: number): Slots => {
  const waiting: (() => void)[] = [];
  let free = count;

  const take = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        const place = waiting.indexOf(begin);
        if (place >= 0) waiting.splice(place, 1);
        reject(new GramzoomError('cancelled', {}, { cause: signal.reason }));
      };
      if (signal.aborted) return giveUp();
      if (free > 0) {
        free -= 1;
        return resolve();
      }
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(begin);
    });

  return {
    run: async (work, { signal }) => {
      await take(signal);
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
};
