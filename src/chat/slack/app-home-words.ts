import type { ChatWords } from '../../messages/chat-words.ts';
import type { LanguageName } from '../../messages/languages.ts';

/** What the App Home says beside what every platform says. */
type AppHomeWords = {
  /** Headings, at most 150 letters. */
  readonly mine: string;
  readonly queue: string;
  readonly privacy: string;
  /** Of a link to a message. */
  readonly show: string;
  /** Before what the render that runs has reached. */
  readonly running: string;
  /** `done`: `at 18:39`, where it is known. */
  readonly waiting: (line: { readonly count: number; readonly done: string | null }) => string;
  /** What is kept, and how it is deleted. */
  readonly kept: string;
  /** On buttons. */
  readonly forget: string;
  readonly keep: string;
};

const en: AppHomeWords = {
  mine: 'My films',
  queue: 'The queue',
  privacy: 'Your data',
  show: 'show it',
  running: 'Rendering now:',
  waiting: ({ count, done }) => {
    if (count === 1) return `1 is waiting${done === null ? '' : `, done ${done}`}.`;
    return `${count} are waiting${done === null ? '' : `, the last one done ${done}`}.`;
  },
  kept: 'Photos and films are kept for a while, so that you can re-roll them. You can delete everything of yours at any time.',
  forget: 'Delete everything of mine',
  keep: 'Keep it',
};

const de: AppHomeWords = {
  mine: 'Meine Filme',
  queue: 'Die Warteschlange',
  privacy: 'Deine Daten',
  show: 'anzeigen',
  running: 'Gerade wird gerendert:',
  waiting: ({ count, done }) => {
    if (count === 1) return `1 wartet${done === null ? '' : `, fertig ${done}`}.`;
    return `${count} warten${done === null ? '' : `, das letzte ist fertig ${done}`}.`;
  },
  kept: 'Fotos und Filme bleiben eine Weile gespeichert, damit du sie neu würfeln kannst. Du kannst jederzeit alles löschen, was von dir ist.',
  forget: 'Alles von mir löschen',
  keep: 'Behalten',
};

const languages: Readonly<Record<LanguageName, AppHomeWords>> = { en, de };

/** The words in the language of the others; English where it is not among ours. */
export const appHomeWords = ({ language }: Pick<ChatWords, 'language'>): AppHomeWords =>
  Object.hasOwn(languages, language) ? languages[language as LanguageName] : en;
