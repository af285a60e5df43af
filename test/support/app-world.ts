import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type MakeSubjectHandler, subjectHandlers } from '../../src/app/coordinator/subjects.ts';
import { createRenders, type RenderService } from '../../src/app/create-renders.ts';
import type { AppEvent, RenderDeps, RetentionRules } from '../../src/app/deps.ts';
import type { Submission } from '../../src/app/renders.ts';
import type { GramzoomError } from '../../src/domain/errors.ts';
import type { Job, JobId, JobState, Origin } from '../../src/domain/job.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import type { AppLog } from '../../src/ports/log.ts';
import type { Renderer } from '../../src/ports/renderer.ts';
import { type OpenedStore, openStore } from '../../src/store/open-store.ts';
import { databaseFile } from '../../src/store/sqlite/open-database.ts';
import { createFakeChat, type FakeChat, type FakeMessage } from './fake-chat.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeNetworks } from './fake-networks.ts';
import { createFakeRenderer } from './fake-renderer.ts';

export const someone: Origin = { platform: 'web', server: 'lounge', user: 'ann' };
export const photoBytes = new TextEncoder().encode('a photo of a cat');
/** Small, so that a test waits for little. */
export const smallFilm = { size: 64, frames: 8, steps: 2, seed: 7 } as const;

export const keepAll: RetentionRules = {
  photoDays: null,
  resultDays: null,
  rowDays: null,
  maxDataBytes: null,
};

const noLog: AppLog = { info: () => {}, warn: () => {}, error: () => {}, forJob: () => noLog };

/** A log that keeps its lines, as `level message`, with their fields. */
export const createLoudLog = () => {
  const lines: { readonly line: string; readonly fields: unknown }[] = [];
  const say = (level: string) => (message: string, fields?: unknown) =>
    void lines.push({ line: `${level} ${message}`, fields });
  const log: AppLog = { info: say('info'), warn: say('warn'), error: say('error'), forJob: () => log };
  return { log, lines };
};

/** One process of the bot. */
export type BotProcess = {
  readonly renders: RenderService;
  readonly clock: FakeClock;
  readonly events: readonly AppEvent[];
  /** Ends it at once, in order. */
  stop(): Promise<void>;
  /** It has died: nothing is to be stopped. */
  bury(): void;
  /** Resolves with the first event that is so, of those that were or will be. */
  event(isSo: (event: AppEvent) => boolean): Promise<AppEvent>;
  finished(id: JobId): Promise<AppEvent>;
};

/** What survives a process: the data folder and the chat. */
export type World = {
  readonly opened: OpenedStore;
  /** The store's, and of processes that have none of their own. */
  readonly storeClock: FakeClock;
  /** The data folder. */
  readonly folder: string;
  readonly chat: FakeChat;
  /** Starts a process over it; another one before it is taken for dead. */
  start(options?: {
    readonly renderer?: Renderer;
    readonly clock?: FakeClock;
    readonly changes?: (deps: RenderDeps) => Partial<RenderDeps>;
    /** Kinds of subjects; those that there are unless told. */
    readonly subjects?: readonly MakeSubjectHandler[];
  }): BotProcess;
  submission(changes?: Partial<Submission>): Submission;
  job(id: JobId): Promise<Job>;
  /** Brings a row into a state by hand, as a process that died would have left it. */
  rowIn(state: JobState, changes?: Partial<Submission>): Promise<JobId>;
};

export const messageWith = (chat: FakeChat, key: string): FakeMessage | undefined =>
  chat.messages.find((message) => message.key === key);

