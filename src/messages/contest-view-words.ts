/** The words of a contest's view on the local page, in the language of whoever looks. */
import type { ContestPhase } from '../domain/contest/phase.ts';
import { type LanguageName, languageOf } from './languages.ts';

export type ContestViewWords = {
  /** BCP 47 name, for the page. */
  readonly language: string;
  /** Beside a menu of a panel, and a photo. */
  readonly choose: string;
  readonly send: string;
  readonly play: string;
  readonly close: string;
  readonly download: string;
  readonly title: (theme: string, room: string) => string;
  readonly heading: string;
  readonly back: (room: string) => string;
  readonly open: string;
  readonly none: string;
  readonly start: {
    readonly heading: string;
    readonly how: string;
    readonly button: string;
    readonly more: string;
    readonly standard: (value: string) => string;
  };
  /** What the time until the end of each phase is for. */
  readonly left: Readonly<Record<'draft' | 'entering' | 'voting', string>>;
  readonly phases: Readonly<Record<ContestPhase, string>>;
  readonly rules: string;
  readonly films: string;
  /** Before films are shown. */
  readonly secret: string;
  readonly ownOrder: string;
  readonly keys: string;
  readonly ballot: string;
  readonly yours: string;
  readonly hall: string;
  readonly hosting: {
    readonly heading: string;
    readonly until: string;
    readonly extend: string;
    readonly close: Readonly<Record<'entering' | 'voting', string>>;
    readonly closeQuestion: string;
    readonly cancel: string;
    readonly cancelQuestion: string;
    readonly yes: string;
    readonly export: string;
    readonly exportHow: string;
  };
};

const en: ContestViewWords = {
  language: 'en',
  choose: 'Choose',
  send: 'Send',
  play: 'Play the film',
  close: 'Close',
  download: 'Download the page',
  title: (theme, room) => `${theme} · contest in ${room}`,
  heading: 'Contest',
  back: (room) => `Back to ${room}`,
  open: 'Open the contest',
  none: 'There is no contest in this room at the moment.',
  start: {
    heading: 'Start a contest',
    how: 'Everybody in the room enters films and votes for the best. A theme is enough: without times people enter for three days and vote for two more.',
    button: 'Start the contest',
    more: 'More options',
    standard: (value) => `${value} (default)`,
  },
  left: { draft: 'until it begins', entering: 'left to enter', voting: 'left to vote' },
  phases: {
    draft: 'Not begun yet',
    entering: 'Open for films',
    voting: 'Open for votes',
    closed: 'Over',
    cancelled: 'Called off',
  },
  rules: 'Rules',
  films: 'The films',
  secret: 'The films are shown here once voting begins.',
  ownOrder: 'Everybody sees them in another order.',
  keys: 'By keyboard: go to a film and press 1, 2 or 3 to put it on a place, 0 to take it off.',
  ballot: 'Your vote',
  yours: 'yours: you cannot vote for it',
  hall: 'Hall of fame',
  hosting: {
    heading: 'For the hosts',
    until: 'New end',
    extend: 'Give more time',
    close: { entering: 'Begin the vote now', voting: 'End the vote now' },
    closeQuestion: 'Go on now instead of at the time that was announced?',
    cancel: 'Call it off',
    cancelQuestion: 'Call the contest off for everybody? Its entries and votes count for nothing then.',
    yes: 'Yes, do it',
    export: 'Download everything as a page',
    exportHow:
      'One file with the results and all films. From then on the films are kept no longer than others.',
  },
};

const de: ContestViewWords = {
  language: 'de',
  choose: 'Auswählen',
  send: 'Abschicken',
  play: 'Film abspielen',
  close: 'Schließen',
  download: 'Seite herunterladen',
  title: (theme, room) => `${theme} · Wettbewerb in ${room}`,
  heading: 'Wettbewerb',
  back: (room) => `Zurück zu ${room}`,
  open: 'Zum Wettbewerb',
  none: 'In diesem Raum gibt es zurzeit keinen Wettbewerb.',
  start: {
    heading: 'Einen Wettbewerb starten',
    how: 'Alle im Raum reichen Filme ein und stimmen über den besten ab. Ein Thema genügt: Ohne Zeiten wird drei Tage eingereicht und danach zwei Tage abgestimmt.',
    button: 'Wettbewerb starten',
    more: 'Mehr Optionen',
    standard: (value) => `${value} (üblich)`,
  },
  left: { draft: 'bis zum Beginn', entering: 'zum Einreichen', voting: 'zum Abstimmen' },
  phases: {
    draft: 'Noch nicht begonnen',
    entering: 'Filme einreichen',
    voting: 'Abstimmen',
    closed: 'Beendet',
    cancelled: 'Abgesagt',
  },
  rules: 'Regeln',
  films: 'Die Filme',
  secret: 'Die Filme sind hier zu sehen, sobald die Abstimmung beginnt.',
  ownOrder: 'Alle sehen sie in einer anderen Reihenfolge.',
  keys: 'Mit der Tastatur: zu einem Film gehen und 1, 2 oder 3 drücken, um ihn auf einen Platz zu setzen; 0 nimmt ihn herunter.',
  ballot: 'Deine Stimme',
  yours: 'deiner: du kannst nicht für ihn stimmen',
  hall: 'Ruhmeshalle',
  hosting: {
    heading: 'Für die Leitung',
    until: 'Neues Ende',
    extend: 'Mehr Zeit geben',
    close: { entering: 'Jetzt abstimmen lassen', voting: 'Abstimmung jetzt beenden' },
    closeQuestion: 'Jetzt weitergehen statt zur angekündigten Zeit?',
    cancel: 'Absagen',
    cancelQuestion: 'Den Wettbewerb für alle absagen? Einreichungen und Stimmen zählen dann nicht.',
    yes: 'Ja, das tun',
    export: 'Alles als Seite herunterladen',
    exportHow:
      'Eine Datei mit dem Ergebnis und allen Filmen. Danach werden die Filme nicht länger aufbewahrt als andere.',
  },
};

const all: Readonly<Record<LanguageName, ContestViewWords>> = { en, de };

/** The words for a locale such as `de-AT`; English where its language is not among ours. */
export const contestViewWords = (locale: string): ContestViewWords => {
  const name = languageOf(locale, Object.keys(all));
  return name !== undefined && Object.hasOwn(all, name) ? all[name as LanguageName] : en;
};
