import { describe, expect, it } from 'vitest';
import { photoMixAt, photoTurns } from '../../src/engine/zoom/photo-order.ts';

const reel = { photos: 3, frames: 96, loopFrames: 24 };
const mixes = (course: typeof reel) =>
  Array.from({ length: course.frames }, (_, index) => photoMixAt(index, course));

describe('the photos that a film goes through', () => {
  it('have as many frames each, the first one those of the closure too', () => {
    expect(photoTurns(reel)).toEqual([8, 40, 72]);
    expect(photoTurns({ ...reel, photos: 2 })).toEqual([24, 72]);
  });

  it('come one after the other, with the first one before the film and at its end', () => {
    const pure = (index: number, photo: number) => {
      const { from, to, share } = photoMixAt(index, reel);
      expect(share === 0 ? from : to).toBe(photo);
      expect([0, 1]).toContain(share);
    };
    for (const index of [-24, -1, 0, 7, 84, 95]) pure(index, 0);
    for (const index of [20, 39]) pure(index, 1);
    for (const index of [52, 71]) pure(index, 2);
  });

  it('turn into each other frame by frame, slowly at both ends, and never back', () => {
    const turn = Array.from({ length: 12 }, (_, step) => photoMixAt(8 + step, reel));
    for (const { from, to } of turn) expect([from, to]).toEqual([0, 1]);
    const steps = turn.map(({ share }, step) => share - (turn[step - 1]?.share ?? 0));
    for (const step of steps) expect(step).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBe(Math.max(...steps.slice(5, 7)));
    expect(turn[0]!.share).toBeLessThan(0.02);
    expect(turn.at(-1)!.share).toBeGreaterThan(0.98);
  });

  it.each([
    [3, 8, 4],
    [3, 24, 12],
    [2, 9, 3],
    [3, 240, 24],
  ])(
    'end whole in the first one, whatever its length: %i photos in %i frames',
    (photos, frames, loopFrames) => {
      const all = mixes({ photos, frames, loopFrames });
      expect(all[0]).toMatchObject({ from: 0, share: 0 });
      expect(all.at(-1)).toMatchObject({ to: 0, share: 1 });
      // No turn begins before the one before it is over.
      for (const [index, { from, share }] of all.entries()) {
        const before = all[index - 1];
        if (before && before.from !== from && before.share !== 0)
          expect([before.to, before.share]).toEqual([from, 1]);
        expect(share).toBeLessThanOrEqual(1);
      }
    },
  );

  it('are no question for a film of one photo', () => {
    for (const mix of mixes({ ...reel, photos: 1 })) expect(mix).toEqual({ from: 0, to: 0, share: 0 });
  });
});
