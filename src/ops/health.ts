import { monitorEventLoopDelay } from 'node:perf_hooks';
import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Null: all is well. Otherwise what is wrong, in a few words for an operator. */
export type Verdict = string | null;

export type Health = {
  /** Whether this process still works at all; where it does not, only a restart helps. */
  live(): Promise<Verdict>;
  /** Whether it can take renders now. */
  ready(): Promise<Verdict>;
};

/** How late timers are, on the average, since the last look. */
export type LagMeter = { meanMs(): number; close(): void };

/** Measures the event loop with Node's own histogram. */
export const createLagMeter = (): LagMeter => {
  const resolutionMs = 20;
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    meanMs: () => {
      // Without a single sample the mean is no number.
      const mean = Number.isNaN(histogram.mean) ? 0 : histogram.mean / 1e6;
      histogram.reset();
      return mean;
    },
    close: () => void histogram.disable(),
  };
};

/**
 * What /livez and /readyz answer.
 * @param options.checkStore writes and reads something
 * @param options.notReady why no renders can be taken now, in a few words; null: they can
 */
export const createHealth = (options: {
  readonly clock: Clock;
  readonly lag: Pick<LagMeter, 'meanMs'>;
  readonly checkStore: () => Promise<void>;
  readonly notReady: () => Verdict | Promise<Verdict>;
  readonly maxLagMs?: number;
  readonly storeTimeoutMs?: number;
}): Health => {
  const { clock, lag, checkStore, notReady, maxLagMs = 1_000, storeTimeoutMs = 5_000 } = options;

  const withinTime = async (work: Promise<void>): Promise<void> => {
    const late = Promise.withResolvers<never>();
    const timer = clock.after(storeTimeoutMs, () =>
      late.reject(new Error(`no answer within ${storeTimeoutMs} ms`)),
    );
    try {
      await Promise.race([work, late.promise]);
    } finally {
      timer.cancel();
    }
  };

  const store = async ({ fullIsFine }: { readonly fullIsFine: boolean }): Promise<Verdict> => {
    try {
      await withinTime(checkStore());
      return null;
    } catch (error) {
      if (error instanceof GramzoomError && error.code === 'disk-full')
        return fullIsFine ? null : 'the disk is full';
      return `the store does not answer: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  return {
    live: async () => {
      const meanMs = lag.meanMs();
      if (meanMs > maxLagMs) return `the event loop is ${Math.round(meanMs)} ms late`;
      // A restart frees no disk space.
      return await store({ fullIsFine: true });
    },
    ready: async () => (await notReady()) ?? (await store({ fullIsFine: false })),
  };
};
