import type { Context } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { languageOf, languages } from '../../messages/languages.ts';

/** The language that somebody's browser asks for first of those that the bot speaks. */
export const visitorLanguage = (c: Context): string => {
  const wanted = parseAccept(c.req.header('accept-language') ?? '').toSorted((a, b) => b.q - a.q);
  const names = Object.keys(languages);
  for (const { type } of wanted) {
    const name = languageOf(type, names);
    if (name !== undefined) return name;
  }
  return 'en';
};

/** What only they see is said in it. */
export const visitorWords = (c: Context): ChatWords => languages[visitorLanguage(c)] ?? en;
