import { Temporal } from 'temporal-polyfill';
import type { ContestMoment } from '../../domain/contest/contest.ts';

/** A moment of a zone as a contest keeps it. */
export const momentOfZoned = (moment: Temporal.ZonedDateTime): ContestMoment => {
  if (moment.year < 1970 || moment.year > 9999)
    throw new RangeError('a year that is not written with four digits');
  return {
    at: moment.epochMilliseconds,
    wall: moment.toPlainDateTime().toString({ smallestUnit: 'minute' }),
  };
};

/** An instant (milliseconds since 1970) with its wall time in an IANA zone; part of a minute counts as a whole one. */
export const momentAt = (at: number, zone: string): ContestMoment =>
  momentOfZoned(
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .round({ smallestUnit: 'minute', roundingMode: 'ceil' }),
  );

/**
 * The moment of a wall time in an IANA zone. One that the clock leaves out is as much later as the clock goes forward;
 * one that there is twice is the first.
 * @param wall as `2026-10-31T18:00`
 */
export const momentOfWall = (wall: string, zone: string): ContestMoment =>
  momentOfZoned(Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, { disambiguation: 'compatible' }));
