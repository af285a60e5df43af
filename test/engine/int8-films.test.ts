import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/kinds.ts';
import { createPicture, type Picture, type RgbImage } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { renderTexture } from '../../src/engine/kinds/texture.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { tunings, type ZoomRequest, type ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { createRender, imagesOf, never, only } from '../support/zoom-events.ts';

const drawn = (
  value: (x: number, y: number, plane: number) => number,
  { width = 80, height = 64 } = {},
): Picture => {
  const picture = createPicture(width, height);
  picture.data.forEach((_, i) => {
    picture.data[i] = value(i % width, Math.floor(i / width) % height, Math.floor(i / width / height));
  });
  return picture;
};

const flat: Readonly<Record<string, readonly [number, number, number]>> = {
  black: [0, 0, 0],
  white: [1, 1, 1],
  'mid grey': [0.5, 0.5, 0.5],
  'a saturated red': [1, 0, 0],
};

const random = createRandom(1);
const others: Readonly<Record<string, Picture>> = {
  'one white pixel on black': drawn((x, y) => (x === 40 && y === 30 ? 1 : 0)),
  'a checkerboard of black and white pixels': drawn((x, y) => (x + y) % 2),
  'black beside white': drawn((x) => (x < 40 ? 0 : 1)),
  'a sliver of one pixel': drawn((x, _, plane) => 0.5 + 0.4 * Math.sin(0.3 * x + plane), {
    width: 200,
    height: 1,
  }),
  noise: drawn(() => random.uniform()),
};

const request: ZoomRequest = { ...parseRequest({ size: 64, frames: 8, steps: 2 }), seed: 5 };
const tuning: ZoomTuning = {
  ...tunings.standard,
  startSteps: { coarsest: 8, finer: 3 },
  leastLeadInFrames: 2,
  mostLoopFrames: 3,
};

const network = await openNetwork('pocket');

/** A film's frames and a texture. */
const picturesOf = async (photo: Picture): Promise<readonly RgbImage[]> => {
  const backend = await openOnnxBackend(network, styleObjective, { threads: 1, precision: 'int8' });
  try {
    const film = imagesOf(await createRender({ request, photo, tuning })({}, backend));
    const wanted = { size: 64, aspect: 'square', steps: 8, seed: 5 } as const;
    const texture = await Array.fromAsync(renderTexture(wanted, photo, backend, { signal: never() }));
    return [...film, ...texture.flatMap((event) => (event.kind === 'end' ? [event.image] : []))];
  } finally {
    await backend.close();
  }
};

describe('a film and a texture in int8', () => {
  it.each(Object.entries(flat))('are flat where the photo is %s', async (_, colour) => {
    for (const { data } of await picturesOf(drawn((_x, _y, plane) => colour[plane]!))) {
      // Noise becomes as flat as that within so few steps.
      data.forEach((value, i) => {
        if (Math.abs(value - 255 * colour[i % 3]!) > 8) expect(value).toBe(255 * colour[i % 3]!);
      });
    }
  });

  it.each(Object.entries(others))(
    'are finite and no single colour where the photo is %s',
    async (_, photo) => {
      for (const { data } of await picturesOf(photo)) expect(new Set(data).size).toBeGreaterThan(1);
    },
  );

  it('are the same bytes for the same seed, on one thread and on two', async () => {
    const photo = wavyPicture(96, 80, 1);
    const renderOn = async (threads: number) => {
      const backend = await openOnnxBackend(network, styleObjective, { threads, precision: 'int8' });
      try {
        return only(
          await createRender({ request, photo, tuning })({}, backend, { checkpoints: true }),
          'checkpoint',
        );
      } finally {
        await backend.close();
      }
    };
    const first = await renderOn(1);
    expect(isDeepStrictEqual(await renderOn(1), first)).toBe(true);
    expect(isDeepStrictEqual(await renderOn(2), first)).toBe(true);
  });
});
