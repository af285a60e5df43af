import { backoffMs } from '../../concurrency/backoff.ts';
import { pause } from '../../concurrency/pause.ts';
import { type GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import { hasSpareRoom } from '../../domain/storage-need.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Preview } from '../../ports/job-events.ts';
import type { CoordinatorDeps, StoredPicture } from '../deps.ts';
import { isTransient, mostTries } from '../retry.ts';
import { giveUp, type PassResult, runPass } from './sync-messages.ts';
import type { Views } from './views.ts';

/** The least time between two updates of a render that nothing but time has changed. */
export const updateIntervalMs = 3000;

/** Words on the way wait so long for an answer where last words wait. */
const leaveAfterMs = 1000;

/** `stopped`: the process ends, or the render is dropped, before it could be said. */
export type Said = Exclude<PassResult, 'stale'> | 'stopped';

/** Keeps the messages of renders up to date. */
export type MessageSync = {
  /** The messages should be brought up to date, at most every `everyMs`. */
  touch(id: JobId, options?: { readonly everyMs?: number }): void;
  /** Brings them up to date at once; resolves when that is done, and tries until it is. */
  say(id: JobId): Promise<Said>;
  /** The newest look at a render, for the next update. */
  picture(id: JobId, picture: Preview): void;
  /** As if the messages had been written just now. */
  markSynced(id: JobId): void;
  /** Says nothing more about a render; resolves when nothing is on its way any more. */
  drop(id: JobId): Promise<void>;
  /** What is on its way now; each resolves when it has been said, or will not be. */
  onTheWay(): readonly Promise<void>[];
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
};

/** All that is known of what has been said about one render. */
type Talk = {
  readonly controller: AbortController;
  readonly written: Map<string, string>;
  readonly refused: Map<string, number>;
  /** Leaves what the pass that runs now says on the way. */
  leaving: AbortController;
  /** Ends the pause after a pass that failed. */
  resting: AbortController | undefined;
  /** Last words wait since a while. */
  hurry: Timer | undefined;
  /** Whether passes are being run, which they are for as long as there is something to say. */
  isBusy: boolean;
  /** Resolves when they are over. */
  loop: Promise<void> | undefined;
  wanted: boolean;
  waiters: ((said: Said) => void)[];
  begunAt: number;
  /** When the next update should begin. */
  due: number | undefined;
  timer: Timer | undefined;
  picture: Preview | undefined;
  stored: StoredPicture | null;
  /** Whether failures may have been counted that no success has made up for. */
  hasFailed: boolean;
  /** Whether it failed too often: only last words are tried once more. */
  isGivenUp: boolean;
};

const newTalk = (): Talk => ({
  controller: new AbortController(),
  leaving: new AbortController(),
  resting: undefined,
  hurry: undefined,
  written: new Map(),
  refused: new Map(),
  isBusy: false,
  loop: undefined,
  wanted: false,
  waiters: [],
  begunAt: Number.NEGATIVE_INFINITY,
  due: undefined,
  timer: undefined,
  picture: undefined,
  stored: null,
  hasFailed: true,
  isGivenUp: false,
});

/**
 * Who is told what, when. One loop per render writes all of its messages, pass after pass, and each pass says
 * what the row says by then: the newest content wins, and the final state is always what is written last.
 * @param options.signal aborts when the process ends
 * @param options.onDeserted is told of a render whose place is gone; must not throw
 */
export const createMessageSync = (
  deps: Pick<CoordinatorDeps, 'store' | 'blobs' | 'disk' | 'chats' | 'observe' | 'clock' | 'log'>,
  options: {
    readonly views: Views;
    readonly signal: AbortSignal;
    readonly onDeserted: (id: JobId) => void;
  },
): MessageSync => {
  const { clock } = deps;
  const talks = new Map<JobId, Talk>();

  const talkOf = (id: JobId): Talk => {
    const talk = talks.get(id) ?? newTalk();
    talks.set(id, talk);
    return talk;
  };

  /** Only what is shown is stored. A render goes on without pictures where there is no room for them. */
  const storePicture = async (id: JobId, talk: Talk): Promise<StoredPicture | null> => {
    const newest = talk.picture;
    talk.picture = undefined;
    if (!newest) return talk.stored;
    try {
      const space = await deps.disk.space();
      if (space && !hasSpareRoom(space)) return talk.stored;
      const { jpeg, name, sides } = newest;
      talk.stored = { blob: await deps.blobs.put(jpeg), name, sides };
    } catch (error) {
      deps.log.forJob(id).warn('a progress picture could not be stored', { error });
    }
    return talk.stored;
  };

  const pass = async (id: JobId, talk: Talk): Promise<PassResult> => {
    const { written, refused } = talk;
    talk.leaving = new AbortController();
    const { signal } = talk.leaving;
    try {
      const picture = () => storePicture(id, talk);
      return await runPass(id, { deps, views: options.views, written, refused, picture, signal });
    } catch (thrown) {
      if (signal.aborted) return 'stale';
      const error = toGramzoomError(thrown);
      if (isTransient(error)) throw error;
      deps.log.forJob(id).error('its answer cannot be given', { error });
      return 'gone';
    } finally {
      talk.hurry?.cancel();
      talk.hurry = undefined;
    }
  };

  /** Somebody waits for what is said next: not for long for what is said now. */
  const hurry = (talk: Talk): void => {
    talk.resting?.abort();
    const { leaving } = talk;
    talk.hurry ??= clock.after(leaveAfterMs, () => leaving.abort());
  };

  /** Counts a failure where every process sees it, so that not even a crash makes it begin anew. */
  const countFailure = async (id: JobId, failures: number): Promise<number> => {
    try {
      return Math.max(failures, await deps.store.tries.add(id, 'say'));
    } catch (error) {
      deps.log.forJob(id).warn('a failure could not be counted', { error });
      return failures;
    }
  };

  const succeeded = async (id: JobId, talk: Talk): Promise<void> => {
    talk.isGivenUp = false;
    if (!talk.hasFailed) return;
    talk.hasFailed = false;
    await deps.store.tries.clear(id, 'say').catch((error: unknown) => {
      deps.log.forJob(id).warn('a success could not be noted', { error });
    });
  };

  /** Nobody will hear it. */
  const abandon = async (id: JobId, talk: Talk, error: GramzoomError): Promise<Said> => {
    talk.isGivenUp = true;
    const job = await deps.store.jobs.get(id);
    if (job) await giveUp(job, deps);
    return job?.state === 'delivering' ? error : 'gone';
  };

  const run = async (id: JobId, talk: Talk): Promise<void> => {
    const signal = AbortSignal.any([options.signal, talk.controller.signal]);
    for (let failures = 0; talk.wanted && !signal.aborted; ) {
      const waiters = talk.waiters.splice(0);
      talk.wanted = false;
      talk.due = undefined;
      talk.begunAt = clock.now();
      try {
        const result = await pass(id, talk);
        failures = 0;
        if (result !== 'stale') {
          await succeeded(id, talk);
          if (result === 'deserted') options.onDeserted(id);
          for (const resolve of waiters) resolve(result);
          continue;
        }
      } catch (thrown) {
        const error = toGramzoomError(thrown);
        failures++;
        talk.hasFailed = true;
        const tries = await countFailure(id, failures);
        if (tries >= mostTries(error.code)) {
          deps.log.forJob(id).error('its messages are given up', { error, tries });
          const said = await abandon(id, talk, error);
          for (const resolve of waiters) resolve(said);
          continue;
        }
        deps.log.forJob(id).warn('its messages could not be updated, trying again', { error, failures });
        deps.observe({ kind: 'chat-retried', job: id, code: error.code });
        talk.resting = new AbortController();
        const either = AbortSignal.any([signal, talk.resting.signal]);
        await pause(clock, backoffMs(failures), { signal: either }).catch(() => {});
        talk.resting = undefined;
      }
      talk.waiters.unshift(...waiters);
      talk.wanted = true;
    }
  };

  const runLoop = async (id: JobId, talk: Talk): Promise<void> => {
    try {
      await run(id, talk);
    } catch (error) {
      deps.log.forJob(id).error('its messages are given up', { error });
    }
    // Nothing may come between the loop's last look and this: who asks now finds that no loop runs.
    talk.isBusy = false;
    for (const resolve of talk.waiters.splice(0)) resolve('stopped');
    arm(id, talk);
  };

  const kick = (id: JobId, talk: Talk): void => {
    talk.wanted = true;
    talk.timer?.cancel();
    talk.timer = undefined;
    if (talk.isBusy) return;
    talk.isBusy = true;
    talk.loop = runLoop(id, talk);
  };

  /** Sets the alarm for the next update; while a pass runs there is none. */
  const arm = (id: JobId, talk: Talk): void => {
    if (talk.due === undefined || talk.isBusy || talk.controller.signal.aborted || options.signal.aborted)
      return;
    talk.timer?.cancel();
    const delayMs = talk.due - clock.now();
    if (delayMs <= 0) kick(id, talk);
    else talk.timer = clock.after(delayMs, () => kick(id, talk));
  };

  // A timer would keep the process alive.
  options.signal.addEventListener('abort', () => {
    for (const { timer } of talks.values()) timer?.cancel();
  });

  const onTheWay = (): readonly Promise<void>[] =>
    [...talks.values()].flatMap(({ isBusy, loop }) => (isBusy && loop ? [loop] : []));

  return {
    touch: (id, { everyMs = updateIntervalMs } = {}) => {
      const talk = talkOf(id);
      if (talk.isGivenUp) return;
      const due = talk.begunAt + everyMs;
      if (talk.due !== undefined && talk.due <= due) return;
      talk.due = due;
      arm(id, talk);
    },
    say: (id) => {
      if (options.signal.aborted) return Promise.resolve('stopped');
      const talk = talkOf(id);
      return new Promise((resolve) => {
        talk.waiters.push(resolve);
        if (talk.isBusy) hurry(talk);
        kick(id, talk);
      });
    },
    picture: (id, picture) => {
      talkOf(id).picture = picture;
    },
    markSynced: (id) => {
      talkOf(id).begunAt = clock.now();
    },
    drop: async (id) => {
      const talk = talks.get(id);
      if (!talk) return;
      talks.delete(id);
      talk.timer?.cancel();
      talk.controller.abort();
      await talk.loop;
    },
    onTheWay,
    idle: async () => {
      for (let loops = onTheWay(); loops.length > 0; loops = onTheWay()) await Promise.all(loops);
    },
  };
};
