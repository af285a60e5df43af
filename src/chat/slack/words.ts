import { type CommandName, contestWord, isContestCommand } from '../../domain/command-name.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { otherCommands } from '../../messages/kinds.ts';
import type { LanguageName } from '../../messages/languages.ts';
import type { Notation } from '../../messages/names.ts';
import { liveMoment } from '../shared/live-moments.ts';
import { appName, slashCommands } from './names.ts';
import { userOf } from './place.ts';
import { calledPerson } from './plain-text.ts';
import { nameScope } from './scopes.ts';
import { channelMembership } from './slack-errors.ts';

/** What the bot says on Slack alone, since it is about what only Slack has. */
export type SlackWords = {
  /** How to begin. */
  readonly start: (words: Pick<ChatWords, 'kinds' | 'listed'>) => string;
  /** To a mention or a message without a photo. */
  readonly photoWanted: string;
  /** To somebody who has pointed at a message without one. */
  readonly noPhotoThere: string;
  /** To whoever wants something in a channel that the bot is not in. */
  readonly inviteMe: string;
  /** Where the workspace has not granted what something takes. @param scopes as `nameScope` has them, listed */
  readonly lacksScopes: (scopes: string) => string;
  /** To whoever wants to start a contest where nobody else is. */
  readonly contestInChannel: string;
  /** Where that is. */
  readonly pageIsDirect: string;
  /** With the page of a contest, which is sent to whoever asked for it alone. */
  readonly pageSent: string;
  /** To whoever asked in a conversation of others that the bot cannot join. */
  readonly answersDirectly: string;
  /** To words after a slash command that are neither a command nor an option. */
  readonly unknownWords: (options: { readonly typed: string; readonly known: readonly string[] }) => string;
  /** In small letters under an answer in a channel, whose it is. */
  readonly askedBy: (name: string) => string;
  /** `at 18:39`, within a sentence. */
  readonly at: (time: string) => string;
  /** The form in which a render is asked for. */
  readonly form: {
    /** On its buttons. At most 24 letters each. */
    readonly submit: string;
    readonly close: string;
    /** Above the file, and above the menu of several photos in a message. */
    readonly photo: string;
    readonly photoLimit: (size: string) => string;
    readonly whichPhoto: string;
    /** Of the photo that a message has. */
    readonly photoIs: (name: string) => string;
    readonly moreOptions: string;
    /** On the only button of a form that just says something. */
    readonly closeNotice: string;
    /** On the button that sends a text. At most 24 letters. */
    readonly send: string;
    /** Until a form shows what was asked for. */
    readonly waiting: string;
    /** On the button that begins a contest. At most 24 letters. */
    readonly startContest: string;
    /** Above what was typed and is wrong. */
    readonly lookAgain: (problem: string) => string;
    /** To whoever opened a form, where Slack did not open it. */
    readonly notOpened: string;
  };
};

const photosThatWork = {
  en: 'JPEG, PNG, WebP, AVIF, GIF, TIFF and HEIC work; videos do not.',
  de: 'Es gehen JPEG, PNG, WebP, AVIF, GIF, TIFF und HEIC; Videos gehen nicht.',
};

const en: SlackWords = {
  start: ({ kinds, listed }) =>
    'Send me a photo and I turn it into an endless zoom: type /gramzoom for a form, mention me (@) with a photo, send me one in a direct message, or choose Gramzoom in the menu (⋮) of anybody’s message with a photo. ' +
    `Words after the mention set options, such as size:256 frames:48; begin them with ${listed(otherCommands(kinds))} for that instead of a zoom.\n` +
    'Under what I made: 🎲 makes another one with a new seed, ❌ stops or deletes yours, ✉️ sends it to you.',
  photoWanted: `I see no photo here: add one to your message, or choose Gramzoom in the menu (⋮) of a message that has one. ${photosThatWork.en}`,
  noPhotoThere: `I found no photo in that message. ${photosThatWork.en}`,
  lacksScopes: (scopes) =>
    `This workspace has not granted me ${scopes}: whoever manages the app can install it here again.`,
  inviteMe: `I am not in this channel and cannot post there: type /invite @${appName} in it, then try again.`,
  contestInChannel:
    'A contest is announced to everybody in a channel: type /contest start in the one that it is for.',
  pageIsDirect: 'You get it as a direct message from me.',
  pageSent: 'The contest as a page: download it and open it in a browser. Everything is inside.',
  answersDirectly: 'I cannot post in this conversation: my answer is in our direct messages.',
  unknownWords: ({ typed, known }) =>
    `I do not know what to do with “${typed}”. After the command there can be options, such as size:256, or one of these words: ${known.join(', ')}.`,
  askedBy: (name) => `for ${name}`,
  at: (time) => `at ${time}`,
  form: {
    submit: 'Begin',
    close: 'Cancel',
    photo: 'Photo',
    photoLimit: (size) => `At most ${size}; ${photosThatWork.en}`,
    whichPhoto: 'Which photo of the message',
    photoIs: (name) => `Photo: ${name}`,
    moreOptions: 'More options',
    closeNotice: 'Close',
    send: 'Send',
    waiting: 'One moment …',
    startContest: 'Start',
    lookAgain: (problem) => `${problem} What you typed is filled in here.`,
    notOpened: 'Slack did not open the form: please try again.',
  },
};

