import type { LeasedJob } from '../../ports/leases.ts';
import type { WorkerDeps } from '../deps.ts';

/** A render that this worker has claimed. */
export type Running = {
  readonly job: LeasedJob;
  /** Aborts where it has to stop: it was cancelled or taken over, or the worker ends. */
  readonly controller: AbortController;
  unitsDone: number;
  /** Of its work, what is done: 0 to 1. */
  share: number;
  /** How many pictures of it were shown. */
  previews: number;
  /** Whether what it makes cannot be stored at the moment. */
  lacksRoom: boolean;
};

/** What a worker keeps while it lives. All that must survive it is in the store. */
export type Worker = {
  readonly deps: WorkerDeps;
  /** Aborts when the grace time is over: whatever still runs stops where it is. */
  readonly deadline: AbortController;
  /** Networks and depths whose speed is known, as `network depth`. */
  readonly measured: Set<string>;
  running: Running | null;
  isStopping: boolean;
};
