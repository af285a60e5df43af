/** What must be true of the story of a contest once it is over. */
import { expect } from 'vitest';
import {
  counted,
  countedVoters,
  disqualified,
  entrants,
  type Halloween,
  ofRole,
  reason,
  remindedOf,
  type StoryStage,
  tableIn,
} from './contest-story.ts';

/** Each post once, of the right moments, to the right people. */
const expectPosts = (stage: StoryStage, { enterUntil, voteUntil, extendedUntil }: Halloween): void => {
  const roles = (
    ['announcement', 'beginning', 'gallery', 'reminder', 'results', 'winner', 'reel'] as const
  ).map((role) => `${ofRole(stage, role).length} ${role}`);
  expect(roles).toEqual([
    '1 announcement',
    '2 beginning',
    '1 gallery',
    '6 reminder',
    '1 results',
    '3 winner',
    '1 reel',
  ]);
  const reminders = ofRole(stage, 'reminder');
  const [half, day, hour] = ['half of the time', 'one more day', 'one more hour'];
  expect(reminders.map(({ text }) => /half of the time|one more \w+/.exec(text)?.[0])).toEqual([
    ...[half, day, hour],
    ...[half, day, hour],
  ]);
  for (const [index, { text, calls }] of reminders.entries()) {
    const end = index < 3 ? enterUntil : index === 3 ? voteUntil : extendedUntil;
    expect(stage.momentsIn(text)).toEqual([end]);
    expect(calls).toEqual(remindedOf);
  }
};

/** What the results say, by who made the films; those on one place in the order of the people. */
const readTable = (stage: StoryStage, text: string) =>
  tableIn(text)
    .map(({ number, who: name, ...line }) => {
      const who = counted.find((each) => stage.numberOf(each.who) === number)?.who ?? 0;
      return { ...line, who, name };
    })
    .toSorted((a, b) => a.place - b.place || a.who - b.who);

const expectResults = (stage: StoryStage): void => {
  const { text, files } = ofRole(stage, 'results')[0]!;
  const table = readTable(stage, text);
  expect(table.map(({ name, ...line }) => line)).toEqual(counted);
  for (const { who, name } of table) expect(stage.nameOf(who)).toContain(name);
  expect(text).toContain(`${countedVoters} people have voted.`);
  const [first, second, other] = [7, 2, 4].map((who) => `No. ${stage.numberOf(who)}`);
  expect(text).toMatch(new RegExp(`^1st place: .*\\(${first}\\), 51 points$`, 'm'));
  expect(text).toMatch(/^2nd place, shared: .*, 36 points each$/m);
  expect(files).toEqual([expect.stringMatching(/^contest-.*\.jpg$/)]);
  const winners = ofRole(stage, 'winner');
  expect(winners.map((each) => /No\. \d+/.exec(each.text)?.[0]).toSorted()).toEqual(
    [first, second, other].toSorted(),
  );
  expect(winners.map((each) => each.files.length)).toEqual([1, 1, 1]);
};

/** All of what must be true at the end. */
export const expectHalloween = (stage: StoryStage, halloween: Halloween): void => {
  expectPosts(stage, halloween);
  expectResults(stage);
  expect(stage.lettersTo(disqualified).some((letter) => letter.includes(reason.slice(0, 6)))).toBe(true);
  for (let who = 1; who <= entrants; who++) {
    const told = stage.lettersTo(who).filter((letter) => /You are in/.test(letter));
    expect(told.length, `person ${who} is told that they are in`).toBe(1);
  }
};

/** A winner has everything deleted: what was said of them to everybody goes or names and shows them no more. */
export const tellForgetting = async (stage: StoryStage, who: number): Promise<void> => {
  const results = () => ofRole(stage, 'results')[0]!;
  const gallery = () => ofRole(stage, 'gallery')[0]!;
  const stills = gallery().files.length;
  const names = stage.nameOf(who);
  await stage.forget(who);
  const isNamed = (text: string): boolean => names.some((name) => text.includes(name));
  await stage.waitFor('the results without a name', () => !isNamed(results().text));
  await stage.waitFor('the results without the poster', () => results().files.length === 0);
  await stage.waitFor('the gallery without a still', () => gallery().files.length === stills - 1);
  await stage.waitFor('the reel to go', () => ofRole(stage, 'reel').length === 0);
  await stage.waitFor('the film to go', () =>
    ofRole(stage, 'winner').every(
      ({ text, files }) => !text.includes(`(No. ${stage.numberOf(who)})`) || files.length === 0,
    ),
  );
  expect(stage.posts().filter(({ text }) => isNamed(text))).toEqual([]);
  expect(readTable(stage, results().text).map(({ points }) => points)).toEqual(
    counted.map(({ points }) => points),
  );
};
