import type { ContestPhrases, PostPhrases, SharedContestPhrases } from './contest-phrases.ts';
import { panels } from './de-contest-panels.ts';
import { createListed } from './phrases.ts';

const and = createListed('und');
const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const films = (count: number): string => counted(count, 'Film', 'Filme');
const points = (count: number): string => counted(count, 'Punkt', 'Punkte');
const people = (count: number): string => counted(count, 'Person hat', 'Leute haben');

const shared: SharedContestPhrases = {
  locale: 'de-DE',
  dateTime: ({ day, month, year, hour, minute }) => `${day}. ${month} ${year}, ${hour}:${minute} Uhr`,
  date: ({ day, month, year }) => `${day}. ${month} ${year}`,
  and,
  numbered: (number) => `Nr. ${number}`,
  quoted: (text) => `„${text}“`,
  points,
  place: (place) => `${place}. Platz`,
  deleted: 'gelöscht',
  others: (count) => `${count} ${count === 1 ? 'weiterer' : 'weitere'}`,
  changeUntil: (until) => `Ändern kannst du das bis ${until}.`,
  reason: (reason) => `Der Grund: ${reason}`,
  phase: {
    draft: (from) => `Beginn: ${from}.`,
    entering: (until) => `Filme einreichen: bis ${until}.`,
    voting: (until) => `Abstimmen: bis ${until}.`,
    closed: 'Dieser Wettbewerb ist vorbei.',
    cancelled: 'Dieser Wettbewerb wurde abgesagt.',
  },
};

