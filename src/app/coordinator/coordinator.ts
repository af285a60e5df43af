import { KeyedMutex, Mutex } from '../../concurrency/keyed-mutex.ts';
import { pause } from '../../concurrency/pause.ts';
import { Semaphore } from '../../concurrency/semaphore.ts';
import type { ContestId } from '../../domain/contest/contest.ts';
import type { BlobId, JobId } from '../../domain/job.ts';
import { reactionCooldown } from '../../domain/reaction-cooldown.ts';
import { parseSubject } from '../../domain/subject.ts';
import type { DueEntry } from '../../ports/calendar.ts';
import type { CoordinatorDeps } from '../deps.ts';
import { CalendarSweep, type Performed } from './calendar-sweep.ts';
import { type Cooldown, createCooldown } from './cooldown.ts';
import { MessageSync } from './message-sync.ts';
import { createQueueNotifier, type QueueNotifier } from './queue-notifier.ts';
import { createQueueSnapshots, type QueueSnapshots } from './queue-snapshot.ts';
import { RenderPreviews } from './render-previews.ts';
import { createSpeed, type RenderProgress } from './speed.ts';
import type { SubjectHandler, SubjectHandlers } from './subject-handler.ts';
import { createViews, type Views } from './views.ts';

/** Each may have as many bytes as a photo may have. */
const photosAtOnce = 4;

/** What is empty at the start. */
const createOwnState = () => ({
  /** Taken by each photo that is fetched, inspected and stored, since it is in memory as a whole. */
  photoSlots: new Semaphore(photosAtOnce),
  /** Photos that are stored before any row points at them, and for how many requests. */
  heldPhotos: new Map<BlobId, number>(),
  /** Held while a reaction leads to a re-roll, and while one is taken back. */
  reactionLock: new Mutex(),
  /** Taken by whoever deletes what is marked. */
  erasureLock: new Mutex(),
  /** Held while somebody enters a film or changes their ballot, by contest and person. */
  participantLock: new KeyedMutex(),
  /** Reactions that are being dealt with. */
  reacting: new Set<string>(),
  /** Photos in flight. */
  fetching: new Map<JobId, AbortController>(),
  /** What workers tell of the renders that they run. */
  progress: new Map<JobId, RenderProgress>(),
  /** Films in flight; each resolves when it has arrived, or will not. */
  delivering: new Map<JobId, Promise<void>>(),
  /** Renders whose film, checkpoint or end cannot be stored at the moment. */
  withoutSpace: new Set<JobId>(),
  /** Work in the background that must be awaited at the end. */
  background: new Set<Promise<unknown>>(),
  /** Aborts when the grace time is over: whatever still runs stops where it is. */
  deadline: new AbortController(),
  /** Held while what the calendar says of a contest is brought up to date, and while what follows is done; by id. */
  contestLock: new KeyedMutex(),
  /** The version of each contest that everybody has been told of by this process. */
  toldContests: new Map<ContestId, number>(),
  /** Contests of which what follows from a change is being done. */
  followingUp: new Set<ContestId>(),
  speed: createSpeed(),
});

/** What the use cases share within one process. All that must survive it is in the store. */
export type Coordinator = Readonly<ReturnType<typeof createOwnState>> & {
  readonly deps: CoordinatorDeps;
  readonly snapshots: QueueSnapshots;
  readonly notifier: QueueNotifier;
  readonly views: Views;
  readonly messageSync: MessageSync;
  readonly previews: RenderPreviews;
  readonly subjects: SubjectHandlers;
  /** Held while a file is stored and a row is pointed at it, and while files without a row are removed. */
  readonly blobLock: Mutex;
  readonly cooldown: Cooldown;
  /** Does what is due. */
  readonly calendar: CalendarSweep;
  isStopping: boolean;
};

/**
 * @param options.performDue does what the calendar says
 * @param options.handlers one for each kind of subject
 */
