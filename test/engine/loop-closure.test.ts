import { describe, expect, it } from 'vitest';
import { fromRgbImage, type Picture, type RgbImage, toRgbImage } from '../../src/domain/picture.ts';
import { median } from '../../src/domain/statistics.ts';
import { createLoopClosure, type LoopMemory } from '../../src/engine/zoom/loop-closure.ts';
import { addDetail, changesOf, type Film, filmOf, type Setup, side, zoomed } from '../support/looped-film.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const seamRatio = (film: Film): number => {
  const changes = changesOf(film);
  return changes.at(-1)! / median(changes.slice(0, -1));
};

describe('closing the loop', () => {
  const usual = { frames: 24, loopFrames: 12, zoom: 1.04, begin: settledPicture() };
  const open = filmOf({ ...usual, optimise: addDetail(), closed: false });
  const closed = filmOf({ ...usual, optimise: addDetail() });

  it('makes the last step as large as the others', () => {
    expect(seamRatio(open)).toBeGreaterThan(1.5);
    // Half of the least share that is tried, and the median that counts one step more.
    expect(seamRatio(closed)).toBeGreaterThan(0.95);
    expect(seamRatio(closed)).toBeLessThan(1.05);
  });

  it('does not pay for it with a jump or a stop before the seam', () => {
    const changes = changesOf(closed);
    for (const change of changes) {
      // The bounds that films are held to.
      expect(change / median(changes)).toBeGreaterThan(0.6);
      expect(change / median(changes)).toBeLessThan(1.5);
    }
  });

  it('leaves the frames before the turn alone', () => {
    const first = usual.frames - usual.loopFrames;
    expect(closed.frames.slice(0, first)).toEqual(open.frames.slice(0, first));
    expect(closed.frames[first]).not.toEqual(open.frames[first]);
    const closure = createLoopClosure(closed.options);
    const picture = wavyPicture(side, side, 4);
    for (let index = 1; index < first; index++) {
      expect(closure.blendIn(index, picture)).toBe(picture);
      expect(closure.constrain(index, picture)).toBe(picture);
      expect(closure.finalise(index, { previous: picture, picture })).toBe(picture);
    }
    expect(closure.blendIn(first, picture)).not.toBe(picture);
    expect(closure.constrain(first, picture)).not.toBe(picture);
  });

  it('shows what was made of each frame but the last', () => {
    const closure = createLoopClosure(closed.options);
    const picture = wavyPicture(side, side, 4);
    for (let index = 1; index < usual.frames; index++) {
      closure.blendIn(index, picture);
      const shown = closure.finalise(index, { previous: picture, picture });
      if (index < usual.frames - 1) expect(shown).toBe(picture);
      else expect(shown).not.toBe(picture);
    }
  });

  it('keeps the contrast', () => {
    const contrastOf = ({ data }: RgbImage): number => {
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    };
    const contrasts = closed.frames.map(contrastOf);
    // A plain mean of two unrelated pictures would have 0.71.
    for (const contrast of contrasts) expect(contrast / median(contrasts)).toBeGreaterThan(0.9);
  });

  it('gives the same film for the same pictures', () => {
    expect(filmOf({ ...usual, optimise: addDetail() })).toEqual(closed);
  });

  it('needs no frame that leads back: the film stays as it is', () => {
    const none = { ...usual, loopFrames: 0, frames: 8 };
    expect(filmOf({ ...none, optimise: addDetail() }).frames).toEqual(
      filmOf({ ...none, optimise: addDetail(), closed: false }).frames,
    );
  });
});

/** After so many frames nothing of the first picture is left. */
function settledPicture(): Picture {
  const optimise = addDetail();
  let picture = wavyPicture(side, side, 3);
  for (let i = 0; i < 20; i++) {
    const before = zoomed(picture, 1.04);
    picture = optimise({ before, begun: before });
  }
  return picture;
}

/** What a checkpoint does to a memory. */
const passOn = (memory: LoopMemory): LoopMemory => JSON.parse(JSON.stringify(memory)) as LoopMemory;

