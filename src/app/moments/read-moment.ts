import { Temporal } from 'temporal-polyfill';
import type { ContestMoment } from '../../domain/contest/contest.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { countCalled, unitCalled } from './moment-words.ts';
import { type Day, readDayAndTime, readTime, type Time } from './named-day.ts';
import { momentAt, momentOfZoned } from './wall-time.ts';

/** What a day means that is named without a time: its first minute, or its last one. */
const wholeDayTimes = { begins: { hour: 0, minute: 0 }, ends: { hour: 23, minute: 59 } } as const;

const zonedAt = (date: Temporal.PlainDate, { hour, minute }: Time, zone: string): Temporal.ZonedDateTime =>
  date
    .add({ days: hour === 24 ? 1 : 0 })
    .toPlainDateTime({ hour: hour % 24, minute })
    .toZonedDateTime(zone, { disambiguation: 'compatible' });

/** The nearest of several days that is not over; undefined where all are, or where the calendar has none of them. */
const nearest = (
  dates: readonly (() => Temporal.PlainDate)[],
  time: Time,
  now: Temporal.ZonedDateTime,
): Temporal.ZonedDateTime | undefined => {
  for (const dateOfTry of dates) {
    try {
      const moment = zonedAt(dateOfTry(), time, now.timeZoneId);
      if (Temporal.ZonedDateTime.compare(moment, now) > 0) return moment;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
};

const onDay = (day: Day, time: Time, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime | undefined => {
  const today = now.toPlainDate();
  const date = (fields: { readonly year: number; readonly month: number; readonly day: number }) =>
    Temporal.PlainDate.from(fields, { overflow: 'reject' });
  switch (day.kind) {
    case 'in-days':
      return zonedAt(today.add({ days: day.days }), time, now.timeZoneId);
    case 'weekday': {
      const days = (day.weekday - today.dayOfWeek + 7) % 7;
      const tries = day.isNext && days === 0 ? [7] : [days, days + 7];
      return nearest(
        tries.map((ahead) => () => today.add({ days: ahead })),
        time,
        now,
      );
    }
    case 'date': {
      const { year, month, day: dayOfMonth } = day;
      if (year !== undefined) return zonedAt(date({ year, month, day: dayOfMonth }), time, now.timeZoneId);
      // Eight years have a 29 February, also around 2100.
      const years = Array.from({ length: 9 }, (_, ahead) => today.year + ahead);
      return nearest(
        years.map((each) => () => date({ year: each, month, day: dayOfMonth })),
        time,
        now,
      );
    }
    default:
      return day satisfies never;
  }
};

/** `3 days`, `in 3d 12h`, `eine Woche und zwei Tage`; days are those of the calendar, hours those of a clock. */
const readDuration = (text: string, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime | undefined => {
  const words = text
    .replace(/^(?:in )?(?:an? |eine[rnms]? )?(?=hal[fb])/, '')
    .replace(/^in /, '')
    .replace(/^half an? /, 'half ')
    .replace(/(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)/gu, ' ')
    .replace(/ (?:and|und)(?= )/g, '')
    .split(' ');
  if (words.length % 2 !== 0) return undefined;
  let moment = now;
  for (let i = 0; i < words.length; i += 2) {
    const [count, unit] = [countCalled(words[i] ?? ''), unitCalled(words[i + 1] ?? '')];
    if (count === undefined || unit === undefined || count === 0) return undefined;
    if (Number.isInteger(count)) moment = moment.add({ [unit]: count });
    else if (unit === 'months') return undefined;
    else moment = moment.add({ minutes: Math.round(count * minutesOf[unit]) });
  }
  return moment;
};

const minutesOf = { minutes: 1, hours: 60, days: 24 * 60, weeks: 7 * 24 * 60 } as const;

/** What a chat's own notation and pickers give: seconds since 1970. Thirteen digits are milliseconds. */
const readInstant = (text: string): number | undefined => {
  const digits = /^(?:<t:(\d{9,11})(?::[a-z])?>|(\d{9,11}|\d{13}))$/i.exec(text);
  const number = digits?.[1] ?? digits?.[2];
  if (number !== undefined) return Number(number) * (number.length === 13 ? 1 : 1000);
  if (!/^\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:\d\d)$/i.test(text)) return undefined;
  return Temporal.Instant.from(text).epochMilliseconds;
};

const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\d{4}-\d\d-\d\d)t(?=\d)/, ' ')
    .replace(/\b(a|p)\.m\.?/g, '$1m')
    .replace(/,(?!\d)/g, ' ')
    .replace(/(?<=^|\s)(?:at|on|um|until|till|bis|zum|(?<!\d )am|den|dem|the)(?=\s)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const read = (
  text: string,
  { zone, now, wholeDay }: { readonly zone: string; readonly now: number; readonly wholeDay: Time },
): ContestMoment | undefined => {
  const instant = readInstant(text.trim());
  if (instant !== undefined) return momentAt(instant, zone);
  const words = normalised(text);
  const start = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const later = readDuration(words, start);
  if (later) return momentAt(later.epochMilliseconds, zone);
  const alone = readTime(words);
  const found = alone ? undefined : readDayAndTime(words);
  const moment = alone
    ? nearest(
        [0, 1].map((days) => () => start.toPlainDate().add({ days })),
        alone,
        start,
      )
    : found && onDay(found.day, found.time ?? wholeDay, start);
  return moment && momentOfZoned(moment);
};

/**
 * A moment that somebody typed, in English or German: `2026-10-31 18:00`, `31.10. 18 Uhr`, `Oct 31 6pm`, `friday 18:00`,
 * `18:00`, `in 3 days`, or seconds since 1970. Where the day or the year is left out, it is the next one. It may be over.
 * @param options `now`: milliseconds since 1970; `zone`: an IANA name, see `readZone`; `field`: the option that it was
 * given in; `wholeDay`: whether a day without a time is meant from its beginning or to its end
 * @throws GramzoomError `request-field` where it is no moment
 */
export const readMoment = (
  text: string,
  {
    zone,
    now,
    field,
    wholeDay = 'ends',
  }: {
    readonly zone: string;
    readonly now: number;
    readonly field: string;
    readonly wholeDay?: keyof typeof wholeDayTimes;
  },
): ContestMoment => {
  const unreadable = new GramzoomError('request-field', {
    ...{ field, expected: { kind: 'moment' }, received: text },
  });
  try {
    const moment = read(text, { zone, now, wholeDay: wholeDayTimes[wholeDay] });
    if (moment) return moment;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw unreadable;
};
