import type { ContestMoment } from '../domain/contest/contest.ts';
import type { NamedPerson, NamedScore } from '../domain/contest/post.ts';
import type { DateParts, SharedContestPhrases } from './contest-phrases.ts';
import type { Notation } from './names.ts';

type Names = {
  readonly phrases: SharedContestPhrases;
  readonly notation: Notation;
};

/** A zone that this machine no longer knows is left out: its moments are in UTC then. */
const formatIn = (locale: string, zone: string): Intl.DateTimeFormat => {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }
};

const partsOf = (at: number, format: Intl.DateTimeFormat): DateParts => {
  const parts = format.formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const [day, month, year, hour, minute] = ['day', 'month', 'year', 'hour', 'minute'].map(of) as [
    ...[string, string, string, string, string],
  ];
  return { day, month, year, hour, minute };
};

/** `31 October 2026, 18:00 (Europe/Berlin)`, or as the platform shows moments. */
export const momentText = (
  { at }: Pick<ContestMoment, 'at'>,
  zone: string,
  { phrases, notation }: Names,
): string => {
  if (notation.moment) return notation.moment(at);
  const format = formatIn(phrases.locale, zone);
  const shown = format.resolvedOptions().timeZone === 'UTC' ? 'UTC' : zone;
  return `${phrases.dateTime(partsOf(at, format))} (${shown})`;
};

/** `31 October 2026` */
export const dateText = (at: number, zone: string, { phrases }: Pick<Names, 'phrases'>): string =>
  phrases.date(partsOf(at, formatIn(phrases.locale, zone)));

/** Somebody as the platform names people, else by their name. */
export const personText = (person: NamedPerson, { person: name }: Notation): string =>
  name ? name(person) : person.name;

/** `Ada (No. 7)` */
export const scoreText = (
  { number, by }: Pick<NamedScore, 'number' | 'by'>,
  { phrases, notation }: Names,
): string => `${by ? personText(by, notation) : phrases.deleted} (${phrases.numbered(number)})`;
