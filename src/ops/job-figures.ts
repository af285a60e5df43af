import { isFinished, jobStates } from '../domain/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { MetricSources } from './metrics.ts';

const unfinishedStates = jobStates.filter((state) => !isFinished(state));

/** The figures about unfinished renders, as the store has them. */
export const jobFigures = (
  jobs: Pick<Jobs, 'inState'>,
  clock: Pick<Clock, 'wallTime'>,
): Pick<MetricSources, 'jobs' | 'oldestJobSeconds'> => ({
  jobs: async () => {
    const unfinished = await jobs.inState(...unfinishedStates);
    return Object.fromEntries(
      unfinishedStates.map((state) => [state, unfinished.filter((job) => job.state === state).length]),
    );
  },
  oldestJobSeconds: async () => {
    const births = (await jobs.inState(...unfinishedStates)).map(({ createdAt }) => createdAt);
    // Clocks are set back occasionally.
    return births.length === 0 ? 0 : Math.max(0, (clock.wallTime() - Math.min(...births)) / 1000);
  },
});
