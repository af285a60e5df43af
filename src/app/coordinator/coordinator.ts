import { Mutex } from '../../concurrency/keyed-mutex.ts';
import type { BlobId, Job, JobId } from '../../domain/job.ts';
import { reactionCooldown } from '../../domain/reaction-cooldown.ts';
import type { DueEntry } from '../../ports/calendar.ts';
import type { Queue } from '../../ports/queue.ts';
import type { RenderDeps } from '../deps.ts';
import { createSlots, type Slots } from '../slots.ts';
import { createSpeed, type Speed } from '../speed.ts';
import { CalendarSweep, type Performed } from './calendar-sweep.ts';
import { type Cooldown, createCooldown } from './cooldown.ts';
import { createMessageSync, type MessageSync } from './message-sync.ts';
import { createQueueNotifier, type QueueNotifier } from './queue-notifier.ts';
import { createQueueSnapshots, type QueueSnapshots } from './queue-snapshot.ts';
import type { RenderProgress } from './render-progress.ts';
import { createViews, type Views } from './views.ts';

/** The render on the pipeline. */
export type Running = {
  readonly job: Job;
  readonly live: RenderProgress;
  readonly controller: AbortController;
};

/** A photo on its way. */
export type Fetching = { readonly controller: AbortController };

/** What the use cases share within one process. All that must survive it is in the store. */
export type Coordinator = {
  readonly deps: RenderDeps;
  readonly queue: Queue;
  readonly snapshots: QueueSnapshots;
  readonly notifier: QueueNotifier;
  readonly speed: Speed;
  readonly views: Views;
  readonly messageSync: MessageSync;
  /** Held while a file is stored and a row is pointed at it, and while files without a row are removed. */
  readonly blobLock: Mutex;
  /** Taken by each photo that is fetched, inspected and stored, since it is in memory as a whole. */
  readonly photoSlots: Slots;
  /** Photos that are stored before any row points at them, and for how many requests. */
  readonly heldPhotos: Map<BlobId, number>;
  /** Held while a reaction leads to a re-roll, and while one is taken back. */
  readonly reactionLock: Mutex;
  /** Taken by whoever deletes what is marked. */
  readonly erasureLock: Mutex;
  readonly cooldown: Cooldown;
  /** Does what is due. */
  readonly calendar: CalendarSweep;
  /** Reactions that are being dealt with. */
  readonly reacting: Set<string>;
  readonly fetching: Map<JobId, Fetching>;
  /** Films on their way; each resolves when it has arrived, or will not. */
  readonly delivering: Map<JobId, Promise<void>>;
  /** Renders whose film, checkpoint or end cannot be stored at the moment. */
  readonly withoutRoom: Set<JobId>;
  /** What goes on beside the pipeline and must be waited for at the end. */
  readonly background: Set<Promise<unknown>>;
  /** Aborts when the grace time is over: whatever is still going on stops where it is. */
  readonly deadline: AbortController;
  running: Running | null;
  /** The store is asked who is next: a row may be `running` already that `running` does not know yet. */
  isClaiming: boolean;
  isStopping: boolean;
  hasProbed: boolean;
};

/** Each may have as many bytes as a photo may have. */
const photosAtOnce = 4;

/**
 * @param options.runNext the pipeline's task: claim the next render and run it
 * @param options.endDeserted ends a render of which nobody can be told anything any more
 * @param options.performDue does what the calendar says
 */
export const createCoordinator = (
  deps: RenderDeps,
  {
    runNext,
    endDeserted,
    performDue,
  }: {
    readonly runNext: (coordinator: Coordinator) => Promise<void>;
    readonly endDeserted: (coordinator: Coordinator, id: JobId) => Promise<void>;
    readonly performDue: (coordinator: Coordinator, entry: DueEntry) => Promise<Performed>;
  },
): Coordinator => {
  const deadline = new AbortController();
  const snapshots = createQueueSnapshots(deps.store.jobs, deps.renderer);
  const speed = createSpeed();
  const withoutRoom = new Set<JobId>();
  const views = createViews({
    snapshots,
    speed,
    live: () => coordinator.running?.live ?? null,
    waitsForRoom: (id) => withoutRoom.has(id),
  });
  const messageSync = createMessageSync(deps, {
    views,
    signal: deadline.signal,
    onDeserted: (id) =>
      inBackground(coordinator, 'a render without a place goes on', () => endDeserted(coordinator, id)),
  });
  const coordinator: Coordinator = {
    deps,
    queue: deps.openQueue(() => runNext(coordinator)),
    snapshots,
    notifier: createQueueNotifier(deps, { snapshots, messageSync, views }),
    speed,
    views,
    messageSync,
    blobLock: new Mutex(),
    photoSlots: createSlots(photosAtOnce),
    heldPhotos: new Map(),
    reactionLock: new Mutex(),
    erasureLock: new Mutex(),
    cooldown: createCooldown(deps.clock, deps.cooldown ?? reactionCooldown),
    calendar: new CalendarSweep(deps, { perform: (entry) => performDue(coordinator, entry) }),
    reacting: new Set(),
    fetching: new Map(),
    delivering: new Map(),
    withoutRoom,
    background: new Set(),
    deadline,
    running: null,
    isClaiming: false,
    isStopping: false,
    hasProbed: false,
  };
  return coordinator;
};

/** The queue has changed: what is known of it is out of date, and those who wait may want to know. */
export const queueChanged = ({ snapshots, notifier }: Coordinator): void => {
  snapshots.changed();
  notifier.changed();
};

/** Lets something go on beside the pipeline. Its failure is for the log: the row says what is left to do. */
export const inBackground = (coordinator: Coordinator, what: string, work: () => Promise<unknown>): void => {
  const promise = work()
    .catch((error: unknown) => coordinator.deps.log.error(what, { error }))
    .finally(() => coordinator.background.delete(promise));
  coordinator.background.add(promise);
};
