import type { LanguageName } from '../../messages/languages.ts';

/** Everything that the bot asks for when it is installed, with what does not work without it. */
export const scopePurposes = {
  commands: {
    en: 'the slash commands and the message shortcut',
    de: 'die Befehle und die Nachrichten-Aktion',
  },
  'chat:write': { en: 'answering', de: 'antworten' },
  'files:read': { en: 'reading the photos that people give it', de: 'die Fotos lesen, die es bekommt' },
  'files:write': { en: 'posting pictures and films', de: 'Bilder und Filme senden' },
  'reactions:read': { en: 'seeing reactions to films', de: 'Reaktionen auf Filme sehen' },
  'reactions:write': { en: 'reacting to a film with a die', de: 'auf einen Film mit einem Würfel reagieren' },
  'app_mentions:read': { en: 'hearing that it is mentioned', de: 'hören, dass es erwähnt wird' },
  'im:history': { en: 'reading direct messages to it', de: 'Direktnachrichten an sich lesen' },
  'im:write': { en: 'sending direct messages', de: 'Direktnachrichten senden' },
  'channels:read': {
    en: 'knowing whether it is in a public channel',
    de: 'wissen, ob es in einem öffentlichen Channel ist',
  },
  'groups:read': {
    en: 'knowing whether it is in a private channel',
    de: 'wissen, ob es in einem privaten Channel ist',
  },
  'channels:join': {
    en: 'joining the public channel that it was asked in',
    de: 'dem öffentlichen Channel beitreten, in dem es gefragt wurde',
  },
  'channels:history': {
    en: 'finding the photo of a message in a public channel, and its own messages after a crash',
    de: 'in öffentlichen Channels das Foto einer Nachricht finden, und nach einem Absturz die eigenen Nachrichten',
  },
  'groups:history': {
    en: 'finding the photo of a message in a private channel, and its own messages after a crash',
    de: 'in privaten Channels das Foto einer Nachricht finden, und nach einem Absturz die eigenen Nachrichten',
  },
  'users:read': {
    en: 'knowing people’s language, name and time zone, and who is an admin or a guest',
    de: 'wissen, welche Sprache jemand spricht, wie jemand heißt, in welcher Zeitzone jemand lebt und wer Admin oder Gast ist',
  },
  'pins:write': {
    en: 'pinning the announcement of a contest',
    de: 'die Ankündigung eines Wettbewerbs anheften',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<LanguageName, string>>>>;

export type SlackScope = keyof typeof scopePurposes;

export const botScopes = Object.keys(scopePurposes) as readonly SlackScope[];

const isScope = (name: string): name is SlackScope => Object.hasOwn(scopePurposes, name);

/** A scope with what it is for, as people read it; other names stay as they are. */
export const nameScope = (name: string, language: LanguageName): string =>
  isScope(name) ? `${name} (${scopePurposes[name][language]})` : name;

/** What the bot asks for and was not granted, with what it is for. Nothing where Slack did not say what it granted. */
export const missingScopes = (
  granted: readonly string[],
): readonly { readonly scope: SlackScope; readonly purpose: string }[] =>
  granted.length === 0
    ? []
    : botScopes
        .filter((scope) => !granted.includes(scope))
        .map((scope) => ({ scope, purpose: scopePurposes[scope].en }));
