import type { JobId } from '../domain/job.ts';
import type { Pace } from './speed.ts';

/** The render that runs now, as far as it is not in its row. */
export type LiveRender = {
  readonly id: JobId;
  readonly pace: Pace;
  /** Units of work of the whole render. */
  readonly work: number;
  framesDone: number;
  stepsDone: number;
  stepsTotal: number;
};

/** Units of work that are left. */
export const remainingWork = ({ work, stepsDone, stepsTotal }: LiveRender): number =>
  stepsTotal > 0 ? work * Math.max(0, 1 - stepsDone / stepsTotal) : work;
