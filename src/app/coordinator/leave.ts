import { isFinished, type Job, type JobState, type Platform } from '../../domain/job.ts';
import { cancelRow } from './cancel.ts';
import type { Coordinator } from './coordinator.ts';
import { giveUpFinal } from './render-messages.ts';

const unfinished: readonly JobState[] = ['fetching', 'queued', 'running', 'delivering'];

const unfinishedOn = async ({ deps }: Coordinator, platform: Platform): Promise<readonly Job[]> =>
  (await deps.store.jobs.inState(...unfinished)).filter(({ origin }) => origin.platform === platform);

/** See `Renders.busyServers`. */
export const busyServers = async (
  coordinator: Coordinator,
  platform: Platform,
): Promise<readonly string[]> => [
  ...new Set((await unfinishedOn(coordinator, platform)).map(({ origin }) => origin.server)),
];

/** Cancels a row whatever it moves to meanwhile, and says nothing. False where it is finished. */
const endSilently = async (coordinator: Coordinator, id: Job['id']): Promise<boolean> => {
  const { deps, messageSync } = coordinator;
  for (;;) {
    const job = await deps.store.jobs.get(id);
    if (!job || isFinished(job.state)) return false;
    if (await cancelRow(coordinator, job, { tell: false })) {
      await messageSync.drop(id);
      await giveUpFinal({ ...job, state: 'cancelled' }, deps);
      return true;
    }
  }
};

/** See `Renders.leave`. */
export const leave = async (
  coordinator: Coordinator,
  platform: Platform,
  server: string,
): Promise<number> => {
  let ended = 0;
  for (const { id, origin } of await unfinishedOn(coordinator, platform)) {
    if (origin.server === server && (await endSilently(coordinator, id))) ended += 1;
  }
  return ended;
};
