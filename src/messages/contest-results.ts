import { fewestVoters } from '../domain/contest/contest.ts';
import { winnersAmong } from '../domain/contest/count-votes.ts';
import type { ContestPost, NamedScore } from '../domain/contest/post.ts';
import type { ContestVoice } from './contest-facts.ts';
import { personText, scoreText } from './contest-names.ts';

type Results = Extract<ContestPost, { readonly kind: 'results' }>;
type Lines = readonly string[];

/** So many letters of the table are in a message: chats cut longer ones. The page of `/contest export` has all. */
const mostTableLetters = 1000;
/** A name as platforms write it, such as `<@123456789012345678>`. */
const leastNameLetters = 24;

/** So many are named in a sentence. */
const mostNames = 10;

/** Names, and how many more there are. */
const named = (names: readonly string[], { phrases }: ContestVoice): readonly string[] =>
  names.length <= mostNames
    ? names
    : [...names.slice(0, mostNames), phrases.others(names.length - mostNames)];

/** Those who share a place, best first. */
const byPlace = (scores: readonly NamedScore[]): readonly (readonly NamedScore[])[] =>
  [...new Set(scores.map(({ place }) => place))].map((place) =>
    scores.filter((score) => score.place === place),
  );

const winnerLines = (table: readonly NamedScore[], voice: ContestVoice): Lines => {
  const said = voice.phrases.posts.results;
  const groups = byPlace(winnersAmong(table));
  const lines = groups.map((group) => {
    const { place, points } = group[0]!;
    const who = group.map((score) => scoreText(score, voice));
    return said.winner(place, named(who, voice), points);
  });
  if (lines.length === 0) return [said.noPoints];
  return groups.some((group) => group.length > 1) ? [...lines, said.shared] : lines;
};

/** As much of the table as fits, and how many lines are left out. */
const fitted = (lines: readonly string[], { phrases, writeCommand }: ContestVoice): Lines => {
  let letters = 0;
  const count = lines.findIndex((line) => {
    letters += line.length + leastNameLetters;
    return letters > mostTableLetters;
  });
  if (count < 0) return lines;
  const more = phrases.posts.results.more(lines.length - count, writeCommand('contest export'));
  return [...lines.slice(0, count), more];
};

const tableLines = (table: readonly NamedScore[], voice: ContestVoice): Lines => {
  const { phrases, notation } = voice;
  const said = phrases.posts.results;
  const lines = table.map(({ place, number, by, points, ranks }) => {
    const who = `${phrases.numbered(number)}, ${by ? personText(by, notation) : phrases.deleted}`;
    return said.line({ place, who, points, ranks });
  });
  return fitted(lines, voice);
};

const prizeLines = ({ prize, contest, table }: Results, voice: ContestVoice): Lines => {
  const { phrases, notation } = voice;
  const role = contest.rules.prize?.name;
  if (prize === 'none' || role === undefined) return [];
  const first = table.filter(({ place }) => place === 1).flatMap(({ by }) => by ?? []);
  const names = named(
    first.map((one) => personText(one, notation)),
    voice,
  );
  return [phrases.posts.results.prize[prize](role, names)];
};

/** Who made the films, each once, where nobody won. */
const thanked = (table: readonly NamedScore[], voice: ContestVoice): Lines => {
  const { phrases, notation } = voice;
  const names = [...new Set(table.flatMap(({ by }) => (by ? [personText(by, notation)] : [])))];
  return names.length > 0 ? [phrases.posts.results.thanks(named(names, voice))] : [];
};

/** The headline of the results and what came of the contest. */
export const resultsLines = (post: Results, voice: ContestVoice): Lines => {
  const { contest, outcome, voters, table } = post;
  const { phrases, writeCommand } = voice;
  const said = phrases.posts.results;
  const headline = said.headline(contest.rules.theme);
  switch (outcome) {
    case 'no-entries':
      return [headline, said.noEntries];
    case 'too-few-voters':
      return [
        headline,
        said.tooFewVoters(fewestVoters),
        ...thanked(table, voice),
        said.extend(writeCommand('contest extend')),
      ];
    case 'winners':
      return [
        headline,
        ...winnerLines(table, voice),
        ...prizeLines(post, voice),
        said.voted(voters),
        '',
        said.table,
        ...tableLines(table, voice),
      ];
    default:
      return outcome satisfies never;
  }
};
