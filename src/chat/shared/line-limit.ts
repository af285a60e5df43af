import type { Clock } from '../../ports/clock.ts';

/** Every event of a kind may be unreadable from one day to the next: one line in a while tells as much. */
const everyMs = 60_000;

/** Says how many were passed over since the last line of a type; null: one was written a moment ago. */
export const createLineLimit = (clock: Pick<Clock, 'now'>): ((type: string) => number | null) => {
  const last = new Map<string, { readonly at: number; passedOver: number }>();
  return (type) => {
    const before = last.get(type);
    if (before && clock.now() - before.at < everyMs) {
      before.passedOver += 1;
      return null;
    }
    last.set(type, { at: clock.now(), passedOver: 0 });
    return before?.passedOver ?? 0;
  };
};
