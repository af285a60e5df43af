import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/kinds.ts';
import { fromRgbImage, type RgbImage } from '../../src/domain/picture.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { renderZoom } from '../../src/engine/kinds/zoom.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { decodePhoto } from '../../src/image/decode.ts';
import { encodeFilm } from '../../src/image/encode-film.ts';
import type { EncodedFilm } from '../../src/image/film.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { type LoopMotion, warpDistances } from '../support/warp-distances.ts';

const photos = new URL('../../../shared/photos/', import.meta.url);

const options = parseRequest({ size: 128, frames: 30 });
const { size, zoom, direction, fps } = options;

/** A film of a photo, rendered and encoded as the program does it. */
const makeFilm = async (photo: Uint8Array): Promise<EncodedFilm> => {
  const image = await decodePhoto(photo, { maxArea: (2 * size) ** 2 });
  const backend = await openOnnxBackend(await openNetwork('pocket'), styleObjective, { threads: 2 });
  const frames: RgbImage[] = [];
  try {
    const request = { ...options, seed: 1 };
    const { signal } = new AbortController();
    for await (const event of renderZoom(request, fromRgbImage(image), backend, { signal })) {
      if (event.kind === 'frame') frames.push(event.image);
    }
  } finally {
    await backend.close();
  }
  return await encodeFilm(frames, { format: 'gif', fps, zoom, direction });
};

/** The frames of a GIF as libvips, which did not write it, reads them. */
const readFrames = async (gif: Uint8Array): Promise<readonly RgbImage[]> => {
  const { data, info } = await sharp(gif, { pages: -1 })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, pages = 1 } = info;
  const bytes = data.length / pages;
  return Array.from({ length: pages }, (_, page) => ({
    width,
    height: bytes / (3 * width),
    data: new Uint8Array(data.buffer, data.byteOffset + page * bytes, bytes),
  }));
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Mean square of the differences to the pixels on the right and below: what a blur takes away. */
const gradientEnergy = ({ width, height, data }: RgbImage): number => {
  let sum = 0;
  for (let y = 0; y < height - 1; y++) {
    for (let i = 3 * y * width; i < 3 * (y * width + width - 1); i++) {
      sum += (data[i + 3]! - data[i]!) ** 2 + (data[i + 3 * width]! - data[i]!) ** 2;
    }
  }
  return sum / (3 * (width - 1) * (height - 1));
};

const shares = (values: readonly number[]): readonly number[] => {
  const usual = median(values);
  return values.map((value) => value / usual);
};

const list = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(' ');

type Quality = LoopMotion & {
  /** d_k over the median of d_0 .. d_(N-2). */
  readonly steps: readonly number[];
  /** Gradient energy of each frame over their median. */
  readonly energies: readonly number[];
};

const judge = (frames: readonly RgbImage[]): Quality => {
  const motion = warpDistances(frames, zoom, direction);
  const usual = median(motion.distances.slice(0, -1));
  return {
    ...motion,
    steps: motion.distances.map((distance) => distance / usual),
    energies: shares(frames.map(gradientEnergy)),
  };
};

const figures = ({ seamRatio, steps, distances, unwarped, energies }: Quality): string =>
  [
    `seam ratio ${seamRatio.toFixed(3)}`,
    `d_k / median: ${list(steps)}`,
    `d_k: ${list(distances)}`,
    `unwarped: ${list(unwarped)}`,
    `gradient energy / median: ${list(energies)}`,
  ].join('\n');

const withoutPhotos = !existsSync(photos);

describe.skipIf(withoutPhotos)('films of the photos in ../shared at 128 px, 30 frames, as encoded', () => {
  it.each(['chelsea', 'coffee', 'gravel'])(
    'move evenly, without seam and without blur: %s',
    async (name) => {
      const film = await makeFilm(readFileSync(new URL(`${name}.png`, photos)));
      const frames = await readFrames(film.bytes);
      expect(frames.map(({ width, height }) => [width, height])).toEqual(Array(30).fill([128, 128]));

      const quality = judge(frames);
      const seen = figures(quality);
      expect(film.seamRatio, 'what the encoder reports').toBe(quality.seamRatio);

      expect(quality.seamRatio, seen).toBeGreaterThanOrEqual(0.85);
      expect(quality.seamRatio, seen).toBeLessThanOrEqual(1.15);
      expect(Math.min(...quality.steps), seen).toBeGreaterThanOrEqual(0.6);
      expect(Math.max(...quality.steps), seen).toBeLessThanOrEqual(1.5);
      const still = quality.distances.map((distance, k) => distance / quality.unwarped[k]!);
      expect(Math.max(...still), seen).toBeLessThan(1);
      expect(Math.min(...quality.energies), seen).toBeGreaterThanOrEqual(0.85);
    },
    // Some ten seconds on two idle cores; machines are slow and busy.
    180_000,
  );
});
