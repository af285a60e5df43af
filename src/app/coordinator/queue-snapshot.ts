import type { Job, JobId } from '../../domain/job.ts';
import type { CoordinatorDeps } from '../deps.ts';
import { addWork, costKeyOf, noWork, type Work } from './speed.ts';

/** The place of one job in the queue. */
export type Place = {
  /** 1 is next. */
  readonly position: number;
  /** Up to its end, without what runs now. */
  readonly work: Work;
};

export type QueueSnapshot = {
  readonly running: readonly Job[];
  /** In the order of the claims. */
  readonly waiting: readonly Job[];
  readonly places: ReadonlyMap<JobId, Place>;
};

/** What runs and what waits. */
export type QueueSnapshots = ReturnType<typeof createQueueSnapshots>;

/** Workers may change the queue without a word. */
const staleMs = 10_000;

/** Reads the queue from the store once after each change, however often it is asked for. */
export const createQueueSnapshots = ({
  store: { jobs },
  renderer,
  clock,
}: Pick<CoordinatorDeps, 'store' | 'renderer' | 'clock'>) => {
  let known: Promise<QueueSnapshot> | undefined;
  let readAt = 0;
  const load = async (): Promise<QueueSnapshot> => {
    const running = await jobs.inState('running');
    const waiting = await jobs.waiting();
    let work = noWork;
    const places = waiting.map((job, index): [JobId, Place] => {
      work = addWork(work, costKeyOf(job.request), renderer.work(job.request));
      return [job.id, { position: index + 1, work }];
    });
    return { running, waiting, places: new Map(places) };
  };
  return {
    read: (): Promise<QueueSnapshot> => {
      if (known && clock.now() - readAt < staleMs) return known;
      const mine = load();
      known = mine;
      readAt = clock.now();
      mine.catch(() => {
        if (known === mine) known = undefined;
      });
      return mine;
    },
    /** Somebody came, went or moved: what was read before no longer counts. */
    changed: (): void => {
      known = undefined;
    },
  };
};
