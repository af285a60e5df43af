import { type MomentForm, showMoments } from '../shared/live-moments.ts';

/**
 * Text so that Discord shows it as it is: nothing in it formats, links behind other words or names anybody. Nobody
 * is called by it either way: that is what `allowed_mentions` is for. discord.js has something of the kind that
 * looks for whole patterns, and misses those within others.
 */
export const plainText = (text: string): string =>
  text
    .replace(/[\\*_~`|<>[\]]/g, '\\$&')
    // Headings, lists and small letters begin a line.
    .replace(/^(\s*)([#+-])/gm, '$1\\$2')
    .replace(/^(\s*\d+)\./gm, '$1\\.')
    // An empty character keeps the name from being read as one.
    .replaceAll('@', '@\u200B');

/** Characters that nobody types stand for what is put in once the rest is escaped. */
const [begins, ends] = ['\uE002', '\uE003'];
const person = new RegExp(`${begins}(\\d{1,20})${ends}`, 'g');

/** Somebody among words, for `asText` to write so that Discord shows their name. */
export const namedPerson = (user: string): string => `${begins}${user}${ends}`;

const moments = {
  'from-now': (unixSeconds: number) => `<t:${unixSeconds}:R>`,
  date: (unixSeconds: number) => `<t:${unixSeconds}:F>`,
} as const satisfies Readonly<Record<MomentForm, (unixSeconds: number) => string>>;

/** Words of the bot's as a message: nothing that somebody typed formats anything or names anybody. */
export const asText = (words: string): string =>
  showMoments(plainText(words), (unixSeconds, form) => moments[form](unixSeconds)).replaceAll(
    person,
    '<@$1>',
  );
