import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { precisions } from '../../src/domain/engines.ts';
import { pyramidLevels } from '../../src/domain/kinds/kind.ts';
import type { RgbImage } from '../../src/domain/picture.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import {
  planTexture,
  renderTexture,
  type TextureEvent,
  textureWork,
} from '../../src/engine/kinds/texture.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { wavyPicture } from '../support/test-pictures.ts';

const { signal } = new AbortController();
const photo = wavyPicture(96, 64, 1);
const wanted = { size: 160, aspect: 'square', steps: 14, seed: 5 } as const;

type Options = Partial<Parameters<typeof renderTexture>[3]>;
type Of<Kind extends TextureEvent['kind']> = Extract<TextureEvent, { kind: Kind }>;

const render = async (
  changes: Partial<typeof wanted> = {},
  options: Options = {},
  backend = createFakeBackend().backend,
): Promise<readonly TextureEvent[]> =>
  await Array.fromAsync(renderTexture({ ...wanted, ...changes }, photo, backend, { signal, ...options }));

const only = <Kind extends TextureEvent['kind']>(events: readonly TextureEvent[], kind: Kind) =>
  events.filter((event): event is Of<Kind> => event.kind === kind);

describe('the plan of a texture', () => {
  it('has as many levels as its kind says, in the shape of the photo too', () => {
    for (const size of [64, 160, 512, 1024]) {
      for (const sides of [photo, { width: 30, height: 90 }]) {
        const { levels } = planTexture({ size, aspect: 'photo', steps: 30 }, sides);
        expect(levels).toHaveLength(pyramidLevels(size));
      }
    }
  });

  it('does every step of every level, in parts that end where poolings have been seen from everywhere', () => {
    const { levels, parts } = planTexture({ size: 512, aspect: 'square', steps: 30 }, photo);
    const stepsOf = (level: number) =>
      parts.filter((part) => part.level === level).reduce((sum, { steps }) => sum + steps, 0);
    expect(levels.map((_, level) => stepsOf(level))).toEqual(levels.map(({ steps }) => steps));
    expect(parts.every(({ steps }) => steps <= 12)).toBe(true);
    expect(parts.filter(({ isFirst }) => isFirst)).toHaveLength(levels.length);
  });

  it('costs more the larger it is and the more steps it takes', () => {
    const work = (size: number, steps: number) => textureWork({ size, aspect: 'square', steps });
    expect(work(512, 30)).toBeGreaterThan(3 * work(256, 30));
    expect(work(256, 60)).toBe(2 * work(256, 30));
  });
});

describe('a texture', () => {
  it('grows from level to level and ends as a picture of the size asked for', async () => {
    const events = await render();
    const steps = only(events, 'step');
    expect(steps.at(-1)).toMatchObject({ share: 1, size: 160 });
    expect(new Set(steps.map(({ size }) => size))).toEqual(new Set([128, 160]));
    expect(steps.map(({ done }) => done)).toEqual([...Array(28).fill(0), ...Array(14).fill(1)]);
    expect(steps.every(({ total, stage }) => total === 2 && stage === 'levels')).toBe(true);
    const [end] = only(events, 'end');
    expect([end!.image.width, end!.image.height]).toEqual([160, 160]);
    expect(new Set(end!.image.data).size).toBeGreaterThan(50);
  });

  it('is the same for the same seed and another for another', async () => {
    const end = async (seed: number) => only(await render({ seed } as object), 'end')[0];
    expect(await end(5)).toEqual(await end(5));
    expect(await end(6)).not.toEqual(await end(5));
  });

  it('has a checkpoint after each part, and levels are done once they are whole', async () => {
    const checkpoints = only(await render({}, { checkpoints: true }), 'checkpoint');
    expect(checkpoints.map(({ done }) => done)).toEqual([0, 0, 1, 1, 2]);
    expect(only(await render(), 'checkpoint')).toEqual([]);
  });

  it('resumed from any checkpoint it gives what an uninterrupted one gives', async () => {
    const whole = await render({}, { checkpoints: true });
    for (const [index, event] of whole.entries()) {
      if (event.kind !== 'checkpoint') continue;
      const rest = await render({}, { checkpoints: true, resume: event.state });
      const steps = (events: readonly TextureEvent[]) => events.filter(({ kind }) => kind !== 'preview');
      expect(isDeepStrictEqual(steps(rest), steps(whole.slice(index + 1)))).toBe(true);
    }
  });

  it('does not continue another request', async () => {
    const [first] = only(await render({}, { checkpoints: true }), 'checkpoint');
    for (const changes of [{ seed: 6 }, { steps: 15 }, { size: 192 }] as object[]) {
      const run = render(changes, { resume: first!.state });
      await expect(run).rejects.toMatchObject({ code: 'checkpoint-unusable' });
    }
  });

  it('stops with the reason of its signal', async () => {
    const run = render({}, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(run).rejects.toThrow('enough');
  });
});

/**
 * How much neighbours differ in the rows and columns of one phase of a period, relative to the mean of all phases: the
 * highest of all, 1 where there is no grid.
 */
const gridRatio = ({ width, height, data }: RgbImage, period: number): number => {
  const sums = Array.from({ length: period }, () => ({ sum: 0, count: 0 }));
  const add = (at: number, from: number, to: number): void => {
    const phase = sums[at % period]!;
    phase.sum += Math.abs(data[from]! - data[to]!);
    phase.count++;
  };
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      for (let i = 3 * (y * width + x), end = i + 3; i < end; i++) {
        add(x, i - 3, i);
        add(y, i - 3 * width, i);
      }
    }
  }
  const means = sums.map(({ sum, count }) => sum / count);
  return (period * Math.max(...means)) / means.reduce((sum, value) => sum + value, 0);
};

describe('a texture on onnx:cpu', () => {
  it('has hardly a grid where the pixels of a level and of the one before coincide, even of noise', async () => {
    const backend = await openOnnxBackend(await openNetwork('pocket'), styleObjective, { threads: 1 });
    try {
      const [end] = only(await render({ steps: 4 } as object, {}, backend), 'end');
      // From 144 to 176 px, the margin included, every eleventh pixel coincides. This leaves 1.02 and 1.01 (seeds 5 and 6), a
      // bicubic kernel 1.13 and 1.15.
      expect(gridRatio(end!.image, 11)).toBeLessThan(1.07);
    } finally {
      await backend.close();
    }
  });

  it.each(precisions)(
    'comes nearer to the photo than a picture after a few steps in %s, and goes on in another process bit for bit',
    async (precision) => {
      const network = await openNetwork('pocket');
      const renderAnew = async (steps: number, options: Options = {}) => {
        const backend = await openOnnxBackend(network, styleObjective, { threads: 1, precision });
        try {
          return await render({ size: 64, steps } as object, options, backend);
        } finally {
          await backend.close();
        }
      };
      const whole = await renderAnew(12, { checkpoints: true });
      const [end] = only(whole, 'end');
      expect(end!.styleLoss).toBeLessThan(only(await renderAnew(2), 'end')[0]!.styleLoss / 2);
      const [first] = only(whole, 'checkpoint');
      const rest = await renderAnew(12, { resume: first!.state });
      expect(isDeepStrictEqual(only(rest, 'end')[0], end)).toBe(true);
      expect(only(rest, 'step')).toHaveLength(12);
    },
  );
});
