import { createHash } from 'node:crypto';
import { type Picture, type RgbImage, toRgbImage } from '../src/domain/picture.ts';
import type { Backend } from '../src/engine/backend.ts';
import { renderZoom } from '../src/engine/kinds/zoom.ts';
import { noisePicture } from '../src/engine/noise-picture.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { tunings, type ZoomTuning } from '../src/engine/zoom/plan.ts';
import { createFakeBackend } from '../test/support/fake-backend.ts';

export type StillOptions = {
  readonly size: number;
  /** Of each level; by default as many as a still needs. */
  readonly steps?: number | undefined;
};

/** A film leaves its finest level to its frames; a still has none, and has to be done when it is judged. */
const stillSteps = { coarsest: 120, finer: 60 };

/** The pyramid that every film starts with, drawn out. */
const tuningFor = ({ steps }: StillOptions): ZoomTuning => ({
  ...tunings.standard,
  startSteps: steps === undefined ? stillSteps : { coarsest: steps, finer: steps },
});

/** A still of a photo, made with the product's loss and optimiser, in bytes as people see it. */
export const makeStill = async (
  photo: Picture,
  backend: Backend,
  options: StillOptions & { readonly seed: number; readonly signal: AbortSignal },
): Promise<RgbImage> => {
  const { size, seed, signal } = options;
  const request = {
    size,
    seed,
    aspect: 'square',
    quality: 'standard',
    frames: 1,
    zoom: 1.03,
    steps: 1,
  } as const;
  for await (const event of renderZoom(request, photo, backend, { signal, tuning: tuningFor(options) })) {
    if (event.kind === 'level' && event.picture.width === size) return toRgbImage(event.picture);
  }
  throw new Error('the film ended without its finest level');
};

/**
 * How stills are made, as text: stills can be compared where this is equal. A still made without a network is part
 * of it, so that another optimiser, noise or offset is noticed.
 */
export const stillMethod = async (options: StillOptions): Promise<string> => {
  const { startSteps, startDescent } = tuningFor(options);
  const { signal } = new AbortController();
  const probe = await makeStill(noisePicture(64), createFakeBackend().backend, {
    size: 128,
    steps: 6,
    seed: 1,
    signal,
  });
  const start = createHash('sha256').update(probe.data).digest('hex');
  return JSON.stringify({ size: options.size, ...styleObjective, startSteps, startDescent, start });
};
