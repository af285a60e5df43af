import type { ContestActor } from '../../src/app/contests.ts';
import type { RenderDeps } from '../../src/app/deps.ts';
import {
  type Contest,
  type ContestId,
  contestSubject,
  type EntryId,
} from '../../src/domain/contest/contest.ts';
import type { ContestPost } from '../../src/domain/contest/post.ts';
import type { JobId } from '../../src/domain/job.ts';
import type { MessageContent } from '../../src/domain/message.ts';
import { messageKey } from '../../src/domain/subject.ts';
import { type BotProcess, createWorld, smallFilm, someone, type World } from './app-world.ts';
import { createFakeChat, type FakeChat, type FakeMessage, says } from './fake-chat.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

export const hourMs = 60 * 60 * 1000;
export const dayMs = 24 * hourMs;

/** A clock that stands at some moment until a test moves it. */
export const clockAt = (wall: number): FakeClock => {
  const clock = createFakeClock();
  const offset = wall - clock.wallTime();
  return { ...clock, wallTime: () => clock.wallTime() + offset };
};

/** Resolves once it is so. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
};

/** Somebody who acts in the lounge; `mod` keeps order there. */
export const person = (user: string, where: string = someone.server): ContestActor => ({
  actor: { ...someone, server: where, user },
  isModerator: user === 'mod',
  person: { name: `Name of ${user}`, accountSince: null, memberSince: null, roles: [], isOutsider: false },
  replyTarget: { platform: someone.platform, ref: where },
});

export const postOf = (message: FakeMessage | undefined): ContestPost | undefined => {
  const body = says(message)?.body;
  return body?.kind === 'contest' ? body.post : undefined;
};

type Life = { readonly bot: BotProcess; readonly clock: FakeClock };

/** A contest from its start to its end, on a clock that a test moves. */
export const createContestCourse = async ({
  now = Date.UTC(2026, 9, 20, 12),
  chat = createFakeChat(),
  changes = () => ({}),
}: {
  readonly now?: number;
  readonly chat?: FakeChat;
  readonly changes?: (deps: RenderDeps) => Partial<RenderDeps>;
} = {}) => {
  const storeClock = clockAt(now);
  const world: World = await createWorld({ chat, clock: storeClock });
  const life: { current: Life } = { current: { bot: world.start({ changes }), clock: storeClock } };
  const { contests: rows } = world.opened.store;
  const contests = () => life.current.bot.renders.contests;
  let id = '' as ContestId;

  const row = async (): Promise<Contest> => {
    const contest = await rows.get(id);
    if (!contest) throw new Error('no contest');
    return contest;
  };
  const message = (role: string): FakeMessage | undefined =>
    chat.messages.find(({ key }) => key === messageKey(contestSubject(id), role));

  return {
    world,
    chat,
    rows,
    contests,
    row,
    message,
    clock: storeClock,
    get id() {
      return id;
    },
    get bot() {
      return life.current.bot;
    },
    post: (role: string): ContestPost | undefined => postOf(message(role)),
    content: (role: string): MessageContent | undefined => says(message(role)),
    /** Names of the messages of the contest, in the order of sending. */
    roles: (): readonly string[] => {
      const prefix = messageKey(contestSubject(id), '');
      return chat.messages.flatMap(({ key }) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
    },
    start: async (options: unknown, by = person('mod')): Promise<ContestId> => {
      const view = await contests().start(options, by);
      if (view.kind !== 'status') throw new Error(`a view of ${view.kind}`);
      id = view.contest;
      await until(() => message('announcement') !== undefined);
      return id;
    },
    film: async (user: string): Promise<JobId> => {
      const { id: render } = await life.current.bot.renders.submit(
        world.submission({
          origin: { ...someone, user },
          options: smallFilm,
          attachment: chat.attach(new TextEncoder().encode(`a photo of ${user}'s`)),
        }),
      );
      await life.current.bot.finished(render);
      return render;
    },
    enter: async (user: string, render: JobId): Promise<EntryId> => {
      const view = await contests().enter(render, person(user));
      if (view.kind !== 'entered') throw new Error(`a view of ${view.kind}`);
      return view.entry.id;
    },
    rank: async (user: string, ...entries: readonly EntryId[]): Promise<void> => {
      for (const [index, entry] of entries.entries()) {
        const rank = (index + 1) as 1 | 2 | 3;
        await contests().take({ kind: 'rank', contest: id, entry, rank, page: 0 }, person(user));
      }
    },
    /** Lets time pass until a moment, and waits until the contest has noticed. */
    passTo: async (moment: number, isSo: () => boolean | Promise<boolean> = () => true): Promise<void> => {
      const ms = moment - storeClock.wallTime();
      storeClock.advance(ms);
      await until(isSo);
    },
    inPhase: (phase: Contest['phase']) => async (): Promise<boolean> => (await rows.get(id))?.phase === phase,
    /** Another process takes over, with the folder and the chat as they are. */
    restart: async (): Promise<void> => {
      await life.current.bot.stop();
      life.current = { bot: world.start({ changes }), clock: storeClock };
      await life.current.bot.renders.resume();
    },
  };
};