/** A data folder, a chat and the means to start processes over them. */
export const createWorld = async ({
  chat = createFakeChat(),
  clock: storeClock = createFakeClock(),
  folder: given,
}: {
  readonly chat?: FakeChat;
  readonly clock?: FakeClock;
  readonly folder?: string;
} = {}): Promise<World> => {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'gramzoom-app-')));
  const opened = await openStore(folder, { clock: storeClock });
  const alive = new Set<BotProcess>();
  onTestFinished(async () => {
    await Promise.all([...alive].map((bot) => bot.stop()));
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });
  let ids = 0;
  let seeds = 100;

  const newId = () => `render-${++ids}` as JobId;

  const start: World['start'] = ({
    renderer = createFakeRenderer(),
    clock = storeClock,
    changes,
    subjects = subjectHandlers,
  } = {}) => {
    const events: AppEvent[] = [];
    const waiters = new Set<(event: AppEvent) => void>();
    const deps: RenderDeps = {
      store: opened.store,
      blobs: opened.blobs,
      checkpoints: opened.checkpoints,
      disk: opened.disk,
      renderer,
      chats: new Map([['web', chat]]),
      clock,
      limits: { perUser: 100, perServer: 100 },
      maxWork: 1_000_000,
      retention: keepAll,
      inspectPhoto: async () => {},
      newId,
      newSeed: () => ++seeds,
      defaults: { network: 'pocket' },
      networks: createFakeNetworks(),
      maxPhotoBytes: 1000,
      operators: [],
      zone: 'Europe/Berlin',
      log: noLog,
      observe: (event) => {
        events.push(event);
        for (const waiter of waiters) waiter(event);
      },
    };
    const event: BotProcess['event'] = (isSo) =>
      new Promise((resolve) => {
        const before = events.find(isSo);
        if (before) return resolve(before);
        const look = (happened: AppEvent): void => {
          if (!isSo(happened)) return;
          waiters.delete(look);
          resolve(happened);
        };
        waiters.add(look);
      });
    const renders = createRenders({ ...deps, ...changes?.(deps) }, { subjects });
    const bot: BotProcess = {
      renders,
      stop: async () => {
        alive.delete(bot);
        const stopped = renders.stop({ graceMs: 0 });
        clock.advance(0);
        await stopped;
      },
      bury: () => {
        alive.delete(bot);
      },
      clock,
      events,
      event,
      finished: (id) => event((each) => each.kind === 'finished' && each.job === id),
    };
    alive.add(bot);
    return bot;
  };

  const submission: World['submission'] = (changes = {}) => ({
    origin: someone,
    options: smallFilm,
    attachment: chat.attach(photoBytes),
    replyTarget: { platform: 'web', ref: 'lounge' },
    ...changes,
  });

  const wayTo: Readonly<Partial<Record<JobState, readonly JobState[]>>> = {
    fetching: [],
    queued: ['queued'],
    running: ['queued', 'running'],
    delivering: ['queued', 'running', 'delivering'],
  };

  return {
    opened,
    storeClock,
    folder,
    chat,
    start,
    submission,
    job: async (id) => {
      const job = await opened.store.jobs.get(id);
      if (!job) throw new Error(`no row ${id}`);
      return job;
    },
    rowIn: async (state, changes) => {
      const { origin, attachment, replyTarget } = submission(changes);
      const { jobs } = opened.store;
      const id = newId();
      const request = { ...parseRequest(smallFilm), seed: smallFilm.seed };
      const row = { id, origin, request, attachment, replyTarget, parent: null, photo: null, event: null };
      await jobs.insert(row, { perUser: 1000, perServer: 1000 });
      let from: JobState = 'fetching';
      for (const to of wayTo[state] ?? []) {
        const photo = to === 'queued' ? { photo: await opened.blobs.put(photoBytes) } : {};
        await jobs.move(id, from, to, { ...photo, ...(to === 'running' && { attempt: 1 }) });
        // A claim that no worker holds any more.
        if (to === 'running') await writeColumn(folder, id, 'claim', 0);
        from = to;
      }
      return id;
    },
  };
};

/** Writes into a row what the bot would not, as a dead process or a damaged disk would, between two of its transactions. */
export const writeColumn = async (
  folder: string,
  id: JobId,
  column: string,
  value: unknown,
): Promise<void> => {
  const database = new Sqlite(join(folder, databaseFile), { timeout: 0 });
  for (let isDone = false; !isDone; ) {
    try {
      isDone = database.prepare(`update jobs set ${column} = ? where id = ?`).run(value, id).changes === 1;
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  database.close();
};

/** The code that a promise fails with. */
export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    return (error as GramzoomError).code;
  }
  return 'none';
};
