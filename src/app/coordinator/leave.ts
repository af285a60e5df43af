import { isFinished, type Job, type JobState, type Platform } from '../../domain/job.ts';
import { cancelRow } from './cancel.ts';
import type { Floor } from './coordinator.ts';
import { giveUp } from './sync-messages.ts';

const unfinished: readonly JobState[] = ['fetching', 'queued', 'running', 'delivering'];

const unfinishedOn = async ({ deps }: Floor, platform: Platform): Promise<readonly Job[]> =>
  (await deps.store.jobs.inState(...unfinished)).filter(({ origin }) => origin.platform === platform);

/** See `Renders.busyServers`. */
export const busyServers = async (floor: Floor, platform: Platform): Promise<readonly string[]> => [
  ...new Set((await unfinishedOn(floor, platform)).map(({ origin }) => origin.server)),
];

/** Cancels a row whatever it moves to meanwhile, and says nothing. False where it is finished. */
const endSilently = async (floor: Floor, id: Job['id']): Promise<boolean> => {
  const { deps, announcer } = floor;
  for (;;) {
    const job = await deps.store.jobs.get(id);
    if (!job || isFinished(job.state)) return false;
    if (await cancelRow(floor, job, { tell: false })) {
      await announcer.drop(id);
      await giveUp({ ...job, state: 'cancelled' }, deps);
      return true;
    }
  }
};

/** See `Renders.leave`. */
export const leave = async (floor: Floor, platform: Platform, server: string): Promise<number> => {
  let ended = 0;
  for (const { id, origin } of await unfinishedOn(floor, platform)) {
    if (origin.server === server && (await endSilently(floor, id))) ended += 1;
  }
  return ended;
};
