/**
 * A whole Halloween: 12 entrants and 40 voters, two of whom cheat, an entry that is withdrawn and one that is
 * disqualified after votes, a tie for the second place, and an extension. Told once, and played on each platform.
 */
import { expect } from 'vitest';
import { toRgbImage } from '../../src/domain/picture.ts';
import { encodePng } from '../../src/image/png.ts';
import type { FakeClock } from './fake-clock.ts';
import { wavyPicture } from './test-pictures.ts';

/** People are numbers from 1: those who enter first, and their films are called by who made them. */
export const entrants = 12;
export const people = 41;
/** The second account of somebody: it comes later, and may not vote. */
export const secondAccount = 40;
/** Enters, and votes for their own film; then clicks twenty times at once. */
export const selfVoter = 5;
export const withdrawn = 11;
export const disqualified = 12;
export const reason = 'Not a **cat** @everyone';
/** Wants to be reminded and leaves before anything is to be reminded of. */
export const leaver = 41;
const followers = [13, 14];

/** Who ranks which films, best first, as it is in the end. */
export const ballots: Readonly<Record<number, readonly number[]>> = {
  ...{ 1: [3], 2: [5, 6], 3: [5], 4: [6, 5], 5: [8], 6: [8], 7: [9, 10], 8: [10], 9: [11], 10: [1, 9] },
  ...{ 11: [3, 8], 12: [7] },
  ...Object.fromEntries([13, 14, 15, 16, 17, 18, 19, 20].map((who) => [who, [7, 2, 4]])),
  ...Object.fromEntries([21, 22, 23, 24, 25, 26, 27, 28].map((who) => [who, [7, 4, 2]])),
  ...Object.fromEntries([29, 30, 31, 32].map((who) => [who, [2, 11, 1]])),
  ...Object.fromEntries([33, 34, 35, 36].map((who) => [who, [4, 12, 1]])),
  ...Object.fromEntries([37, 38, 39].map((who) => [who, [11, 3]])),
};
/** These vote only after the extension. */
export const lateVoters = [13, 14, 15, 16, 17, 18, 19, 20];
/** Has another opinion first. */
export const undecided = 21;

/** Counted by hand from the ballots: 11 and 12 are void, and person 9 has ranked nothing else. */
export const counted = [
  { place: 1, who: 7, points: 51, ranks: [17, 0, 0] },
  { place: 2, who: 2, points: 36, ranks: [4, 8, 8] },
  { place: 2, who: 4, points: 36, ranks: [4, 8, 8] },
  { place: 4, who: 3, points: 12, ranks: [2, 3, 0] },
  { place: 5, who: 1, points: 11, ranks: [1, 0, 8] },
  { place: 6, who: 5, points: 8, ranks: [2, 1, 0] },
  { place: 6, who: 8, points: 8, ranks: [2, 1, 0] },
  { place: 8, who: 6, points: 5, ranks: [1, 1, 0] },
  { place: 8, who: 9, points: 5, ranks: [1, 1, 0] },
  { place: 8, who: 10, points: 5, ranks: [1, 1, 0] },
] as const;
export const remindedOf = followers;
export const countedVoters = 38;

/** A Halloween in a time zone: what its wall times are, in milliseconds since 1970. */
export type Halloween = {
  readonly zone: string;
  readonly enterFrom: number;
  readonly enterUntil: number;
  readonly voteUntil: number;
  /** 2 November, 18:00: where the host moves the end to. */
  readonly extendedUntil: number;
};

/** The clock goes back while people vote. */
export const inNewYork: Halloween = {
  zone: 'America/New_York',
  enterFrom: Date.UTC(2026, 9, 24, 4),
  enterUntil: Date.UTC(2026, 9, 31, 22),
  voteUntil: Date.UTC(2026, 10, 1, 23),
  extendedUntil: Date.UTC(2026, 10, 2, 23),
};
/** The clock goes back on the second day of entering. */
export const inBerlin: Halloween = {
  zone: 'Europe/Berlin',
  enterFrom: Date.UTC(2026, 9, 23, 22),
  enterUntil: Date.UTC(2026, 9, 31, 17),
  voteUntil: Date.UTC(2026, 10, 1, 17),
  extendedUntil: Date.UTC(2026, 10, 2, 17),
};
/** When it begins to be told. */
export const storyBegins = Date.UTC(2026, 9, 22, 12);

