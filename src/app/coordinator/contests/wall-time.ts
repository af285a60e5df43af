import type { ContestMoment } from '../../../domain/contest/contest.ts';
import type { Clock } from '../../../ports/clock.ts';

/** A moment with its wall time in a zone, such as `2026-10-31T18:00`. */
export const momentAt = (at: number, zone: string): ContestMoment => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, hourCycle: 'h23', calendar: 'iso8601' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { at, wall: `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}` };
};

export const momentNow = (clock: Pick<Clock, 'wallTime'>, zone: string): ContestMoment =>
  momentAt(clock.wallTime(), zone);
