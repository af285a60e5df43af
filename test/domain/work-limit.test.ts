import { describe, expect, it } from 'vitest';
import type { GramzoomError } from '../../src/domain/errors.ts';
import { type ZoomInput, zoomSteps } from '../../src/domain/kinds/zoom.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { createRandom } from '../../src/domain/random.ts';
import { defaultFilm, requireWork } from '../../src/domain/work-limit.ts';
import { zoomWork } from '../../src/engine/zoom/plan.ts';
import { workOf } from '../../src/render/kinds.ts';

const refusalOf = (options: ZoomInput, most = 6): GramzoomError<'too-much-work'>['data'] | null => {
  try {
    requireWork({ ...parseRequest(options), seed: 1 }, { most, workOf });
    return null;
  } catch (error) {
    expect(error).toMatchObject({ code: 'too-much-work' });
    return (error as GramzoomError<'too-much-work'>).data;
  }
};

describe('the limit of work', () => {
  it('lets films with the defaults through, and larger ones as far as it goes', () => {
    expect(refusalOf({}, 1)).toBeNull();
    expect(refusalOf({ size: 512 })).toBeNull();
    expect(refusalOf({ size: 512 }, 3.9)).not.toBeNull();
    expect(refusalOf({ frames: 240 })).toBeNull();
  });

  it('says how much a film is in default films, and which one would fit', () => {
    const refusal = refusalOf({ size: 512, frames: 240, steps: 40 });
    expect(refusal).toEqual({
      work: expect.any(Number),
      most: 6,
      fitting: { size: 512, frames: 48, steps: 4 },
    });
    expect(refusal?.work).toBeCloseTo(186, -1);
  });

  it('gives up steps beyond the finest quality first, then frames, and the size last', () => {
    expect(refusalOf({ size: 256, steps: 40 })).toMatchObject({
      fitting: { size: 256, frames: 48, steps: 18 },
    });
    expect(refusalOf({ size: 512, frames: 96 })).toMatchObject({
      fitting: { size: 512, frames: 86, steps: 3 },
    });
    expect(refusalOf({ size: 512, quality: 'fine' })).toMatchObject({
      fitting: { size: 512, frames: 48, steps: 4 },
    });
    expect(refusalOf({ size: 512 }, 2)).toMatchObject({ fitting: { size: 352, frames: 48, steps: 3 } });
  });

  it.each([1, 1.5, 3, 6, 20])(
    'the limit of work %f names a film that fits and asks for no more than the request',
    (most) => {
      const random = createRandom(5);
      const between = (least: number, greatest: number): number =>
        least + Math.floor(random.uniform() * (greatest - least + 1));
      const qualities = Object.keys(zoomSteps) as readonly (keyof typeof zoomSteps)[];
      for (let round = 0; round < 100; round++) {
        const asked = {
          size: 16 * between(4, 32),
          frames: between(8, 240),
          steps: between(1, 40),
          quality: qualities[between(0, 2)]!,
        };
        const refusal = refusalOf(asked, most);
        if (!refusal) continue;
        const { size, frames, steps } = refusal.fitting as Readonly<
          Record<'size' | 'frames' | 'steps', number>
        >;
        const fitting = { ...asked, size, frames, steps };
        expect(refusalOf(fitting, most), JSON.stringify({ asked, fitting })).toBeNull();
        expect([size <= asked.size, frames <= asked.frames, steps <= asked.steps]).toEqual([
          true,
          true,
          true,
        ]);
        expect(zoomWork({ ...defaultFilm, ...fitting })).toBeGreaterThan(0.4 * zoomWork(defaultFilm));
      }
    },
  );
});