/** A message of the contest that everybody sees; `role` as in the outbox, without what tells reminders apart. */
export type Post = {
  readonly role: 'announcement' | 'beginning' | 'gallery' | 'reminder' | 'results' | 'winner' | 'reel';
  readonly text: string;
  /** Names of files. */
  readonly files: readonly string[];
  /** Numbers of the people whom it calls. */
  readonly calls: readonly number[];
  readonly at: number;
};

/** Ways to enter. */
export type Way = 'option' | 'button' | 'choice';

/** A platform with a server of people, a bot, and somebody who keeps order there. */
export interface StoryStage {
  readonly clock: Pick<FakeClock, 'advance' | 'wallTime'>;
  waitFor(fact: string, check: () => unknown): Promise<unknown>;
  /** `/contest …` by the moderator. Resolves with what they are told. */
  command(verb: string, options?: Readonly<Record<string, string>>): Promise<string>;
  /** Makes a film and enters it; resolves once it is in, or waits for a moderator. */
  enter(who: number, way: Way): Promise<void>;
  /** The moderator lets in whatever waits. */
  approveAll(): Promise<void>;
  /** Looks up which numbers the films have. */
  readNumbers(): Promise<void>;
  /** The number of somebody's film, once it has been looked up. */
  numberOf(who: number): number;
  /** The moderator takes somebody's film out. */
  disqualify(who: number, reason: string): Promise<void>;
  /** The second account comes. */
  arrive(who: number): Promise<void>;
  /** Why it may not vote. */
  readonly refusal: RegExp;
  follow(who: number): Promise<void>;
  leave(who: number): Promise<void>;
  /** Makes somebody's ballot this one: films by who made them, best first. */
  vote(who: number, films: readonly number[]): Promise<void>;
  /** Tries to vote, and gives what they are told. */
  tryToVote(who: number, film: number): Promise<string>;
  /** All at once, each on the first place. */
  clickAtOnce(who: number, films: readonly number[]): Promise<void>;
  withdraw(who: number): Promise<void>;
  /** They have everything of theirs deleted. */
  forget(who: number): Promise<void>;
  /** Posts of the contest as they stand, oldest first. */
  posts(): readonly Post[];
  /** All that anybody but the moderator could have read so far, but for films: with whom it was shown to, null: all. */
  shown(): readonly { readonly to: number | null; readonly text: string }[];
  /** The moments that a message tells of, in milliseconds since 1970. */
  momentsIn(text: string): readonly number[];
  /** How people are called in messages. */
  nameOf(who: number): readonly string[];
  /** What the bot has written to somebody alone. */
  lettersTo(who: number): readonly string[];
}

export const ofRole = (stage: Pick<StoryStage, 'posts'>, role: Post['role']): readonly Post[] =>
  stage.posts().filter((post) => post.role === role);

/** The table in the words of the results. */
export const tableIn = (text: string) =>
  [...text.matchAll(/^(\d+)\. No\. (\d+), (.+): (\d+) points \((.*)\)$/gm)].map(
    ([, place, number, who, points, given = '']) => ({
      ...{ place: Number(place), number: Number(number), points: Number(points), who },
      ranks: ['1st', '2nd', '3rd'].map((rank) =>
        Number(new RegExp(`(\\d+) × ${rank}`).exec(given)?.[1] ?? 0),
      ),
    }),
  );

