import { showMoments } from '../shared/live-moments.ts';

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

/** Words of the bot's as a message: nothing that somebody typed formats anything or names anybody. */
export const asText = (words: string): string =>
  showMoments(plainText(words), (unixSeconds) => `<t:${unixSeconds}:R>`);