const posts: PostPhrases = {
  headline: (theme) => `🏆 Wettbewerb: ${theme}`,
  enterHow: ({ button, command }) =>
    `Drück hier oder unter einem Film von dir auf „${button}“, oder nutze ${command}.`,
  voteHow: ({ button }) =>
    `Drück auf „${button}“: Du siehst die Filme und setzt bis zu drei auf deine Plätze. Das kannst du bis zum Ende ändern, und niemand sieht es.`,
  thenVote: (until) => `Danach abstimmen: bis ${until}.`,
  filmsSoFar: (count) => (count === 0 ? 'Noch kein Film: Mach den Anfang!' : `Bisher ${films(count)}.`),
  noneIn: 'Noch ist kein Film dabei.',
  took: (count, voters) =>
    voters === 0
      ? `${films(count)}; abgestimmt hat noch niemand.`
      : `${films(count)}, und ${people(voters)} abgestimmt.`,
  host: (name) => `Veranstaltet von ${name}`,
  rules: {
    perPerson: (count) => (count === 1 ? 'Ein Film pro Person.' : `Bis zu ${count} Filme pro Person.`),
    anonymous: 'Von wem welcher Film ist, bleibt bis zum Ende geheim.',
    named: 'Alle sehen, von wem welcher Film ist.',
    approval: 'Die Moderation sieht sich jeden Film an, bevor er dabei ist.',
    role: (name) => `Nur für Leute mit der Rolle ${name}.`,
    memberDays: (days) => `Nur für Leute, die seit ${counted(days, 'Tag', 'Tagen')} hier sind.`,
    accountDays: (days) => `Nur für Konten, die älter als ${counted(days, 'Tag', 'Tage')} sind.`,
    guests: 'Gäste dürfen mitmachen.',
    size: (pixels) => `Nur Filme der Größe ${pixels}.`,
    frames: (count) => `Nur Filme mit ${count} Bildern.`,
    network: (name) => `Nur Filme, die mit dem Netz ${name} gemacht sind.`,
    prize: (name) => `Wer gewinnt, bekommt die Rolle ${name}.`,
    voting: ([first, second, third]) =>
      `Dein 1. Platz gibt ${first} Punkte, dein 2. Platz ${second}, dein 3. Platz ${third}. Für eigene Filme oder Fotos kann niemand stimmen.`,
    ties: 'Bei gleichen Punkten zählen mehr erste Plätze, dann mehr zweite; sonst wird der Platz geteilt.',
    fairness: (fewest) =>
      `Der Stand bleibt bis zum Ende geheim; stimmen weniger als ${fewest} Leute ab, gewinnt niemand.`,
  },
  reminder: {
    headline: {
      entering: {
        begins: (theme) => `📣 ${theme}: Ab jetzt kann man Filme einreichen`,
        half: (theme) => `🔔 ${theme}: Die halbe Zeit zum Einreichen ist um`,
        day: (theme) => `🔔 ${theme}: noch ein Tag zum Einreichen`,
        hour: (theme) => `🔔 ${theme}: noch eine Stunde zum Einreichen`,
      },
      voting: {
        begins: (theme) => `📣 ${theme}: Die Abstimmung hat begonnen`,
        half: (theme) => `🔔 ${theme}: Die halbe Zeit zum Abstimmen ist um`,
        day: (theme) => `🔔 ${theme}: noch ein Tag zum Abstimmen`,
        hour: (theme) => `🔔 ${theme}: noch eine Stunde zum Abstimmen`,
      },
    },
  },
  gallery: {
    headline: (theme, { page, pages }) =>
      `🖼️ ${theme}: die Filme${pages > 1 ? ` (${page} von ${pages})` : ''}`,
    films: (numbers) => `${numbers.length > 1 ? 'In dieser Reihenfolge: ' : ''}${numbers.join(', ')}`,
    how: (button) =>
      `Drück auf „${button}“, um sie anzusehen und abzustimmen; alle sehen sie in einer anderen Reihenfolge.`,
  },
  results: {
    headline: (theme) => `🏆 ${theme}: die Ergebnisse`,
    winner: (place, who, count) =>
      `${place}. Platz${who.length > 1 ? ', geteilt' : ''}: ${and(who)}, ${who.length > 1 ? 'je ' : ''}${points(count)}`,
    shared: 'Wer sich einen Platz teilt, hat gleich viele Punkte, erste und zweite Plätze.',
    voted: (count) => `${people(count)} abgestimmt. Danke euch allen!`,
    noPoints: 'Kein Film hat einen Punkt bekommen, also hat niemand gewonnen.',
    table: 'Alle Filme:',
    line: ({ place, who, points: count, ranks }) => {
      const given = ranks.flatMap((times, rank) => (times > 0 ? [`${times} × ${rank + 1}. Platz`] : []));
      return `${place}. ${who}: ${points(count)}${given.length > 0 ? ` (${given.join(', ')})` : ''}`;
    },
    more: (count, command) =>
      `und ${count} ${count === 1 ? 'weiterer' : 'weitere'}; wer den Wettbewerb veranstaltet, bekommt mit ${command} alle`,
    noEntries:
      'Niemand hat einen Film eingereicht, also gab es nichts abzustimmen. Vielleicht beim nächsten Mal!',
    tooFewVoters: (fewest) => `Weniger als ${fewest} Leute haben abgestimmt, also gewinnt diesmal niemand.`,
    thanks: (who) => `Danke für eure Filme, ${and(who)}!`,
    extend: (command) => `Wer den Wettbewerb veranstaltet, kann mit ${command} noch einmal abstimmen lassen.`,
    prize: {
      given: (role, who) => `Die Rolle ${role} geht an ${and(who)}. Glückwunsch!`,
      'not-allowed': (role, who) =>
        `Die Rolle ${role} geht an ${and(who)}, aber ich darf sie hier nicht vergeben: Macht das bitte jemand aus der Moderation?`,
      gone: (role) => `Die Rolle ${role} konnte ich nicht vergeben: Sie oder die Person ist nicht mehr hier.`,
    },
  },
  entry: {
    rendering: ({ theme }) => `Dein Film kommt in den Wettbewerb ${theme}, sobald er gerendert ist.`,
    waiting: ({ number, theme }) =>
      `Dein Film ist ${number} im Wettbewerb ${theme} und wartet darauf, dass die Moderation ihn zulässt.`,
    in: ({ number, theme }) => `Du bist dabei: Dein Film ist ${number} im Wettbewerb ${theme}.`,
    withdrawn: ({ number, theme }) => `Dein Film ${number} ist nicht mehr im Wettbewerb ${theme}.`,
    rejected: ({ number, theme }) =>
      `Die Moderation hat deinen Film ${number} nicht zum Wettbewerb ${theme} zugelassen.`,
    disqualified: ({ number, theme }) =>
      `Die Moderation hat deinen Film ${number} aus dem Wettbewerb ${theme} genommen.`,
    another: (until) => `Einen anderen einreichen: bis ${until}.`,
  },
  hostNote: {
    headline: (theme) => `📋 ${theme}`,
    waiting: (count) => `${counted(count, 'Film wartet', 'Filme warten')} auf die Moderation.`,
    reports: (count) => `${counted(count, 'Meldung', 'Meldungen')} von Leuten hier.`,
    doubtful: (count) =>
      `${counted(count, 'Stimme, die', 'Stimmen, die')} vielleicht nicht ehrlich ${count === 1 ? 'ist' : 'sind'}.`,
    look: (command) => `Sieh es dir an: ${command}.`,
  },
};

/** German. */
export const contest: ContestPhrases = { ...shared, posts, panels };
