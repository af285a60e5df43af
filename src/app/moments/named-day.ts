/** Days and times of day as people type them; which instants they are depends on a zone and on now. */
import { daysUntil, monthCalled, weekdayCalled } from './moment-words.ts';

export type Time = { readonly hour: number; readonly minute: number };

/** A day as somebody named it; without a year it is the next one of that date. */
export type Day =
  | {
      readonly kind: 'date';
      readonly year?: number | undefined;
      readonly month: number;
      readonly day: number;
    }
  | { readonly kind: 'in-days'; readonly days: number }
  | { readonly kind: 'weekday'; readonly weekday: number; readonly isNext: boolean };

const hourOf = (digits: string, half: string | undefined): number => {
  const hour = Number(digits);
  if (half === undefined) return hour;
  return hour >= 1 && hour <= 12 ? (hour % 12) + (half === 'pm' ? 12 : 0) : Number.NaN;
};

/** A time of day: `18:00`, `6 pm`, `18.30 Uhr`. */
export const readTime = (text: string): Time | undefined => {
  if (/^(?:noon|mittags?)$/.test(text)) return { hour: 12, minute: 0 };
  if (/^(?:midnight|mitternacht)$/.test(text)) return { hour: 24, minute: 0 };
  const found =
    /^(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))(?::\d{2})? ?(?:(?<half>[ap]m)|uhr)$/.exec(text) ??
    /^(?<hour>\d{1,2}):(?<minute>\d{2})(?::\d{2}(?:\.\d+)?)?$/.exec(text) ??
    /^(?<hour>\d{1,2}) ?(?:(?<half>[ap]m)|uhr)(?: (?<minute>\d{2}))?$/.exec(text);
  if (!found?.groups) return undefined;
  const hour = hourOf(found.groups['hour'] ?? '', found.groups['half']);
  const minute = Number(found.groups['minute'] ?? 0);
  const isTime = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return isTime ? { hour, minute } : undefined;
};

const yearOf = (digits: string | undefined): number | undefined => {
  if (digits === undefined) return undefined;
  return digits.length === 2 ? 2000 + Number(digits) : Number(digits);
};

const dateOf = (year: string | undefined, month: number | undefined, day: string): Day | undefined =>
  month === undefined ? undefined : { kind: 'date', year: yearOf(year), month, day: Number(day) };

/** `10/31` and `31/10` can only be one date; `10/11` could be two, and is none. */
const slashedDate = (first: string, second: string, year: string | undefined): Day | undefined => {
  const [a, b] = [Number(first), Number(second)];
  if (a > 12 === b > 12 && a !== b) return undefined;
  return a > 12 ? dateOf(year, b, first) : dateOf(year, a, second);
};

/** Ways to name a day, each at the beginning of a text; the first that fits is meant. */
const dayPatterns: readonly {
  readonly pattern: RegExp;
  readonly read: (found: readonly (string | undefined)[]) => Day | undefined;
}[] = [
  {
    pattern: /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/,
    read: ([, year, month, day = '']) => dateOf(year, Number(month), day),
  },
  {
    pattern: /^(\d{1,2})\. ?(\d{1,2})(?:\. ?(\d{4})|\.(\d{2})(?![\d:])|\.|(?= |$))(?! ?(?:uhr|[ap]m)\b)/,
    read: ([, day = '', month, year, shortYear]) => dateOf(year ?? shortYear, Number(month), day),
  },
  {
    pattern: /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?(?![\d/])/,
    read: ([, first = '', second = '', year]) => slashedDate(first, second, year),
  },
  {
    pattern: /^(\d{1,2})(?:st|nd|rd|th|\.)? ?(?:of )?(\p{L}{3,})\.?(?: (\d{4})(?!\d))?/u,
    read: ([, day = '', month = '', year]) => dateOf(year, monthCalled(month), day),
  },
  {
    pattern: /^(\p{L}{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?![\d:.]|(?: ?[ap]m| uhr)\b)(?: (\d{4})(?!\d))?/u,
    read: ([, month = '', day = '', year]) => dateOf(year, monthCalled(month), day),
  },
  {
    pattern: /^(day after tomorrow|\p{L}+)(?!\p{L})/u,
    read: ([, words = '']) => {
      const days = daysUntil(words);
      return days === undefined ? undefined : { kind: 'in-days', days };
    },
  },
  {
    pattern: /^(next |nächsten |nächster |kommenden |this |diesen )?(\p{L}+)\.?(?!\p{L})/u,
    read: ([, next, word = '']) => {
      const weekday = weekdayCalled(word);
      const isNext = next !== undefined && !/^(?:this|diesen)/.test(next);
      return weekday === undefined ? undefined : { kind: 'weekday', weekday, isNext };
    },
  },
];

const readDay = (text: string): { readonly day: Day; readonly rest: string } | undefined => {
  for (const { pattern, read } of dayPatterns) {
    const found = pattern.exec(text);
    const day = found && read(found);
    if (day) return { day, rest: text.slice(found[0].length).trim() };
  }
  return undefined;
};

/** A day with a time behind or before it; undefined where something else stands there. */
export const readDayAndTime = (
  text: string,
): { readonly day: Day; readonly time: Time | undefined } | undefined => {
  const behind = readDay(text);
  if (behind) {
    if (behind.rest === '') return { day: behind.day, time: undefined };
    const time = readTime(behind.rest);
    if (time) return { day: behind.day, time };
    // The weekday before a date: it says nothing that the date does not.
    if (behind.day.kind === 'weekday') {
      const date = readDayAndTime(behind.rest);
      return date?.day.kind === 'date' ? date : undefined;
    }
  }
  const words = text.split(' ');
  for (const length of [1, 2]) {
    const time = readTime(words.slice(0, length).join(' '));
    const before = time && readDay(words.slice(length).join(' '));
    if (before?.rest === '') return { day: before.day, time };
  }
  return undefined;
};
