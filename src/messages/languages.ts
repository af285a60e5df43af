import type { ChatWords } from './chat-words.ts';
import { de } from './de.ts';
import { en } from './en.ts';

const all = { en, de } as const satisfies Readonly<Record<string, ChatWords>>;

/** The languages by their BCP 47 names, such as `nl` or `pt-BR`. */
export type LanguageName = keyof typeof all;

/** Every language that the bot speaks in a chat. */
export const languages: Readonly<Record<string, ChatWords>> = all;

/** The one of these languages that a locale means: the very same, else one that begins alike. */
export const languageOf = (locale: string, names: readonly string[]): string | undefined => {
  const wanted = locale.toLowerCase().replaceAll('_', '-');
  const [beginning] = wanted.split('-');
  return (
    names.find((name) => name.toLowerCase() === wanted) ??
    names.find((name) => name.toLowerCase().split('-')[0] === beginning)
  );
};

/** The words for a locale such as `de`, `de-AT` or `en-US`; English where its language is not among ours. */
export const wordsFor = (locale: string): ChatWords =>
  languages[languageOf(locale, Object.keys(languages)) ?? 'en'] ?? en;
