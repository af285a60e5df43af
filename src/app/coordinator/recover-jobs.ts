import { isFinished, type Job } from '../../domain/job.ts';
import { postKeys } from '../deps.ts';
import type { Resumed } from '../renders.ts';
import { type Floor, inBackground, lineChanged } from './coordinator.ts';
import { deliver } from './deliver.ts';
import { erasePending } from './erase.ts';
import { enqueue, fetchPhoto } from './fetch-photo.ts';
import { tellOwed, tellTheEnd } from './finish.ts';
import { clearNotices } from './notices.ts';
import { sendOwed } from './reactions.ts';

/** Fetches a photo again, or only queues the render where its photo is known already. */
const takeUpFetching = async (floor: Floor, { id }: Job): Promise<boolean> => {
  const { deps, fetching, announcer } = floor;
  const job = await deps.store.jobs.get(id);
  if (job?.state !== 'fetching' || fetching.has(id)) return false;
  if (job.photo !== null) {
    if (await deps.store.jobs.move(id, 'fetching', 'queued')) enqueue(floor, job);
    return true;
  }
  announcer.touch(id);
  // A failure is told in the chat and logged where it is noted.
  inBackground(floor, 'a photo', () => fetchPhoto(floor, job, { tell: true, patient: true }).catch(() => {}));
  return true;
};

/** A row in `running` that nobody runs goes back into the line. */
const takeUpRunning = async (floor: Floor, { id, bootId }: Job): Promise<boolean> => {
  const { deps, running, isClaiming } = floor;
  // A row that is just being claimed is known a moment later.
  if (bootId === deps.bootId && (isClaiming || running?.job.id === id)) return false;
  return deps.store.jobs.move(id, 'running', 'queued');
};

const takeUpDelivering = async (floor: Floor, { id, bootId }: Job): Promise<boolean> => {
  const { deps, delivering } = floor;
  if (delivering.has(id)) return false;
  if (bootId !== deps.bootId) await deps.store.jobs.update(id, { bootId: deps.bootId });
  deliver(floor, id, { seconds: null });
  return true;
};

/** One that cannot be taken up now is left to the next sweep; the others do not wait for it. */
const countTaken = async (
  { deps }: Floor,
  jobs: readonly Job[],
  take: (job: Job) => Promise<boolean>,
): Promise<number> => {
  let taken = 0;
  for (const job of jobs) {
    try {
      if (await take(job)) taken++;
    } catch (error) {
      deps.log.forJob(job.id).error('it could not be taken up', { error });
    }
  }
  return taken;
};

/** Takes up every unfinished row that no code path works on. */
export const takeUp = async (floor: Floor): Promise<Resumed> => {
  const { jobs } = floor.deps.store;
  const fetching = await countTaken(floor, await jobs.inState('fetching'), (job) =>
    takeUpFetching(floor, job),
  );
  await countTaken(floor, await jobs.inState('running'), (job) => takeUpRunning(floor, job));
  const queued = await jobs.inState('queued');
  for (let tasks = floor.queue.waiting; tasks < queued.length; tasks++) floor.queue.add();
  const delivering = await countTaken(floor, await jobs.inState('delivering'), (job) =>
    takeUpDelivering(floor, job),
  );
  // Whatever could not be read has been come upon by now.
  await tellOwed(floor);
  return { fetching, rendering: queued.length, delivering };
};

/** Last words that a process owed when it died. */
const payLastWords = async (floor: Floor): Promise<void> => {
  const { jobs, posts } = floor.deps.store;
  for (const { key, job: id } of await posts.unfinished()) {
    if (key !== postKeys(id).final) continue;
    const job = await jobs.get(id);
    if (job && isFinished(job.state)) {
      inBackground(floor, 'its end could not be told', () => tellTheEnd(floor, job));
    }
  }
};

/** See `Renders.resume`. */
export const resume = async (floor: Floor): Promise<Resumed> => {
  const { deps, queue, announcer } = floor;
  const resumed = await takeUp(floor);
  // They were told before the restart; what has changed since is told as usual.
  for (const { id } of await deps.store.jobs.inState('queued')) {
    if (await deps.store.posts.get(postKeys(id).answer)) announcer.assumeTold(id);
  }
  await payLastWords(floor);
  inBackground(floor, 'notices could not be taken away', () => clearNotices(floor));
  await sendOwed(floor);
  inBackground(floor, 'what is to be deleted could not be', () => erasePending(floor));
  // With nobody in the line the pipeline has time to measure its speed.
  if (resumed.rendering === 0) queue.add();
  lineChanged(floor);
  return resumed;
};
