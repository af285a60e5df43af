import type { Clock } from '../ports/clock.ts';

/**
 * What some work gives, or `otherwise` once it has taken longer: then it goes on, and nobody waits for it.
 * @throws what the work throws, where that is in time
 */
export const within = async <T>(
  work: Promise<T>,
  {
    clock,
    ms,
    otherwise,
  }: { readonly clock: Pick<Clock, 'after'>; readonly ms: number; readonly otherwise: T },
): Promise<T> => {
  const late = Promise.withResolvers<T>();
  const timer = clock.after(ms, () => late.resolve(otherwise));
  // What comes too late may be an error, which is nobody's then.
  work.catch(() => {});
  return await Promise.race([work, late.promise]).finally(() => timer.cancel());
};
