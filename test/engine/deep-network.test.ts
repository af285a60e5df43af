import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { precisions } from '../../src/domain/engines.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { renderTexture } from '../../src/engine/kinds/texture.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { photoLevel } from '../../src/engine/synthesis/photo-level.ts';
import { tunings, type ZoomRequest, type ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { deepNetwork } from '../support/tiny-network.ts';
import { createRender, imagesOf, never, only } from '../support/zoom-events.ts';

/** Three poolings halve its sides evenly, but not those of its second octave. */
const request: ZoomRequest = { ...parseRequest({ size: 96, aspect: 'photo', frames: 8, steps: 2 }), seed: 5 };
const sides = { width: 112, height: 80 };
const photo = wavyPicture(140, 100, 1);
const other = wavyPicture(100, 140, 2);
const tuning: ZoomTuning = {
  ...tunings.standard,
  startSteps: { coarsest: 4, finer: 2 },
  leastLeadInFrames: 2,
  mostLoopFrames: 3,
};

describe.each(precisions)('a network that looks behind three poolings, in %s', (precision) => {
  const open = () => openOnnxBackend(deepNetwork(), styleObjective, { threads: 1, precision });

  it('compares as many octaves at every size as a shallow one does', async () => {
    const backend = await open();
    try {
      const target = async (width: number, height: number) =>
        (await backend.measure(wavyPicture(128, 96, 1), { width, height })).grams.length;
      expect([await target(48, 96), await target(80, 112), await target(112, 144)]).toEqual([1, 2, 2]);
      expect([await target(128, 128), await target(208, 144), await target(272, 528)]).toEqual([3, 3, 3]);
    } finally {
      await backend.close();
    }
  });

  it('measures a photo in the shape that it has, where a picture can have it', async () => {
    const backend = await open();
    try {
      // Its height, 13 times 16 px, is halved evenly by three poolings or by two octaves, but not by both.
      const level = photoLevel(wavyPicture(320, 208, 1), Math.sqrt(320 * 208), {
        multiple: backend.photoMultiple,
      });
      expect(level).toMatchObject({ width: 320, height: 208 });
      expect((await backend.measure(level, level)).grams).toHaveLength(3);
    } finally {
      await backend.close();
    }
  });

  it('makes a film of two photos in the shape of the first, the same where it was taken up amid it', async () => {
    const backend = await open();
    try {
      const render = createRender({ request, photo, tuning });
      const options = { checkpoints: true, through: [other] };
      const whole = await render({}, backend, options);
      const frames = only(whole, 'frame').map(({ image }) => image);
      expect(frames).toHaveLength(request.frames);
      for (const image of frames) {
        expect(image).toMatchObject(sides);
        expect(new Set(image.data).size).toBeGreaterThan(50);
      }
      const ends = whole.flatMap(({ kind }, i) => (kind === 'checkpoint' ? [i] : []));
      const end = ends[Math.floor(ends.length / 2)]!;
      const { state } = whole[end] as Extract<(typeof whole)[number], { kind: 'checkpoint' }>;
      const rest = await render({}, backend, {
        ...options,
        resume: { state, frames: imagesOf(whole.slice(0, end)) },
      });
      expect(isDeepStrictEqual(rest, whole.slice(end + 1))).toBe(true);
    } finally {
      await backend.close();
    }
  });

  it.each([64, 96])(
    'makes a texture of %i px that many steps bring nearer to its photo than one does',
    async (size) => {
      const backend = await open();
      try {
        const wanted = { size, aspect: 'square', seed: 5 } as const;
        const lossAfter = async (steps: number) => {
          const events = renderTexture({ ...wanted, steps }, photo, backend, { signal: never() });
          for await (const event of events) {
            if (event.kind !== 'end') continue;
            expect(event.image).toMatchObject({ width: size, height: size });
            return event.styleLoss;
          }
          return Number.NaN;
        };
        expect(await lossAfter(12)).toBeLessThan(await lossAfter(1));
      } finally {
        await backend.close();
      }
    },
  );
});
