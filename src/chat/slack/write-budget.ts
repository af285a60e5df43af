import type { Clock } from '../../ports/clock.ts';
import { createRateBudget, type Rank, type RateBudget, ranks } from '../shared/rate-budget.ts';
import type { SlackPlace } from './place.ts';

/** What Slack lets an app post in a channel: one a second, and a few at once. */
const posts = { most: 3, windowMs: 3_150 };
/**
 * Of changes Slack takes about 50 a minute in a workspace (Tier 3), of files.info 100 (Tier 4). Pictures on the way get a
 * part of it and states another one, so that last words always find room.
 */
const updates = { final: 48, answer: 44, progress: 36 };
const lookups = { final: 95, answer: 80, progress: 60 };
const minuteMs = 60_000;

export type Writing = {
  readonly place: Pick<SlackPlace, 'tenant' | 'team' | 'channel' | 'user'>;
  readonly rank: Rank;
  readonly signal?: AbortSignal | undefined;
};

type Work<T> = (left: AbortSignal) => Promise<T>;

/** Keeps the bot within what Slack lets it write, so that it seldom hears of it. */
export const createWriteBudget = (clock: Clock) => {
  const budgets: RateBudget[] = [];
  const budgetOf = (most: number, windowMs: number): RateBudget => {
    const budget = createRateBudget({ clock, platform: 'Slack', most, windowMs });
    budgets.push(budget);
    return budget;
  };

  /** What is of little rank passes the narrow gates first. */
  const createGates = (most: typeof updates) => {
    const [all, withoutFinals, pictures] = [most.final, most.answer, most.progress].map((count) =>
      budgetOf(count, minuteMs),
    ) as [RateBudget, RateBudget, RateBudget];
    const gates = {
      [ranks.final]: [all],
      [ranks.answer]: [withoutFinals, all],
      [ranks.progress]: [pictures, withoutFinals, all],
    };
    return <T>({ place: { tenant, team, user }, rank, signal }: Writing, work: Work<T>): Promise<T> => {
      const turn = { channel: `${tenant}/${team}`, owner: user, rank, signal };
      return gates[rank].reduceRight<Work<T>>(
        (inner, gate) => (left) => gate.run({ ...turn, signal: signal && left }, inner),
        work,
      )(signal ?? new AbortController().signal);
    };
  };

  const inChannels = budgetOf(posts.most, posts.windowMs);
  return {
    /** Says something new in a channel. @throws GramzoomError as `RateBudget.run` */
    post: <T>(
      { place: { tenant, channel, user: owner }, rank, signal }: Writing,
      work: Work<T>,
    ): Promise<T> => inChannels.run({ channel: `${tenant}/${channel}`, owner, rank, signal }, work),
    /** Changes a message. @throws GramzoomError as `RateBudget.run` */
    update: createGates(updates),
    /** Asks how it stands with a file. @throws GramzoomError as `RateBudget.run` */
    lookUp: createGates(lookups),
    /** Lets nobody through any more, and waits for those in flight. */
    close: async (): Promise<void> => {
      await Promise.all(budgets.map((budget) => budget.close()));
    },
  };
};

export type WriteBudget = ReturnType<typeof createWriteBudget>;
