import { GramzoomError } from '../../domain/errors.ts';
import {
  isFinished,
  isSamePerson,
  type Job,
  type JobId,
  type Platform,
  unfinishedStates,
} from '../../domain/job.ts';
import { noticeMs } from '../../domain/reaction-cooldown.ts';
import { withdrawalOf } from '../deps.ts';
import { clearCheckpoints } from '../outcome.ts';
import type { Actor, JobView } from '../renders.ts';
import { contestServers, leaveContest } from './contests/manage.ts';
import type { Coordinator } from './coordinator.ts';
import { endWithoutFilm, interrupt } from './finish.ts';
import { viewNow } from './new-row.ts';
import { giveUpFinal } from './render-messages.ts';

/** Whether somebody may end a render: whoever asked for it, and who keeps order where it was asked for. */
export const mayEnd = ({ origin }: Pick<Job, 'origin'>, { actor, isModerator = false }: Actor): boolean => {
  const { platform, server } = origin;
  if (isModerator && platform === actor.platform && server === actor.server) return true;
  return isSamePerson(origin, actor);
};

/** A row that somebody may end. @throws GramzoomError `not-found`, `not-yours` */
export const ownJob = async ({ deps }: Coordinator, id: JobId, by: Actor): Promise<Job> => {
  const job = await deps.store.jobs.get(id);
  if (!job) throw new GramzoomError('not-found', {});
  if (!mayEnd(job, by)) throw new GramzoomError('not-yours', {});
  return job;
};

/**
 * Cancels a row in the state in which it was read. False where it has moved on.
 * @param options.tell whether that is said in the chat
 */
export const cancelRow = async (
  coordinator: Coordinator,
  job: Job,
  { tell = true }: { readonly tell?: boolean } = {},
): Promise<boolean> => {
  const changes = { result: null, poster: null, report: null };
  const end = { from: job.state, to: 'cancelled', error: null, changes, tell } as const;
  if (!(await endWithoutFilm(coordinator, job, end))) return false;
  interrupt(coordinator, job.id);
  // A worker may be writing one: it clears up itself, once it has stopped.
  if (job.state !== 'running') await clearCheckpoints(coordinator.deps, job);
  return true;
};

/** See `Renders.cancel`. Where the row moves at the same moment, its new state is cancelled instead. */
export const cancel = async (coordinator: Coordinator, id: JobId, by: Actor): Promise<JobView> => {
  for (;;) {
    const job = await ownJob(coordinator, id, by);
    if (isFinished(job.state)) throw new GramzoomError('already-finished', {});
    if (await cancelRow(coordinator, job)) return viewNow(coordinator, job);
  }
};

/** Cancels a row whatever it moves to meanwhile. Undefined where it is finished. */
const cancelAnyway = async (
  coordinator: Coordinator,
  id: JobId,
  options: { readonly tell: boolean },
): Promise<Job | undefined> => {
  for (;;) {
    const job = await coordinator.deps.store.jobs.get(id);
    if (!job || isFinished(job.state)) return undefined;
    if (await cancelRow(coordinator, job, options)) return job;
  }
};

/** Cancels a render whose place is gone: nobody would see its film. */
export const endDeserted = async (coordinator: Coordinator, id: JobId): Promise<void> => {
  if (await cancelAnyway(coordinator, id, { tell: true }))
    coordinator.deps.log.forJob(id).warn('render: cancelled, because its channel is gone');
};

/**
 * Cancels a re-roll whose reaction was taken back. Of one that has not begun nothing shall be left to read: an answer
 * that is there says so for a while and goes. That is in the calendar first, for whichever process says it.
 * @returns false where the row has moved on
 */
export const withdraw = async (coordinator: Coordinator, job: Job): Promise<boolean> => {
  const dueAt = coordinator.deps.clock.wallTime() + noticeMs;
  await coordinator.calendar.schedule(withdrawalOf(job.id), { dueAt });
  if (await cancelRow(coordinator, job)) return true;
  await coordinator.deps.store.calendar.cancel(withdrawalOf(job.id));
  return false;
};

const unfinishedOn = async ({ deps }: Coordinator, platform: Platform): Promise<readonly Job[]> =>
  (await deps.store.jobs.inState(...unfinishedStates)).filter(({ origin }) => origin.platform === platform);

/** See `Renders.busyServers`. */
export const busyServers = async (
  coordinator: Coordinator,
  platform: Platform,
): Promise<readonly string[]> => [
  ...new Set([
    ...(await unfinishedOn(coordinator, platform)).map(({ origin }) => origin.server),
    ...(await contestServers(coordinator, platform)),
  ]),
];

/** See `Renders.leave`. */
export const leave = async (
  coordinator: Coordinator,
  platform: Platform,
  server: string,
): Promise<number> => {
  let ended = 0;
  await leaveContest(coordinator, platform, server);
  for (const { id, origin } of await unfinishedOn(coordinator, platform)) {
    const job = origin.server === server && (await cancelAnyway(coordinator, id, { tell: false }));
    if (!job) continue;
    await coordinator.messageSync.drop(id);
    await giveUpFinal({ ...job, state: 'cancelled' }, coordinator.deps);
    ended += 1;
  }
  return ended;
};
