import type { ContestActor } from '../../src/app/contests.ts';
import type { RenderDeps } from '../../src/app/deps.ts';
import type { Submission } from '../../src/app/renders.ts';
import type { ContestId, EntryId, PersonFacts } from '../../src/domain/contest/contest.ts';
import type { ContestPhase } from '../../src/domain/contest/phase.ts';
import type { ContestRules } from '../../src/domain/contest/rules.ts';
import type { ContestStep } from '../../src/domain/contest/step.ts';
import type { ContestView } from '../../src/domain/contest/view.ts';
import type { JobId } from '../../src/domain/job.ts';
import type { Renderer } from '../../src/ports/renderer.ts';
import { createWorld, smallFilm, someone } from './app-world.ts';
import { contestRules } from './contest-facts.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type ContestStage = Awaited<ReturnType<typeof createContestStage>>;

/** A view of one kind. */
export const viewed = <Kind extends ContestView['kind']>(
  view: ContestView,
  kind: Kind,
): Extract<ContestView, { readonly kind: Kind }> => {
  if (view.kind !== kind) throw new Error(`a view of ${view.kind}, not of ${kind}`);
  return view as Extract<ContestView, { readonly kind: Kind }>;
};

/**
 * A contest in the lounge that takes entries for two days and votes for one more, and people who take part. Its host is
 * called `host` and is no moderator; `mod` is one.
 */
export const createContestStage = async ({
  rules = {},
  renderer,
  operators = [],
}: {
  readonly rules?: Partial<ContestRules>;
  readonly renderer?: Renderer;
  readonly operators?: RenderDeps['operators'];
} = {}) => {
  const world = await createWorld();
  const bot = world.start({ ...(renderer && { renderer }), changes: () => ({ operators }) });
  const { contests } = world.opened.store;
  const { server, platform } = someone;
  const id = 'contest-1' as ContestId;
  const start = world.storeClock.wallTime();
  const moment = (days: number) => ({ at: start + days * dayMs, wall: `day ${days}` });
  const inserted = await contests.insert({
    id,
    origin: { platform, server, user: 'host' },
    hostName: 'Hana',
    home: { platform, ref: 'lounge' },
    rules: contestRules(rules),
    zone: 'Europe/Berlin',
    enterFrom: moment(0),
    enterUntil: moment(2),
    voteUntil: moment(3),
    event: null,
  });
  if (inserted.kind !== 'inserted') throw new Error('no contest');

  const row = async () => {
    const contest = await contests.get(id);
    if (!contest) throw new Error('no contest');
    return contest;
  };

  /** Moves the contest on by hand, without what that would lead to. */
  const moveTo = async (phase: ContestPhase): Promise<void> => {
    const { version } = await row();
    const outcome = { kind: 'winners', voters: 0, table: [] } as const;
    const moved = await contests.update(id, version, { phase, ...(phase === 'closed' && { outcome }) });
    if (!moved) throw new Error('the contest has changed meanwhile');
  };
  await moveTo('entering');

  /** Somebody who acts in the lounge, unless told otherwise. */
  const person = (user: string, facts: Partial<PersonFacts> = {}, where: string = server): ContestActor => ({
    actor: { platform, server: where, user },
    isModerator: user === 'mod',
    person: {
      name: `Name of ${user}`,
      accountSince: start - 400 * dayMs,
      memberSince: start - 100 * dayMs,
      roles: [],
      isOutsider: false,
      ...facts,
    },
    replyTarget: { platform, ref: where },
  });

  /** A finished film of theirs. */
  const film = async (user: string, changes: Partial<Submission> = {}): Promise<JobId> => {
    const { id: render } = await bot.renders.submit(
      world.submission({ origin: { ...someone, user }, options: smallFilm, ...changes }),
    );
    await bot.finished(render);
    return render;
  };

  const take = (
    step: ContestStep extends infer Step ? (Step extends ContestStep ? Omit<Step, 'contest'> : never) : never,
    by: ContestActor & { readonly text?: string },
  ): Promise<ContestView> => bot.renders.contests.take({ ...step, contest: id } as ContestStep, by);

  const entry = async (entryId: EntryId) => {
    const found = await contests.entry(entryId);
    if (!found) throw new Error(`no entry ${entryId}`);
    return found;
  };

  return {
    ...{ world, bot, id, start, dayMs, row, moveTo, person, film, take, entry },
    store: world.opened.store,
    contests: bot.renders.contests,
    /** Enters a finished film of theirs. */
    enter: async (user: string): Promise<EntryId> => {
      const view = await bot.renders.contests.enter(await film(user), person(user));
      return viewed(view, 'entered').entry.id;
    },
    states: async (): Promise<readonly string[]> =>
      (await contests.entries(id)).map(({ user, state }) => `${user} ${state}`),
    /** Resolves once the entries are in these states. */
    until: async (states: readonly string[]): Promise<void> => {
      for (;;) {
        const now = (await contests.entries(id)).map(({ user, state }) => `${user} ${state}`);
        if (now.join() === states.join()) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
};
