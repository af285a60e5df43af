import { isFinished } from '../../domain/job.ts';
import type { Expendable, Page } from '../../ports/store.ts';
import type { Coordinator } from './coordinator.ts';
import { erasePending } from './erase.ts';
import { expendable, makeRoom, rowsPerPage } from './make-room.ts';
import { recoverJobs } from './recover-jobs.ts';
import { createTally, removeFile, type Tally } from './removals.ts';

const dayMs = 24 * 60 * 60 * 1000;

const expireFiles = async (
  coordinator: Coordinator,
  what: 'photo' | 'result',
  options: {
    readonly read: (page: Page) => Promise<Expendable>;
    readonly before: number;
    readonly tally: Tally;
  },
): Promise<void> => {
  for await (const blob of expendable(options.read, options.before)) {
    if (coordinator.isStopping) return;
    await removeFile(coordinator, blob, { what, why: 'age' }, options.tally);
  }
};

const expireRows = async (coordinator: Coordinator, before: number, tally: Tally): Promise<void> => {
  const { retention } = coordinator.deps.store;
  while (!coordinator.isStopping) {
    const removed = await retention.removeRows({ before, limit: rowsPerPage });
    tally.rows(removed);
    if (Object.values(removed).every((count) => count === 0)) break;
  }
  await coordinator.deps.store.erasures.settle();
};

/**
 * What is too old goes, by the time that this data folder has seen. After a jump of the wall clock nothing does for
 * a while: it may be set right again.
 */
const expire = async (coordinator: Coordinator, tally: Tally): Promise<void> => {
  const { deps } = coordinator;
  const { retention } = deps.store;
  const { photoDays, resultDays, rowDays } = deps.retention;
  const { now, isSettled, jumpMs } = await retention.passTime();
  if (jumpMs !== 0) {
    const days = Number((jumpMs / dayMs).toFixed(1));
    deps.log.warn('clock: jumped, or the bot was off for long; counted as a day at most', {
      days,
    });
  }
  if (!isSettled) return;
  const old = (days: number) => ({ before: now - days * dayMs, tally });
  if (resultDays !== null) {
    await expireFiles(coordinator, 'result', { read: retention.films, ...old(resultDays) });
  }
  if (photoDays !== null)
    await expireFiles(coordinator, 'photo', { read: retention.photos, ...old(photoDays) });
  if (rowDays !== null) await expireRows(coordinator, old(rowDays).before, tally);
};

const removeCheckpoints = async ({ deps }: Coordinator): Promise<void> => {
  for (const id of await deps.checkpoints.list()) {
    try {
      const job = await deps.store.jobs.get(id);
      if (!job || isFinished(job.state)) await deps.checkpoints.remove(id);
    } catch (error) {
      // One that cannot be removed must not keep films and photos from going.
      deps.log.forJob(id).warn('checkpoint: failed to remove it', { error });
    }
  }
};

/**
 * Housekeeping, to be called every few minutes: resumes rows that nobody works on and removes files that are too
 * old or too many. Files of unfinished renders stay, whatever the limits say.
 */
export const sweep = async (coordinator: Coordinator): Promise<void> => {
  if (coordinator.isStopping) return;
  const { rendering: _, ...taken } = await recoverJobs(coordinator, { leases: 'expired' });
  if (taken.fetching + taken.delivering > 0)
    coordinator.deps.log.warn('render: resumed rows that nobody worked on', taken);
  await removeCheckpoints(coordinator);
  const tally = createTally();
  try {
    await expire(coordinator, tally);
    await makeRoom(coordinator, tally);
  } finally {
    tally.log(coordinator);
  }
  // The last, since messages go at the pace of their platform.
  await erasePending(coordinator);
};
