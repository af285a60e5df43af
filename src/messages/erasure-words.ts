import type { ErasureCount } from '../domain/job.ts';
import type { Named } from './names.ts';

/** What is said when somebody deletes for good. */
export type ErasureWords = {
  /** Asks before everything of a person is deleted, and tells how to confirm it where there is no button. */
  readonly everythingQuestion: (count: ErasureCount) => string;
  readonly everythingDone: (count: ErasureCount) => string;
  /** Asks before a photo is deleted with all its films. */
  readonly photoQuestion: (count: ErasureCount) => string;
  readonly photoDone: (count: ErasureCount) => string;
  /** On the button that confirms it. */
  readonly confirm: string;
  /** The `confirm` of `/forget`. */
  readonly option: Named;
};
