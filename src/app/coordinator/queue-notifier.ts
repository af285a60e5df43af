import { Mutex } from '../../concurrency/keyed-mutex.ts';
import type { JobId } from '../../domain/job.ts';
import type { Timer } from '../../ports/clock.ts';
import type { CoordinatorDeps } from '../deps.ts';
import type { MessageSync } from './message-sync.ts';
import type { QueueSnapshots } from './queue-snapshot.ts';
import type { Views } from './views.ts';

/** Those who are told at once when they move up. */
const nextFew = 3;
/** Everybody else who waits is told at most so often. */
const waitingIntervalMs = 60_000;

/** Tells those who wait how it goes. */
export type QueueNotifier = ReturnType<typeof createQueueNotifier>;

/**
 * Who waits is told when the queue moves: the next few at once, the others from time to time. The next few also
 * hear at once when it is known for the first time how long it takes.
 */
export const createQueueNotifier = (
  { clock, log }: Pick<CoordinatorDeps, 'clock' | 'log'>,
  parts: { readonly snapshots: QueueSnapshots; readonly messageSync: MessageSync; readonly views: Views },
) => {
  const { snapshots, messageSync, views } = parts;
  let told: ReadonlyMap<JobId, string> = new Map();
  let timer: Timer | undefined;
  let isClosed = false;
  let isWanted = false;
  const telling = new Mutex();

  const tell = async (): Promise<void> => {
    isWanted = false;
    const { waiting, places } = await snapshots.read();
    if (isClosed) return;
    const next = new Map<JobId, string>();
    for (const job of waiting) {
      const { id } = job;
      const position = places.get(id)?.position ?? waiting.length;
      const isNear = position <= nextFew;
      const news = `${position} ${isNear && (await views.of(job)).etaSeconds !== null}`;
      next.set(id, news);
      messageSync.schedule(id, isNear && told.get(id) !== news ? {} : { everyMs: waitingIntervalMs });
    }
    if (isClosed) return;
    told = next;
    timer?.cancel();
    timer = waiting.length > 0 ? clock.after(waitingIntervalMs, start) : undefined;
  };

  const start = (): void => {
    isWanted = true;
    telling
      .run(async () => {
        if (isWanted && !isClosed) await tell();
      })
      .catch((error: unknown) => log.warn('queue: failed to tell those who wait', { error }));
  };

  return {
    /** The queue has changed. */
    changed: start,
    /** Says nothing more; resolves when nothing is in flight any more. */
    close: async (): Promise<void> => {
      isClosed = true;
      timer?.cancel();
      await telling.run(async () => {});
    },
  };
};
