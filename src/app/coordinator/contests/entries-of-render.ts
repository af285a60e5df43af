import { type Contest, type Entry, type EntryState, isLive } from '../../../domain/contest/contest.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import type { Job, JobId } from '../../../domain/job.ts';
import { type Coordinator, inBackground } from '../coordinator.ts';
import { changeEntry } from './change-entry.ts';

/** Whether the film can still be seen, or is to come. */
export const isFilmThere = ({ state, result, failure }: Job): boolean =>
  state === 'done'
    ? result !== null && failure?.code !== 'film-deleted'
    : state !== 'failed' && state !== 'cancelled';

/** Whether nobody will see the film (any more). One that is only no longer stored was seen: it stays in. */
const isFilmGone = (job: Job | undefined): boolean =>
  job === undefined ||
  job.state === 'failed' ||
  job.state === 'cancelled' ||
  job.failure?.code === 'film-deleted';

/** What an entry has to become, since its render is what it is; null: nothing else. */
const nextState = (entry: Entry, contest: Contest, job: Job | undefined): EntryState | null => {
  if (!isLive(entry)) return null;
  // After the end nothing changes but that there is nothing to wait for.
  if (!isOpen(contest.phase)) return entry.state === 'rendering' ? 'withdrawn' : null;
  if (isFilmGone(job)) return 'withdrawn';
  if (entry.state !== 'rendering' || job?.state !== 'done') return null;
  return contest.rules.needsApproval ? 'waiting' : 'in';
};

const settleEntry = async (coordinator: Coordinator, entry: Entry, job: Job | undefined): Promise<void> => {
  const { contests } = coordinator.deps.store;
  const contest = await contests.get(entry.contest);
  const next = contest ? nextState(entry, contest, job) : null;
  if (next !== null) await changeEntry(coordinator, entry, { to: next });
};

/**
 * Lets entries of a render follow it: they are in once it is done, and withdrawn where there is no film (any more).
 * @param options.isGone the render is about to be removed
 */
export const followRender = async (
  coordinator: Coordinator,
  render: JobId,
  { isGone = false }: { readonly isGone?: boolean } = {},
): Promise<void> => {
  const { contests, jobs } = coordinator.deps.store;
  for (const entry of await contests.entriesOfRender(render)) {
    await settleEntry(coordinator, entry, isGone ? undefined : await jobs.get(render));
  }
};

/** The same in the background: what is not done is done by the next sweep. */
export const followRenderSoon = (coordinator: Coordinator, render: JobId): void =>
  inBackground(coordinator, 'contest: failed to settle the entries of a render', () =>
    followRender(coordinator, render),
  );

/** The same for every entry of the contests that run: after a start, and for hints that never arrived. */
export const followAllRenders = async (coordinator: Coordinator): Promise<void> => {
  const { log, store } = coordinator.deps;
  for (const contest of await store.contests.open()) {
    for (const entry of await store.contests.entries(contest.id)) {
      try {
        await settleEntry(coordinator, entry, await store.jobs.get(entry.render));
      } catch (error) {
        log.forJob(entry.render).error('contest: failed to settle the entries of a render', { error });
      }
    }
  }
};
