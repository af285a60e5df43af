import type { Job } from '../../domain/job.ts';
import { noticeMs } from '../../domain/reaction-cooldown.ts';
import { withdrawalOf } from '../deps.ts';
import { cancelRow } from './cancel.ts';
import type { Coordinator } from './coordinator.ts';

/**
 * Cancels a re-roll whose reaction was taken back. Of one that has not begun nothing shall be left to read: an answer
 * that is there says so for a while and goes. That is in the calendar first, for whichever process says it.
 * @returns false where the row has moved on
 */
export const withdraw = async (coordinator: Coordinator, job: Job): Promise<boolean> => {
  await coordinator.calendar.schedule(withdrawalOf(job.id), { inMs: noticeMs });
  if (await cancelRow(coordinator, job)) return true;
  await coordinator.deps.store.calendar.cancel(withdrawalOf(job.id));
  return false;
};
