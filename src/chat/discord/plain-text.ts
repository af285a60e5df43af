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
const [momentBegins, momentEnds] = ['\uE000', '\uE001'];

/** A moment as Discord shows it: in everybody's own words, and counting. For texts that `asText` finishes. */
export const liveMoment = (unixMs: number): string =>
  `${momentBegins}${Math.round(unixMs / 1000)}${momentEnds}`;

/** Words of the bot's as a message: nothing that somebody typed formats anything or names anybody. */
export const asText = (words: string): string =>
  plainText(words).replaceAll(new RegExp(`${momentBegins}(\\d+)${momentEnds}`, 'g'), '<t:$1:R>');

/** Cut to so many UTF-16 units, never within a character. */
export const cutTo = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const short = text.slice(0, most - 1);
  return `${short.isWellFormed() ? short : short.slice(0, -1)}…`;
};

/** One line for where nothing is formatted, such as the name of a thread. */
export const oneLine = (text: string, most: number): string =>
  cutTo(text.replace(/[\p{C}\s]+/gu, ' ').trim(), most);
