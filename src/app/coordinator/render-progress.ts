import type { JobId } from '../../domain/job.ts';
import type { CostKey } from '../speed.ts';

/** The render that runs now, as far as it is not in its row. */
export type RenderProgress = {
  readonly id: JobId;
  readonly pace: CostKey;
  /** Units of work of the whole render. */
  readonly work: number;
  unitsDone: number;
  /** Of its work, what is done: 0 to 1. */
  share: number;
};

/** Units of work that are left. */
export const remainingWork = ({ work, share }: RenderProgress): number => work * Math.max(0, 1 - share);