/** A photo of one's own: no two people have the same. */
export const photoOf = async (who: number) => ({
  name: `photo-${who}.png`,
  bytes: await encodePng(toRgbImage(wavyPicture(90, 70, who))),
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const advanceTo = ({ clock }: Pick<StoryStage, 'clock'>, at: number): void =>
  clock.advance(Math.max(0, at - clock.wallTime()));

const announced = (stage: StoryStage): string => ofRole(stage, 'announcement')[0]?.text ?? '';

const reminded = async (stage: StoryStage, at: number, count: number): Promise<void> => {
  advanceTo(stage, at + minuteMs);
  await stage.waitFor(`reminder ${count}`, () => ofRole(stage, 'reminder').length === count);
};

/** Nobody is told whose film is whose, nor how the votes stand. */
const expectSecrets = (stage: StoryStage): void => {
  for (const { to, text } of stage.shown()) {
    expect(text).not.toMatch(/: \d+ points?\b|\d × \d/);
    for (let who = 1; who <= entrants; who++) {
      if (to === who) continue;
      for (const name of stage.nameOf(who)) expect(text, `shown to ${to ?? 'all'}`).not.toContain(name);
    }
  }
};

/** From the announcement until the films are in. */
export const tellEntering = async (stage: StoryStage, { zone, enterFrom }: Halloween): Promise<void> => {
  await stage.command('start', { preset: 'halloween', timezone: zone, approval: 'on' });
  await stage.waitFor('the announcement', () => announced(stage) !== '');
  advanceTo(stage, enterFrom);
  await stage.waitFor('entering', () => /No film is in yet/.test(announced(stage)));
  for (let who = 1; who <= entrants; who++) {
    await stage.enter(who, (['option', 'button', 'choice'] as const)[who % 3]!);
  }
  await stage.approveAll();
  await stage.waitFor('all films', () => announced(stage).includes(`${entrants} films so far`));
  await stage.readNumbers();
  for (const who of [...followers, leaver]) await stage.follow(who);
  await stage.leave(leaver);
};

/** Reminders, until votes are open. */
const tellReminders = async (stage: StoryStage, { enterFrom, enterUntil }: Halloween): Promise<void> => {
  await reminded(stage, (enterFrom + enterUntil) / 2, 1);
  await reminded(stage, enterUntil - 24 * hourMs, 2);
  await stage.arrive(secondAccount);
  await reminded(stage, enterUntil - hourMs, 3);
  advanceTo(stage, enterUntil);
  await stage.waitFor('the gallery', () => ofRole(stage, 'gallery').length === 2);
  await stage.waitFor('the vote', () => /nobody has voted yet/.test(announced(stage)));
};

/** Votes, honest or not, an extension in between, and what is taken out. */
export const tellVoting = async (stage: StoryStage, { voteUntil, enterUntil }: Halloween): Promise<void> => {
  expect(await stage.tryToVote(secondAccount, 7)).toMatch(stage.refusal);
  expect(await stage.tryToVote(selfVoter, selfVoter)).toMatch(/of their own/);
  await stage.clickAtOnce(selfVoter, [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 6, 7, 8, 9, 10]);
  await stage.vote(undecided, [2]);
  for (const [who, films] of Object.entries(ballots)) {
    const isLater = lateVoters.includes(Number(who)) || Number(who) === undecided;
    if (!isLater) await stage.vote(Number(who), films);
  }
  await reminded(stage, (enterUntil + voteUntil) / 2, 4);
  await stage.command('extend', { until: '2026-11-02 18:00' });
  await stage.withdraw(withdrawn);
  await stage.disqualify(disqualified, reason);
  for (const who of [...lateVoters, undecided]) await stage.vote(who, ballots[who]!);
};

/** The last hours, and the end. */
export const tellEnd = async (stage: StoryStage, { extendedUntil }: Halloween): Promise<void> => {
  await reminded(stage, extendedUntil - 24 * hourMs, 5);
  await reminded(stage, extendedUntil - hourMs, 6);
  await stage.waitFor('the gallery without two films', () => ofRole(stage, 'gallery').length === 1);
  await stage.waitFor('how many have voted', () => /39 people have voted/.test(announced(stage)));
  expectSecrets(stage);
  advanceTo(stage, extendedUntil);
  await stage.waitFor('the results', () => ofRole(stage, 'results').length > 0);
  await stage.waitFor("the winners' films", () => ofRole(stage, 'winner').length === 3);
  await stage.waitFor('the reel', () => ofRole(stage, 'reel').length === 1);
};

/** All of it. */
export const tellHalloween = async (stage: StoryStage, halloween: Halloween): Promise<void> => {
  await tellEntering(stage, halloween);
  await tellReminders(stage, halloween);
  await tellVoting(stage, halloween);
  await tellEnd(stage, halloween);
};
