import { setImmediate as nextTurn } from 'node:timers/promises';
import { median } from '../domain/statistics.ts';
import { type Backend, noRanges } from '../engine/backend.ts';
import { noisePicture } from '../engine/noise-picture.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbedPace } from '../ports/renderer.ts';
import { type OpenEngine, withEngine } from './engine.ts';
import type { RunProbe } from './protocol.ts';

/** Sides of the pictures that a probe computes on, in pixels: the smallest film and the usual one. */
export const probeSizes = [64, 256] as const;
/** The first step builds caches and is not counted. */
const warmUpSteps = 1;
const countedSteps = { 64: 5, 256: 2 } as const satisfies Record<(typeof probeSizes)[number], number>;
/** A size whose steps are going to take longer than this is left to what is rendered. */
const mostSeconds = 3;

/** What a unit of work costs on a picture of a size, in seconds. */
const measure = async (
  backend: Backend,
  options: {
    readonly size: (typeof probeSizes)[number];
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<number> => {
  const { size, clock, signal } = options;
  const picture = noisePicture(size);
  const target = await backend.measure(picture, picture);
  const times: number[] = [];
  let ranges = noRanges;
  for (let step = 0; step < warmUpSteps + countedSteps[size]; step++) {
    signal.throwIfAborted();
    const begun = clock.now();
    ({ ranges } = await backend.evaluate(picture, target, ranges));
    if (step >= warmUpSteps) times.push((clock.now() - begun) / 1000);
    await nextTurn();
  }
  return median(times) / size ** 2;
};

/**
 * A few steps of the engine at each of `probeSizes`, without decoding or encoding anything. The median, since other
 * programs may take the processor for a moment.
 */
export const createRunProbe = (parts: { readonly clock: Clock; readonly openEngine: OpenEngine }): RunProbe =>
  async function* (job, { signal }) {
    const { clock, openEngine } = parts;
    yield* withEngine(openEngine(job), async function* ({ backend }) {
      const paces: ProbedPace[] = [];
      for (const size of probeSizes) {
        const steps = warmUpSteps + countedSteps[size];
        const expected = (paces.at(-1)?.secondsPerWork ?? 0) * steps * size ** 2;
        if (expected > mostSeconds) break;
        paces.push({ size, secondsPerWork: await measure(backend, { size, clock, signal }) });
      }
      yield { kind: 'probed', paces };
    });
  };
