/** The words of a contest's page, which a host takes away as a file. */
import type { ContestFacts } from '../domain/contest/post.ts';
import { type LanguageName, languageOf } from './languages.ts';

export type ContestPageWords = {
  /** BCP 47 name, for the page. */
  readonly language: string;
  readonly results: (theme: string) => string;
  /** Before the host's name. */
  readonly host: string;
  readonly voted: (facts: Pick<ContestFacts, 'entries' | 'voters'>) => string;
  /** `until`: when voting ended, as `dateTime` writes it. */
  readonly ended: (until: string) => string;
  readonly noEntries: string;
  readonly tooFewVoters: string;
  readonly noPoints: string;
  readonly sections: Readonly<Record<'winners' | 'poster' | 'reel' | 'films' | 'others' | 'table', string>>;
  readonly columns: Readonly<Record<'place' | 'film' | 'points' | 'ranks', string>>;
  readonly place: (place: number) => string;
  readonly points: (points: number) => string;
  readonly film: (number: number) => string;
  readonly filmBy: (number: number, name: string) => string;
  readonly deleted: string;
  readonly posterOf: (theme: string) => string;
  readonly reelOf: (theme: string) => string;
  /** In the place of a picture. */
  readonly gone: string;
  readonly tooLarge: string;
  /** Under a still. */
  readonly stillOnly: string;
  readonly rule: string;
};

const ordinal = (number: number): string => {
  const isTeen = number % 100 > 10 && number % 100 < 14;
  return `${number}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`;
};

const en: ContestPageWords = {
  language: 'en',
  results: (theme) => `${theme}: the results`,
  host: 'Host:',
  voted: ({ entries, voters }) =>
    `${entries} ${entries === 1 ? 'film' : 'films'}, ${voters} ${voters === 1 ? 'voter' : 'voters'}`,
  ended: (until) => `Voting ended on ${until}`,
  noEntries: 'Nobody entered a film.',
  tooFewVoters: 'Too few people voted, so there is no winner.',
  noPoints: 'No film got a point.',
  sections: {
    winners: 'Winners',
    poster: 'Poster',
    reel: 'The winners in one film',
    films: 'All films',
    others: 'The other films',
    table: 'All votes',
  },
  columns: { place: 'Place', film: 'Film', points: 'Points', ranks: '1st / 2nd / 3rd' },
  place: (place) => `${ordinal(place)} place`,
  points: (points) => `${points} ${points === 1 ? 'point' : 'points'}`,
  film: (number) => `No. ${number}`,
  filmBy: (number, name) => `No. ${number}, by ${name}`,
  deleted: 'deleted',
  posterOf: (theme) => `Poster of the contest ${theme}`,
  reelOf: (theme) => `The winners of the contest ${theme} in one film`,
  gone: 'This film was deleted.',
  tooLarge: 'This film is too large for this page.',
  stillOnly: 'One picture of the film: the whole of it is too large for this page.',
  rule: 'A first, second and third rank give 3, 2 and 1 points. With equal points more first ranks go first, then more second ranks; else the place is shared.',
};

const de: ContestPageWords = {
  language: 'de',
  results: (theme) => `${theme}: das Ergebnis`,
  host: 'Veranstaltet von',
  voted: ({ entries, voters }) => `${entries} ${entries === 1 ? 'Film' : 'Filme'}, ${voters} Stimmzettel`,
  ended: (until) => `Abgestimmt wurde bis ${until}`,
  noEntries: 'Niemand hat einen Film eingereicht.',
  tooFewVoters: 'Zu wenige haben abgestimmt, deshalb hat niemand gewonnen.',
  noPoints: 'Kein Film hat einen Punkt bekommen.',
  sections: {
    winners: 'Gewonnen haben',
    poster: 'Plakat',
    reel: 'Die Besten in einem Film',
    films: 'Alle Filme',
    others: 'Die anderen Filme',
    table: 'Alle Stimmen',
  },
  columns: { place: 'Platz', film: 'Film', points: 'Punkte', ranks: '1. / 2. / 3.' },
  place: (place) => `${place}. Platz`,
  points: (points) => `${points} ${points === 1 ? 'Punkt' : 'Punkte'}`,
  film: (number) => `Nr. ${number}`,
  filmBy: (number, name) => `Nr. ${number}, von ${name}`,
  deleted: 'gelöscht',
  posterOf: (theme) => `Plakat des Wettbewerbs ${theme}`,
  reelOf: (theme) => `Die Besten des Wettbewerbs ${theme} in einem Film`,
  gone: 'Dieser Film wurde gelöscht.',
  tooLarge: 'Dieser Film ist zu groß für diese Seite.',
  stillOnly: 'Ein Bild aus dem Film: der ganze ist zu groß für diese Seite.',
  rule: 'Ein erster, zweiter und dritter Rang geben 3, 2 und 1 Punkte. Bei gleich vielen Punkten gehen mehr erste Ränge vor, dann mehr zweite; sonst wird der Platz geteilt.',
};

const all: Readonly<Record<LanguageName, ContestPageWords>> = { en, de };

/** The words for a locale such as `de-AT`; English where its language is not among ours. */
export const contestPageWords = (locale: string): ContestPageWords => {
  const name = languageOf(locale, Object.keys(all));
  return name !== undefined && Object.hasOwn(all, name) ? all[name as LanguageName] : en;
};

/** `31 October 2026 at 18:00 (Europe/Berlin)`; in UTC where this machine does not know the zone. */
export const dateTimeIn = (
  at: number,
  { language, zone }: { readonly language: string; readonly zone: string },
): string => {
  const format = (timeZone: string): string => {
    const locale = language === 'en' ? 'en-GB' : language;
    const text = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(
      at,
    );
    return `${text} (${timeZone})`;
  };
  try {
    return format(zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return format('UTC');
  }
};
