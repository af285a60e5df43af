/** Words of moments as people type them, in each language at once: nobody says which one they write. */

/** January is 1. A month is also known by its first letters, three of them or more. */
const months: readonly (readonly string[])[] = [
  ['january', 'januar', 'jänner'],
  ['february', 'februar', 'feber'],
  ['march', 'märz', 'maerz', 'mrz'],
  ['april'],
  ['may', 'mai'],
  ['june', 'juni'],
  ['july', 'juli'],
  ['august'],
  ['september'],
  ['october', 'oktober'],
  ['november'],
  ['december', 'dezember'],
];

/** Monday is 1. */
const weekdays: readonly (readonly string[])[] = [
  ['monday', 'montag', 'mo'],
  ['tuesday', 'dienstag', 'tu', 'di'],
  ['wednesday', 'mittwoch', 'we', 'mi'],
  ['thursday', 'donnerstag', 'th', 'do'],
  ['friday', 'freitag', 'fr'],
  ['saturday', 'samstag', 'sonnabend', 'sa'],
  ['sunday', 'sonntag', 'su', 'so'],
];

/** Days from today. */
const days: Readonly<Record<string, number>> = {
  today: 0,
  tonight: 0,
  heute: 0,
  tomorrow: 1,
  morgen: 1,
  'day after tomorrow': 2,
  übermorgen: 2,
  uebermorgen: 2,
};

const counts: Readonly<Record<string, number>> = {
  ...{ a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, ten: 10, half: 0.5 },
  ...{ ein: 1, eine: 1, einem: 1, einen: 1, einer: 1, zwei: 2, drei: 3, vier: 4, fünf: 5, sechs: 6 },
  ...{ sieben: 7, zehn: 10, halbe: 0.5, halben: 0.5, halbes: 0.5, halber: 0.5 },
};

export type MomentUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months';

const units: Readonly<Record<MomentUnit, readonly string[]>> = {
  minutes: ['m', 'min', 'mins', 'minute', 'minutes', 'minuten'],
  hours: ['h', 'hr', 'hrs', 'hour', 'hours', 'std', 'stunde', 'stunden'],
  days: ['d', 'day', 'days', 'tag', 'tage', 'tagen'],
  weeks: ['w', 'week', 'weeks', 'woche', 'wochen'],
  months: ['month', 'months', 'monat', 'monate', 'monaten'],
};

const numberOf = (lists: readonly (readonly string[])[], word: string): number | undefined => {
  const isMeant = (name: string): boolean => name === word || (word.length >= 3 && name.startsWith(word));
  const index = lists.findIndex((names) => names.some(isMeant));
  return index < 0 ? undefined : index + 1;
};

/** 1 to 12; undefined for no month. */
export const monthCalled = (word: string): number | undefined => numberOf(months, word);

/** 1 to 7, Monday first; undefined for no weekday. */
export const weekdayCalled = (word: string): number | undefined => numberOf(weekdays, word);

/** In how many days that is; undefined for no such word. */
export const daysUntil = (words: string): number | undefined =>
  Object.hasOwn(days, words) ? days[words] : undefined;

/** A number, in digits or as a word. */
export const countCalled = (word: string): number | undefined => {
  if (/^\d{1,5}(?:[.,]\d{1,2})?$/.test(word)) return Number(word.replace(',', '.'));
  return Object.hasOwn(counts, word) ? counts[word] : undefined;
};

export const unitCalled = (word: string): MomentUnit | undefined =>
  (Object.keys(units) as MomentUnit[]).find((unit) => units[unit].includes(word));
