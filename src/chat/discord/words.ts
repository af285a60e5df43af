import type { ChatWords } from '../../messages/chat-words.ts';
import { otherCommands } from '../../messages/kinds.ts';
import type { LanguageName } from '../../messages/languages.ts';
import type { Notation } from '../../messages/names.ts';
import { liveMoment } from '../shared/live-moments.ts';
import type { DiscordPermission } from './permissions.ts';
import { namedPerson } from './plain-text.ts';
import { isSnowflake } from './snowflake.ts';

/** What the bot says on Discord alone, since it is about what only Discord has. */
type DiscordWords = {
  /** As Discord calls them where people grant them. */
  readonly permissions: Readonly<Record<DiscordPermission, string>>;
  /** How to begin. */
  readonly start: (words: Pick<ChatWords, 'kinds' | 'listed'>) => string;
  /** To a mention or a message without a photo. */
  readonly photoWanted: string;
  /** To a mention of the bot's role, of which Discord shows the bot nothing. */
  readonly nameWanted: string;
  /** To somebody who has pointed at a message without one. */
  readonly noPhotoThere: string;
  /** Where answers can be given for a quarter of an hour only, and the queue may take longer. */
  readonly answersLapse: string;
};

const photosThatWork = {
  en: 'JPEG, PNG, WebP, AVIF, GIF, TIFF and HEIC work, whether attached, forwarded, in the preview of a link or as a sticker; videos and vector stickers do not.',
  de: 'Es gehen JPEG, PNG, WebP, AVIF, GIF, TIFF und HEIC, ob angehängt, weitergeleitet, in der Vorschau eines Links oder als Sticker; Videos und Vektor-Sticker gehen nicht.',
};

const en: DiscordWords = {
  permissions: {
    'view-channel': 'View Channels',
    'send-messages': 'Send Messages',
    'send-messages-in-threads': 'Send Messages in Threads',
    'attach-files': 'Attach Files',
    'read-message-history': 'Read Message History',
    'pin-messages': 'Pin Messages',
    'manage-roles': 'Manage Roles',
  },
  start: ({ kinds, listed }) =>
    'Send me a photo and I turn it into an endless zoom: use /gramzoom with a photo, mention me (@) with one, or use Apps > Gramzoom on anybody’s photo. ' +
    `Words after the mention set options, such as size:256 frames:48; begin them with ${listed(otherCommands(kinds))} for that instead of a zoom.\n` +
    'Under what I made: 🎲 makes another one with a new seed, ❌ stops or deletes yours, ✉️ sends it to you.',
  photoWanted: `I see no photo here: attach one, or use Apps > Gramzoom on a message that has one. ${photosThatWork.en}`,
  nameWanted:
    'I cannot see what you sent: mention me and not my role, or use Apps > Gramzoom on the message.',
  noPhotoThere: `I found no photo in that message. ${photosThatWork.en}`,
  answersLapse:
    'I can answer here for only 15 minutes: if it takes longer, ask again in a direct message or on a server that I am on.',
};

const de: DiscordWords = {
  permissions: {
    'view-channel': 'Kanäle ansehen',
    'send-messages': 'Nachrichten senden',
    'send-messages-in-threads': 'Nachrichten in Threads senden',
    'attach-files': 'Dateien anhängen',
    'read-message-history': 'Nachrichtenverlauf anzeigen',
    'pin-messages': 'Nachrichten anpinnen',
    'manage-roles': 'Rollen verwalten',
  },
  start: ({ kinds, listed }) =>
    'Schick mir ein Foto, und ich mache einen endlosen Zoom daraus: Nutze /gramzoom mit einem Foto, erwähne mich (@) mit einem, oder nimm Apps > Gramzoom auf irgendeinem Foto. ' +
    `Worte nach der Erwähnung stellen Optionen ein, zum Beispiel größe:256 bilder:48; beginne sie mit ${listed(otherCommands(kinds))}, wenn es statt eines Zooms das sein soll.\n` +
    'Unter dem Ergebnis: 🎲 macht noch einen mit neuem Seed, ❌ bricht deinen ab oder löscht ihn, ✉️ schickt ihn dir.',
  photoWanted: `Ich sehe hier kein Foto: Häng eins an, oder nimm bei einer Nachricht mit Foto Apps > Gramzoom. ${photosThatWork.de}`,
  nameWanted:
    'Was du geschickt hast, sehe ich nicht: Erwähne mich und nicht meine Rolle, oder nimm bei der Nachricht Apps > Gramzoom.',
  noPhotoThere: `In dieser Nachricht finde ich kein Foto. ${photosThatWork.de}`,
  answersLapse:
    'Hier kann ich nur 15 Minuten lang antworten: Dauert es länger, frag noch einmal in einer Direktnachricht oder auf einem Server, auf dem ich bin.',
};

const languages: Readonly<Record<LanguageName, DiscordWords>> = { en, de };

/** The words in the language of the others; English where it is not among ours. */
export const discordWords = ({ language }: Pick<ChatWords, 'language'>): DiscordWords =>
  Object.hasOwn(languages, language) ? languages[language as LanguageName] : en;

/** How Discord shows what a sentence names. For texts that `asText` finishes. @param now milliseconds since 1970 */
export const discordNotation = (words: Pick<ChatWords, 'language'>, now: number): Notation => ({
  when: (seconds) => liveMoment(now + seconds * 1000),
  moment: (at) => liveMoment(at, 'date'),
  namePermission: permissionNamer(words),
});

/** The same for what everybody reads: people are named by what Discord calls them today. */
export const publicNotation = (words: Pick<ChatWords, 'language'>, now: number): Notation => ({
  ...discordNotation(words, now),
  // An id of another platform's, or of nobody, is not shown as a number.
  person: ({ user, name }) => (isSnowflake(user) ? namedPerson(user) : name),
});

/** What Discord calls a permission in a language; names that it does not know stay as they are. */
export const permissionNamer = (words: Pick<ChatWords, 'language'>) => {
  const { permissions } = discordWords(words);
  return (permission: string): string =>
    Object.hasOwn(permissions, permission) ? permissions[permission as DiscordPermission] : permission;
};
