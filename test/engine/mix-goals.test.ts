import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { precisions } from '../../src/domain/engines.ts';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import type { Backend } from '../../src/engine/backend.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { mixGoals } from '../../src/engine/synthesis/mix-goals.ts';
import { createSynthesis, type Goal } from '../../src/engine/synthesis/synthesis.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { plainNetwork } from '../support/tiny-network.ts';
import { never } from '../support/zoom-events.ts';

const size = { width: 64, height: 64 };
const [one, other] = [wavyPicture(64, 64, 1), wavyPicture(64, 64, 2)];

/** The left quarters of it are of one picture, the rest of another. */
const sideBySide = (left: Picture, right: Picture, quarters: number): Picture => {
  const picture = createPicture(64, 64);
  for (let i = 0; i < picture.data.length; i++) {
    picture.data[i] = (i % 64 < 16 * quarters ? left : right).data[i]!;
  }
  return picture;
};

describe.each(precisions)('a goal between two photos in %s', (precision) => {
  let backend: Backend;
  let goals: readonly [Goal, Goal];
  beforeAll(async () => {
    backend = await openOnnxBackend(plainNetwork(), styleObjective, { threads: 1, precision });
    const tally = { stepsTotal: 1, workTotal: 1, stepsDone: 0, workDone: 0 };
    const synthesis = createSynthesis(
      { photo: one, backend, random: createRandom(1), signal: never() },
      { ...tally, position: () => ({ stage: 'start', done: 0, total: 1 }) },
    );
    goals = [await synthesis.goalAt(size), await synthesis.goalAt(size, other)];
  });
  afterAll(() => backend.close());

  it.each([1, 2, 3])(
    'is met by a picture that has %i quarters of one and the rest of the other',
    async (quarters) => {
      const picture = sideBySide(one, other, quarters);
      const [from, to] = goals;
      const lossOf = async (share: number) =>
        (await backend.evaluate(picture, mixGoals(from, to, share).target)).losses.gram;
      const own = await lossOf(1 - quarters / 4);
      for (const elsewhere of [0, 1]) expect(own).toBeLessThan((await lossOf(elsewhere)) / 5);
    },
  );

  it('is one or the other at its ends', () => {
    const [from, to] = goals;
    expect(mixGoals(from, to, 0)).toBe(from);
    expect(mixGoals(from, to, 1)).toBe(to);
  });

  it('moves colours by shares of both ways, and steps by the measure of the nearer', () => {
    const [from, to] = goals;
    const moved = (goal: Goal, share: number): Float32Array => {
      const direction = new Float32Array(3 * 64 * 64);
      goal.transfer(flatPicture(64, 64, 0.5), direction, share);
      return direction;
    };
    const [toOne, toOther] = [moved(from, 1), moved(to, 1)];
    const between = moved(mixGoals(from, to, 0.25), 1);
    between.forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 * toOne[i]! + 0.25 * toOther[i]!, 5);
    });
    expect(mixGoals(from, to, 0.25).precondition).toBe(from.precondition);
    expect(mixGoals(from, to, 0.75).precondition).toBe(to.precondition);
  });
});
