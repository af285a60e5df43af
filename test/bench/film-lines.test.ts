import { describe, expect, it } from 'vitest';
import { gradientMap, lineFigures, linesOf, meanMap } from '../../bench/film-lines.ts';
import type { RgbImage } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';

const side = 96;

/** Frames of grey noise, stronger by `extra` where `stands` says so. */
const noiseFilm = (
  stands: (x: number, y: number) => boolean = () => false,
  { extra = 0.5, seed = 1 }: { readonly extra?: number; readonly seed?: number } = {},
): readonly RgbImage[] => {
  const random = createRandom(seed);
  return Array.from({ length: 8 }, () => {
    const data = new Uint8Array(3 * side * side);
    for (let i = 0; i < side * side; i++) {
      const strength = stands(i % side, Math.floor(i / side)) ? 30 * (1 + extra) : 30;
      data.fill(128 + strength * (2 * random.uniform() - 1), 3 * i, 3 * i + 3);
    }
    return { width: side, height: side, data };
  });
};

const middle = (side - 1) / 2;

describe('the line score', () => {
  it.each([
    ['across', (_: number, y: number) => Math.abs(y - middle) < 3],
    ['down', (x: number) => Math.abs(x - middle) < 3],
    ['falling', (x: number, y: number) => Math.abs(x - y) < 4],
    ['rising', (x: number, y: number) => Math.abs(x + y - 2 * middle) < 4],
    ['top', (_: number, y: number) => y < 3],
    ['bottom', (_: number, y: number) => y >= side - 3],
    ['left', (x: number) => x < 3],
    ['right', (x: number) => x >= side - 3],
  ] as const)('finds detail piled up on one line: %s', (name, stands) => {
    const { score, limit, strongest, ratios } = lineFigures(noiseFilm(stands));
    expect(strongest).toBe(name);
    expect(score).toBeGreaterThan(limit);
    expect(ratios[name]).toBeGreaterThan(1.2);
  });

  it('finds a line of less detail', () => {
    const film = noiseFilm((x) => Math.abs(x - middle) < 3, { extra: -0.5 });
    const { score, limit, strongest, ratios } = lineFigures(film);
    expect([strongest, score > limit]).toEqual(['down', true]);
    expect(ratios.down).toBeLessThan(0.8);
  });

  it('passes noise and lines elsewhere', () => {
    // Fixed seeds: each passes with a chance of 95 %, and these do.
    for (const seed of [1, 2, 3]) {
      const { score, limit } = lineFigures(noiseFilm(undefined, { seed }));
      expect(score).toBeLessThanOrEqual(limit);
    }
    const beside = lineFigures(noiseFilm((x) => Math.abs(x - 20) < 3));
    expect(beside.score).toBeLessThanOrEqual(beside.limit);
  });
});

describe('a gradient map', () => {
  it('is as strong as the step between pixels, at every corner between four', () => {
    const data = new Uint8Array(3 * 4 * 4);
    for (let y = 0; y < 4; y++) data.fill(10, 3 * (4 * y + 2), 3 * (4 * y + 4));
    const map = gradientMap({ width: 4, height: 4, data });
    expect([map.width, map.height]).toEqual([3, 3]);
    expect([...map.data]).toEqual([0, 10, 0, 0, 10, 0, 0, 10, 0]);
  });

  it('is rolled whole: nothing is lost and nothing appears', () => {
    const map = { width: 3, height: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect([...meanMap([map], () => ({ x: 1, y: 1 })).data]).toEqual([5, 6, 4, 2, 3, 1]);
    expect([...meanMap([map, map]).data]).toEqual([...map.data]);
  });

  it('a picture without any difference has no lines', () => {
    const flat = { width: side - 1, height: side - 1, data: new Float32Array((side - 1) ** 2).fill(7) };
    // Sums of a few thousand equal float32 values.
    expect(linesOf(flat).score).toBeLessThan(1e-3);
  });
});
