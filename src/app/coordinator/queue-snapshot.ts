import type { Job, JobId } from '../../domain/job.ts';
import type { Renderer } from '../../ports/renderer.ts';
import type { Jobs } from '../../ports/store.ts';
import { addWork, costKeyOf, noWork, type Work } from '../speed.ts';

/** The place of one job in the queue. */
export type Place = {
  /** 1 is next. */
  readonly position: number;
  /** Up to its end, without the render that runs now. */
  readonly work: Work;
};

export type QueueSnapshot = {
  readonly waiting: readonly Job[];
  readonly places: ReadonlyMap<JobId, Place>;
};

/** Who waits, in the order of the claims. */
export type QueueSnapshots = {
  read(): Promise<QueueSnapshot>;
  /** Somebody came, went or moved: what was read before no longer counts. */
  changed(): void;
};

/** Reads the queue from the store once after each change, however often it is asked for. */
export const createQueueSnapshots = (
  jobs: Pick<Jobs, 'waiting'>,
  renderer: Pick<Renderer, 'work'>,
): QueueSnapshots => {
  let known: Promise<QueueSnapshot> | undefined;
  const load = async (): Promise<QueueSnapshot> => {
    const waiting = await jobs.waiting();
    let work = noWork;
    const places = waiting.map((job, index): [JobId, Place] => {
      work = addWork(work, costKeyOf(job.request), renderer.work(job.request));
      return [job.id, { position: index + 1, work }];
    });
    return { waiting, places: new Map(places) };
  };
  return {
    read: () => {
      if (known) return known;
      const mine = load();
      known = mine;
      mine.catch(() => {
        if (known === mine) known = undefined;
      });
      return mine;
    },
    changed: () => {
      known = undefined;
    },
  };
};
