import { unfinishedStates } from '../domain/job.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { MetricSources } from './metrics.ts';

/** Counting files takes a while where there are many. */
const countAgainMs = 30_000;

/** The figures about the disk: what is free now, and what is stored as of at most half a minute ago. */
export const diskFigures = (
  { blobs, disk }: { readonly blobs: Pick<Blobs, 'list'>; readonly disk: Disk },
  clock: Pick<Clock, 'now'>,
): Required<Pick<MetricSources, 'dataBytes' | 'freeBytes'>> => {
  let counted: { readonly at: number; readonly bytes: Promise<number> } | undefined;
  const count = async (): Promise<number> => {
    let sum = 0;
    for await (const { bytes } of blobs.list()) sum += bytes;
    return sum;
  };
  return {
    dataBytes: () => {
      if (!counted || clock.now() - counted.at >= countAgainMs) {
        counted = { at: clock.now(), bytes: count() };
      }
      return counted.bytes;
    },
    freeBytes: async () => (await disk.space())?.freeBytes ?? null,
  };
};

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
