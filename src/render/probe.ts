import { setImmediate as nextTurn } from 'node:timers/promises';
import { median } from '../domain/median.ts';
import { noisePicture } from '../engine/noise-picture.ts';
import type { Clock } from '../ports/clock.ts';
import { type OpenEngine, withEngine } from './engine.ts';
import type { Probed, ProbeJob } from './protocol.ts';

/** Side of the picture that a probe computes on, in pixels: the smallest film. */
export const probeSize = 64;
/** The first step builds caches and is not counted. */
const warmUpSteps = 1;
const countedSteps = 5;

/** Measures what a unit of work costs; what the child does, wherever it runs. */
export type RunProbe = (
  job: ProbeJob,
  options: { readonly signal: AbortSignal },
) => AsyncGenerator<Probed, void, undefined>;

/**
 * A few steps of the engine at `probeSize`, without decoding or encoding anything. The median, since other
 * programs may take the processor for a moment.
 */
export const createRunProbe = (parts: { readonly clock: Clock; readonly openEngine: OpenEngine }): RunProbe =>
  async function* (job, { signal }) {
    const { clock, openEngine } = parts;
    yield* withEngine(openEngine(job), async function* (backend) {
      const picture = noisePicture(probeSize);
      const target = await backend.measure(picture, picture);
      const times: number[] = [];
      for (let step = 0; step < warmUpSteps + countedSteps; step++) {
        signal.throwIfAborted();
        const begun = clock.now();
        await backend.evaluate(picture, target);
        if (step >= warmUpSteps) times.push((clock.now() - begun) / 1000);
        await nextTurn();
      }
      yield { kind: 'probed', secondsPerWork: median(times) / probeSize ** 2 };
    });
  };