describe('going on with what was measured', () => {
  const setup = { frames: 16, loopFrames: 6, zoom: 1.04 };
  const whole = filmOf({ ...setup, optimise: addDetail() });

  it('resuming with what was measured after every frame makes no difference', () => {
    expect(filmOf({ ...setup, optimise: addDetail(), interrupt: passOn })).toEqual(whole);
  });

  it('holds the change of each frame, and is not changed by what comes later', () => {
    const closure = createLoopClosure(whole.options);
    const memories: LoopMemory[] = [];
    for (let index = 1; index < setup.frames; index++) {
      const [previous, picture] = [index - 1, index].map((k) => fromRgbImage(whole.frames[k]!)) as [
        Picture,
        Picture,
      ];
      closure.blendIn(index, picture);
      closure.finalise(index, { previous, picture });
      memories.push(closure.memory());
    }
    expect(memories.map(({ changes }) => changes.length)).toEqual(memories.map((_, i) => i + 1));
    const changes = changesOf(whole);
    // The last one is led on once more here.
    for (let k = 0; k < setup.frames - 2; k++) expect(memories.at(-1)!.changes[k]).toBe(changes[k]);
  });
});

describe('closing the loop of an odd film', () => {
  it.each<[string, Omit<Setup, 'optimise'>]>([
    ['8 frames at zoom 1.2', { frames: 8, loopFrames: 4, zoom: 1.2 }],
    ['a zoom that hardly moves', { frames: 8, loopFrames: 4, zoom: 1.005 }],
    ['one frame that leads back', { frames: 8, loopFrames: 1, zoom: 1.1 }],
    ['nothing but frames that lead back', { frames: 4, loopFrames: 3, zoom: 1.1 }],
  ])('stays finite and within 0..1: %s', (_, setup) => {
    const { frames, options, angles } = filmOf({ ...setup, optimise: addDetail() });
    expect(frames).toHaveLength(setup.frames);
    expect(angles).toHaveLength(setup.loopFrames);
    for (const { before, begun, done } of angles) {
      expect([before, begun, done].every(Number.isFinite)).toBe(true);
      expect(begun).toBeLessThan(before);
    }
    expect(changesOf({ frames, options, angles }).every(Number.isFinite)).toBe(true);
  });

  it.each([0, 0.5, 1])('stays as it is where nothing ever changes, at %f', (value) => {
    const still = flatPicture(16, 16, value);
    const image = toRgbImage(still);
    const level = image.data[0]! / 255;
    const options = { guides: Array<RgbImage>(4).fill(image), frame0: image, frames: 8, zoom: 1.1 };
    const closure = createLoopClosure(options);
    for (let index = 1; index < 8; index++) {
      const picture = flatPicture(16, 16, level);
      const begun = closure.blendIn(index, picture);
      const { data } = closure.finalise(index, { previous: picture, picture: begun });
      // Float32 arithmetic.
      expect(Math.max(...data.map((actual) => Math.abs(actual - level)))).toBeLessThan(1e-6);
    }
    const { left, changes } = closure.memory();
    expect(left).toBe(0);
    for (const change of changes) expect(change).toBeLessThan(1e-6);
  });

  it('goes from one flat colour to another and back without a value that is no number', () => {
    const options = {
      guides: [0.2, 0.3, 0.4].map((value) => toRgbImage(flatPicture(16, 16, value))),
      frame0: toRgbImage(flatPicture(16, 16, 0.5)),
      frames: 6,
      zoom: 1.1,
    };
    const closure = createLoopClosure(options);
    let previous = fromRgbImage(options.frame0);
    for (let index = 1; index < 6; index++) {
      const picture = closure.finalise(index, {
        previous,
        picture: closure.blendIn(index, flatPicture(16, 16, 0.9)),
      });
      // clampPicture would have made mid grey of it, which lies on no way from 0.9 to a guide.
      expect(Math.abs(picture.data[0]! - 0.5)).toBeGreaterThan(0.05);
      previous = picture;
    }
    expect(closure.memory().changes.every(Number.isFinite)).toBe(true);
  });
});

describe('the median', () => {
  it('is the value in the middle, or the mean of two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 1, 2, 4])).toBe(3);
    expect(median([])).toBe(0);
  });
});
