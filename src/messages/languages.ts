import type { ChatWords } from './chat-words.ts';
import { de } from './de.ts';
import { en } from './en.ts';

/** Every language that the bot speaks in a chat, by its BCP 47 name. */
export const languages: Readonly<Record<string, ChatWords>> = { en, de };

/** The words for a locale such as `de`, `de-AT` or `en-US`; English where its language is not among ours. */
export const wordsFor = (locale: string): ChatWords => {
  const [language = ''] = locale.toLowerCase().split(/[-_]/);
  return (Object.hasOwn(languages, language) && languages[language]) || en;
};
