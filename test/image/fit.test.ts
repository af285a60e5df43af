import { describe, expect, it } from 'vitest';
import { delayCentiseconds } from '../../src/domain/kinds/zoom.ts';
import type { FitReport } from '../../src/domain/report.ts';
import { planFit, searchFit } from '../../src/image/fit.ts';

const gif = { format: 'gif', frames: 48, fps: 20, size: 256 } as const;

/** About what a candidate takes, were every pixel alike. */
const pixels = ({ size, everyFrame }: FitReport): number => size ** 2 / everyFrame;

describe('the order in which a film is cut down', () => {
  it('lowers colours, then keeps every m-th frame, then shrinks', () => {
    const plan = planFit(gif);
    expect(plan[0]).toEqual({ colours: 256, quality: null, everyFrame: 1, size: 256 });
    expect(plan.slice(1, 3).map(({ colours }) => colours)).toEqual([128, 64]);
    expect(plan.slice(3, 6).map(({ everyFrame }) => everyFrame)).toEqual([2, 3, 4]);
    expect(plan[6]).toEqual({ colours: 64, quality: null, everyFrame: 4, size: 230 });
    expect(plan.slice(0, 6).every(({ size }) => size === 256)).toBe(true);
  });

  it.each([
    [48, 20],
    [30, 20],
    [240, 50],
    [8, 10],
    [47, 20],
    [64, 1],
  ])('keeps the loop: m divides %i frames (%i a second), and four or more are left', (frames, fps) => {
    for (const { everyFrame } of planFit({ format: 'gif', frames, fps, size: 256 })) {
      expect(frames % everyFrame).toBe(0);
      expect(frames / everyFrame).toBeGreaterThanOrEqual(4);
    }
  });

  it('thins out a film below eight frames or five a second only once it cannot shrink further', () => {
    const plan = planFit(gif);
    const smallest = Math.min(...plan.map(({ size }) => size));
    const sparse = plan.filter(({ everyFrame: m }) => 48 / m < 8 || delayCentiseconds(20) * m > 20);
    expect(sparse.length).toBeGreaterThan(0);
    for (const candidate of sparse) expect(candidate.size).toBe(smallest);
  });

  it.each(['gif', 'webp', 'mp4', 'png'] as const)('never grows, and has even sides (%s)', (format) => {
    const plan = planFit({ ...gif, format });
    for (const [index, candidate] of plan.entries()) {
      expect(candidate.size % 2).toBe(0);
      expect(candidate.size).toBeGreaterThanOrEqual(32);
      if (index > 0) expect(pixels(candidate)).toBeLessThanOrEqual(pixels(plan[index - 1]!));
    }
    expect(new Set(plan.map((candidate) => JSON.stringify(candidate))).size).toBe(plan.length);
  });

  it('lowers quality before size where there is no palette', () => {
    const webp = planFit({ ...gif, format: 'webp' });
    expect(webp.slice(0, 5).map(({ quality, size }) => [quality, size])).toEqual([
      [80, 256],
      [60, 256],
      [40, 256],
      [20, 256],
      [20, 230],
    ]);
    const mp4 = planFit({ ...gif, format: 'mp4' });
    expect(mp4.slice(0, 5).map(({ quality, size }) => [quality, size])).toEqual([
      [22, 256],
      [28, 256],
      [34, 256],
      [40, 256],
      [40, 230],
    ]);
    expect(planFit({ ...gif, format: 'png' })[1]).toMatchObject({ quality: null, colours: null, size: 230 });
  });
});

describe('the search for a file that fits', () => {
  const plan = planFit(gif);
  const search = async (maxBytes: number, estimateOf: (index: number) => number, bytesOf = estimateOf) => {
    const asked: number[] = [];
    const encoded: number[] = [];
    const found = await searchFit(plan, {
      maxBytes,
      estimate: async (candidate) => {
        asked.push(plan.indexOf(candidate));
        return estimateOf(plan.indexOf(candidate));
      },
      encode: async (candidate) => {
        encoded.push(plan.indexOf(candidate));
        return bytesOf(plan.indexOf(candidate));
      },
      sizeOf: (bytes) => bytes,
    });
    return { index: plan.indexOf(found.candidate), bytes: found.encoded, asked, encoded };
  };
  const falling = (index: number): number => 1000 * 0.8 ** index;

  it('takes the best settings after one look where they fit', async () => {
    expect(await search(2000, falling)).toMatchObject({ index: 0, asked: [0], encoded: [0] });
  });

  it('takes the first candidate whose estimate leaves three percent of the budget', async () => {
    // 410 bytes would just fit 420, but for the margin.
    expect(await search(420, falling)).toMatchObject({ index: 5, encoded: [5] });
    expect(await search(423, falling)).toMatchObject({ index: 4, encoded: [4] });
  });

  it('asks for few estimates, each once', async () => {
    const { asked } = await search(50, falling);
    expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(plan.length)) + 1);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('steps down where the estimate was too kind, and corrects the next ones by it', async () => {
    const { index, bytes, encoded } = await search(400, falling, (candidate) => 1.5 * falling(candidate));
    expect(bytes).toBeLessThanOrEqual(400);
    expect(encoded).toEqual([5, 7]);
    expect(index).toBe(7);
  });

  it('says how small it got where nothing fits', async () => {
    await expect(search(1, falling)).rejects.toMatchObject({
      code: 'budget-too-small',
      data: { maxBytes: 1, smallestBytes: falling(plan.length - 1) },
    });
  });
});
