import type { Job } from '../../domain/job.ts';
import { postKeys } from '../deps.ts';
import { cancelRow } from './cancel.ts';
import type { Coordinator } from './coordinator.ts';
import { removeLater } from './notices.ts';
import { nowhere } from './outbox.ts';

/**
 * Cancels a re-roll whose reaction was taken back. Of one that has not begun nothing shall be left to read: an answer
 * that is there says so for a while and goes. That is noted first, for whichever process says it.
 * @returns false where the row has moved on
 */
export const withdraw = async (coordinator: Coordinator, job: Job): Promise<boolean> => {
  const { posts } = coordinator.deps.store;
  const { withdrawn } = postKeys(job.id);
  await posts.begin(withdrawn, job.id);
  await posts.finish(withdrawn, nowhere(job.replyTarget.platform));
  if (!(await cancelRow(coordinator, job))) return false;
  removeLater(coordinator, withdrawn);
  return true;
};
