import { meanOf } from '../src/domain/statistics.ts';
import { residentBytes } from '../src/render/memory.ts';
import { row } from './table.ts';

/** So much a bot's memory may grow in that time. */
const aim = 0.05;

type Sample = { readonly atMs: number; readonly bytes: number };

/**
 * How much memory grows over the last two thirds of some samples: the least-squares line's rise over that
 * time, relative to the mean.
 */
export const slopeOf = (samples: readonly Sample[]): number => {
  const late = samples.slice(Math.floor(samples.length / 3));
  const at = meanOf(late.map(({ atMs }) => atMs));
  const bytes = meanOf(late.map((sample) => sample.bytes));
  const covariance = meanOf(late.map((sample) => (sample.atMs - at) * (sample.bytes - bytes)));
  const variance = meanOf(late.map((sample) => (sample.atMs - at) ** 2));
  return ((covariance / variance) * (late.at(-1)!.atMs - late[0]!.atMs)) / bytes;
};

/** Watches a process's memory until `stop`, which gives the samples; none where the system does not tell. */
export const watchMemoryOf = (pid: number): { readonly stop: () => readonly Sample[] } => {
  const samples: Sample[] = [];
  const timer = setInterval(async () => {
    const bytes = await residentBytes(pid);
    if (bytes !== null) samples.push({ atMs: performance.now(), bytes });
  }, 250);
  return {
    stop: () => {
      clearInterval(timer);
      return samples;
    },
  };
};

/** Prints how much memory a bot takes, and how much that grew; nothing where the system did not tell. */
export const printMemory = (samples: readonly Sample[], print: (line: string) => void): void => {
  const last = samples.at(-1);
  if (!last || samples.length < 3) return;
  const slope = slopeOf(samples);
  const kept = slope < aim ? 'kept' : 'MISSED';
  print(row('memory of the bot', `${(last.bytes / 1e6).toFixed(0)} MB at the end`));
  print(
    row('  over the last two thirds', `${(100 * slope).toFixed(1)} %   (aim: under ${100 * aim} %: ${kept})`),
  );
};