const de: SlackWords = {
  start: ({ kinds, listed }) =>
    'Schick mir ein Foto, und ich mache einen endlosen Zoom daraus: Schreib /gramzoom und füll das Formular aus, erwähne mich (@) mit einem Foto, schick mir eins als Direktnachricht, oder nimm Gramzoom im Menü (⋮) irgendeiner Nachricht mit Foto. ' +
    `Worte nach der Erwähnung stellen Optionen ein, zum Beispiel größe:256 bilder:48; beginne sie mit ${listed(otherCommands(kinds))}, wenn es statt eines Zooms das sein soll.\n` +
    'Unter dem Ergebnis: 🎲 macht noch einen mit neuem Seed, ❌ bricht deinen ab oder löscht ihn, ✉️ schickt ihn dir.',
  photoWanted: `Ich sehe hier kein Foto: Häng eins an deine Nachricht, oder nimm Gramzoom im Menü (⋮) einer Nachricht, die eins hat. ${photosThatWork.de}`,
  noPhotoThere: `In dieser Nachricht finde ich kein Foto. ${photosThatWork.de}`,
  lacksScopes: (scopes) =>
    `Dieser Workspace hat mir ${scopes} nicht erlaubt: Wer die App verwaltet, kann sie hier noch einmal installieren.`,
  inviteMe: `Ich bin nicht in diesem Kanal und kann dort nichts posten: Schreib dort /invite @${appName}, dann versuch es noch einmal.`,
  contestInChannel:
    'Ein Wettbewerb wird in einem Kanal angekündigt, für alle dort: Schreib /contest start in dem, für den er ist.',
  pageIsDirect: 'Du bekommst sie als Direktnachricht von mir.',
  pageSent: 'Der Wettbewerb als Seite: Lade sie herunter und öffne sie im Browser. Es ist alles darin.',
  answersDirectly:
    'In dieser Unterhaltung kann ich nichts posten: Meine Antwort steht in unseren Direktnachrichten.',
  unknownWords: ({ typed, known }) =>
    `Mit „${typed}“ kann ich nichts anfangen. Nach dem Befehl können Optionen stehen, zum Beispiel größe:256, oder eines dieser Wörter: ${known.join(', ')}.`,
  askedBy: (name) => `für ${name}`,
  at: (time) => `um ${time}`,
  form: {
    submit: 'Los',
    close: 'Abbrechen',
    photo: 'Foto',
    photoLimit: (size) => `Höchstens ${size}. ${photosThatWork.de}`,
    whichPhoto: 'Welches Foto der Nachricht',
    photoIs: (name) => `Foto: ${name}`,
    moreOptions: 'Mehr Optionen',
    closeNotice: 'Schließen',
    send: 'Senden',
    waiting: 'Einen Moment …',
    startContest: 'Starten',
    lookAgain: (problem) => `${problem} Was du geschrieben hast, steht hier schon.`,
    notOpened: 'Slack hat das Formular nicht geöffnet: Versuch es bitte noch einmal.',
  },
};

const languages: Readonly<Record<LanguageName, SlackWords>> = { en, de };

/** The words in the language of the others; English where it is not among ours. */
export const slackWords = ({ language }: Pick<ChatWords, 'language'>): SlackWords =>
  Object.hasOwn(languages, language) ? languages[language as LanguageName] : en;

/** `/texture`, `/gramzoom queue`: of Slack's commands there is one for each kind, in one language. */
const writeCommand = (words: Pick<ChatWords, 'commands'>, name: CommandName): string =>
  slashCommands.includes(name)
    ? `/${name}`
    : isContestCommand(name)
      ? `/${contestWord} ${words.commands[name].name.split(' ').at(-1)}`
      : `/${slashCommands[0]} ${words.commands[name].name}`;

/** What is said of permissions that the bot lacks: its place in the channel first, which anybody can give it. */
const lackSentence = (words: Pick<ChatWords, 'language'>, permissions: readonly string[]): string | null => {
  if (permissions.includes(channelMembership)) return slackWords(words).inviteMe;
  const language = Object.hasOwn(languages, words.language) ? (words.language as LanguageName) : 'en';
  const scopes = permissions.map((scope) => nameScope(scope, language)).join(', ');
  return scopes === '' ? null : slackWords(words).lacksScopes(scopes);
};

/**
 * How Slack shows what a sentence names. For texts that `asText` finishes.
 * @param now milliseconds since 1970
 * @param options.calls who is called by their name: Slack's own ids. Others are named, which notifies nobody.
 */
export const slackNotation = (
  words: Pick<ChatWords, 'language' | 'commands'>,
  now: number,
  { calls = [] }: { readonly calls?: readonly string[] | undefined } = {},
): Notation => ({
  writeCommand: (name) => writeCommand(words, name),
  lackSentence: (permissions) => lackSentence(words, permissions),
  when: (seconds) => slackWords(words).at(liveMoment(now + seconds * 1000)),
  moment: (at) => liveMoment(at, 'date'),
  person: ({ user, name }) => (calls.includes(userOf(user)) ? calledPerson(userOf(user)) : name),
});