export const createCoordinator = (
  deps: CoordinatorDeps,
  {
    performDue,
    handlers,
  }: {
    readonly performDue: (coordinator: Coordinator, entry: DueEntry) => Promise<Performed>;
    readonly handlers: readonly ((coordinator: Coordinator) => SubjectHandler)[];
  },
): Coordinator => {
  const own = createOwnState();
  const snapshots = createQueueSnapshots(deps);
  const views = createViews({ ...own, snapshots });
  const subjects = new Map<string, SubjectHandler>();
  const messageSync = new MessageSync({
    deps,
    subjects,
    signal: own.deadline.signal,
    onDeserted: (subject) => {
      const { kind, id } = parseSubject(subject);
      inBackground(coordinator, 'subject: failed to end one whose channel is gone', async () =>
        subjects.get(kind)?.deserted(id),
      );
    },
  });
  const coordinator: Coordinator = {
    ...{ ...own, deps, snapshots, views, messageSync, subjects, isStopping: false },
    notifier: createQueueNotifier(deps, { snapshots, messageSync, views }),
    previews: new RenderPreviews(deps),
    blobLock: deps.blobLock,
    cooldown: createCooldown(deps.clock, deps.cooldown ?? reactionCooldown),
    calendar: new CalendarSweep(deps, { perform: (entry) => performDue(coordinator, entry) }),
  };
  for (const makeHandler of handlers) {
    const handler = makeHandler(coordinator);
    subjects.set(handler.kind, handler);
  }
  return coordinator;
};

/** The queue has changed: what is known of it is out of date, and those who wait may want to know. */
export const queueChanged = ({ snapshots, notifier }: Coordinator): void => {
  snapshots.changed();
  notifier.changed();
};

/** Runs something in the background. Its failure is for the log: the row says what is left to do. */
export const inBackground = (coordinator: Coordinator, what: string, work: () => Promise<unknown>): void => {
  const promise = work()
    .catch((error: unknown) => coordinator.deps.log.error(what, { error }))
    .finally(() => coordinator.background.delete(promise));
  coordinator.background.add(promise);
};

/**
 * See `Renders.stop`. Whatever is not over by the end of the grace time stops where it is: its row says how
 * to continue.
 * @param options.after resolves when the workers of this process have stopped
 */
export const stopCoordinator = async (
  coordinator: Coordinator,
  { graceMs, after }: { readonly graceMs: number; readonly after: Promise<void> },
): Promise<void> => {
  const { deps, messageSync, notifier, background, deadline } = coordinator;
  if (deadline.signal.aborted) return;
  coordinator.isStopping = true;
  const late = Promise.withResolvers<void>();
  deadline.signal.addEventListener('abort', () => late.resolve(), { once: true });
  const timer = deps.clock.after(graceMs, () => deadline.abort());
  await after;
  await notifier.close();
  const sweeping = coordinator.calendar.close();
  const rest = async (): Promise<void> => {
    while (background.size > 0) await Promise.all(background);
    await messageSync.idle();
    await sweeping;
  };
  await Promise.race([rest(), late.promise]);
  timer.cancel();
  deadline.abort();
};

/** A send that takes longer has a platform that cannot be reached: nobody can have seen it. */
const arrivalMs = 60_000;

const onTheWay = ({ delivering, messageSync }: Coordinator, id?: JobId): readonly Promise<void>[] =>
  id === undefined
    ? [...delivering.values(), ...messageSync.pending()]
    : [delivering.get(id)].filter((film) => film !== undefined);

/** Whether something is being said now, which people may see before this process knows that they do. */
export const hasPendingSends = (coordinator: Coordinator): boolean => onTheWay(coordinator).length > 0;

/** Waits, not for ever, until what is being said now has been said; or one film. */
export const pendingSends = async (coordinator: Coordinator, id?: JobId): Promise<void> => {
  const awaited = onTheWay(coordinator, id);
  if (awaited.length === 0) return;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, coordinator.deadline.signal]);
  const patience = pause(coordinator.deps.clock, arrivalMs, { signal }).catch(() => {});
  await Promise.race([Promise.all(awaited), patience]);
  over.abort();
};
