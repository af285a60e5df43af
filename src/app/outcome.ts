import { type Failure, type GramzoomError, toFailure } from '../domain/errors.ts';
import type { Job, JobId } from '../domain/job.ts';
import { asTold } from '../domain/told.ts';
import { type CoordinatorDeps, postKeys } from './deps.ts';

/** Checkpoints are of no use once a render is over; what cannot be removed now goes with the next sweep. */
export const clearCheckpoints = async (
  deps: Pick<CoordinatorDeps, 'checkpoints' | 'log'>,
  job: Pick<Job, 'id'>,
): Promise<void> => {
  await deps.checkpoints.remove(job.id).catch((error: unknown) => {
    deps.log.forJob(job.id).warn('checkpoint: failed to remove it, trying again later', { error });
  });
};

/**
 * The last message is noted in the outbox before the row is finished: a process that dies in between leaves it for the
 * next one.
 */
export const oweFinalMessage = async (
  { outbox }: Pick<CoordinatorDeps['store'], 'outbox'>,
  id: JobId,
): Promise<void> => {
  await outbox.begin(postKeys(id).final);
};

/** Why a render ended, as people are told. Which network it is about, the row knows best. */
export const failureOf = (error: GramzoomError, { request }: Job): Failure => {
  const failure = toFailure(asTold(error));
  return failure.code === 'network-not-here' ? { ...failure, data: { name: request.network } } : failure;
};
