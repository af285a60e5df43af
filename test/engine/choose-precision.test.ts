import { describe, expect, it } from 'vitest';
import type { Precision } from '../../src/domain/engines.ts';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { Backend, Evaluation, GradientRanges, OpenBackend } from '../../src/engine/backend.ts';
import { createPrecisionChooser } from '../../src/engine/backends/choose-precision.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { oddNetwork, plainNetwork } from '../support/tiny-network.ts';

/** How a fake backend computes: what each of its steps takes, the last again and again, and what becomes of them. */
type Behaviour = {
  readonly ms: readonly number[];
  readonly answer?: (evaluation: Evaluation) => Evaluation;
  readonly photoMultiple?: number;
};

/** A chooser between two fake backends, with what happened to them. */
const chooserOf = (behaviours: Readonly<Record<Precision, Behaviour>>) => {
  const clock = createFakeClock();
  const log: string[] = [];
  const sides = new Set<number>();
  const given: GradientRanges[] = [];
  const open: OpenBackend = async (_network, { octaves }, { precision = 'float' }): Promise<Backend> => {
    const { ms, answer = (evaluation) => evaluation, photoMultiple = 16 } = behaviours[precision];
    const { backend } = createFakeBackend(answer);
    let steps = 0;
    log.push(`open ${precision} for ${octaves}`);
    return {
      ...backend,
      precision,
      photoMultiple,
      evaluate: async (picture, target, ranges) => {
        log.push(precision);
        sides.add(picture.width);
        if (precision === 'int8') given.push(ranges ?? []);
        clock.advance(ms[Math.min(steps++, ms.length - 1)]!);
        return await backend.evaluate(picture, target, ranges);
      },
      close: async () => void log.push(`close ${precision}`),
    };
  };
  const choose = createPrecisionChooser({ now: clock.now });
  return {
    ...{ log, sides, given },
    choose: async ({ network = plainNetwork(), threads = 1 } = {}) =>
      await choose(network, styleObjective, { threads, open }),
  };
};

const opposite = (evaluation: Evaluation): Evaluation => ({
  ...evaluation,
  gradient: evaluation.gradient.map((value) => -value),
});

const fails = (error: Error) => (): Evaluation => {
  throw error;
};

describe('the choice of a precision', () => {
  it.each([
    ['int8 where it is clearly quicker', 10, 4, { precision: 'int8', kind: 'quicker', ratio: 0.4 }],
    ['float where int8 is hardly quicker', 10, 9, { precision: 'float', kind: 'not-quicker', ratio: 0.9 }],
    ['float where int8 is slower', 10, 20, { precision: 'float', kind: 'not-quicker', ratio: 2 }],
  ] as const)('is %s', async (_, float, int8, { precision, ...reason }) => {
    const { choose } = chooserOf({ float: { ms: [float] }, int8: { ms: [int8] } });
    const chosen = await choose();
    expect(chosen).toEqual({ precision, reason: { ...reason, cosine: expect.closeTo(1, 9) } });
  });

  it('does not change where some steps are slow, or the first ones', async () => {
    const calm = chooserOf({ float: { ms: [10] }, int8: { ms: [4] } });
    const busy = chooserOf({ float: { ms: [500, 40, 10, 10, 30] }, int8: { ms: [900, 4, 35, 50, 35] } });
    expect(await busy.choose()).toEqual(await calm.choose());
  });

  it('is made of steps in turn, so that other programs disturb both', async () => {
    const { choose, log } = chooserOf({ float: { ms: [10] }, int8: { ms: [4] } });
    await choose();
    expect(log.slice(0, 8)).toEqual([
      'open float for 1',
      'open int8 for 1',
      'float',
      'int8',
      'float',
      'int8',
      'float',
      'int8',
    ]);
  });

  it('takes few steps where each is slow', async () => {
    const { choose, log } = chooserOf({ float: { ms: [2000] }, int8: { ms: [900] } });
    expect(await choose()).toMatchObject({ precision: 'int8', reason: { ratio: 0.45 } });
    expect(log.filter((line) => line === 'float')).toHaveLength(2);
  });

  it('is float where the gradient in int8 points elsewhere, however quick it is', async () => {
    const { choose, log } = chooserOf({ float: { ms: [10] }, int8: { ms: [1], answer: opposite } });
    expect(await choose()).toEqual({
      precision: 'float',
      reason: { kind: 'inaccurate', cosine: expect.closeTo(-1, 9) },
    });
    expect(log.slice(-2)).toEqual(['close int8', 'close float']);
  });

  it('is float where the gradient in int8 is not a number', async () => {
    const answer = (evaluation: Evaluation) => ({
      ...evaluation,
      gradient: evaluation.gradient.map(() => Number.NaN),
    });
    const { choose } = chooserOf({ float: { ms: [10] }, int8: { ms: [1], answer } });
    expect(await choose()).toEqual({ precision: 'float', reason: { kind: 'inaccurate', cosine: 0 } });
  });

  it('is float for a network that int8 is not for, without any step', async () => {
    const { choose, log } = chooserOf({ float: { ms: [10] }, int8: { ms: [1] } });
    expect(await choose({ network: oddNetwork() })).toEqual({
      precision: 'float',
      reason: { kind: 'unsupported', obstacle: 'no-relu' },
    });
    expect(log).toEqual([]);
  });

  it('is float where the engine fails in int8, and says how', async () => {
    const error = new GramzoomError('engine-failed', { engine: 'fake', reason: 'no kernel' });
    const { choose, log } = chooserOf({ float: { ms: [10] }, int8: { ms: [1], answer: fails(error) } });
    expect(await choose()).toEqual({
      precision: 'float',
      reason: { kind: 'failed', problem: 'no kernel' },
    });
    expect(log.slice(-2)).toEqual(['close int8', 'close float']);
  });

  it('hides no other error', async () => {
    const bug = new TypeError('no such thing');
    const { choose, log } = chooserOf({ float: { ms: [10] }, int8: { ms: [1], answer: fails(bug) } });
    await expect(choose()).rejects.toBe(bug);
    expect(log.slice(-2)).toEqual(['close int8', 'close float']);
  });

  it('is made once for a network and a number of threads', async () => {
    const { choose, log } = chooserOf({ float: { ms: [10] }, int8: { ms: [4] } });
    const first = await choose();
    const steps = log.length;
    expect(await choose()).toEqual(first);
    expect(log).toHaveLength(steps);
    await choose({ threads: 2 });
    expect(log).toHaveLength(2 * steps);
  });

  it('hands on, from one step to the next, what int8 learnt of the gradients', async () => {
    const { choose, given } = chooserOf({ float: { ms: [10] }, int8: { ms: [4] } });
    await choose();
    expect(given.slice(0, 3)).toEqual([[], [[1]], [[2]]]);
  });

  it.each([
    [16, 96],
    [256, 256],
  ])(
    'is made on small pictures that the network can halve (multiples of %i: %i px)',
    async (photoMultiple, side) => {
      const { choose, sides } = chooserOf({
        float: { ms: [10], photoMultiple },
        int8: { ms: [4], photoMultiple },
      });
      await choose();
      expect([...sides]).toEqual([side]);
    },
  );
});
