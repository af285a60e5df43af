import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/kinds.ts';
import { fromRgbImage, type RgbImage } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { meanOf, median } from '../../src/domain/statistics.ts';
import type { Backend } from '../../src/engine/backend.ts';
import type { ZoomEvent } from '../../src/engine/kinds/zoom.ts';
import type { Place } from '../../src/engine/synthesis/resample.ts';
import { clampPicture } from '../../src/engine/synthesis/resample.ts';
import type { LoopMemory } from '../../src/engine/zoom/loop-closure.ts';
import { tunings, type ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { enlarge, zoomCentreAt } from '../../src/engine/zoom/warp.ts';
import type { Motion } from '../../src/image/seam.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { angleBetween } from '../support/slerps.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { warpDistances } from '../support/warp-distances.ts';
import { createRender, imagesOf, only } from '../support/zoom-events.ts';

const usual = {
  request: { ...parseRequest({ size: 64, frames: 8, zoom: 1.05, steps: 2 }), seed: 1 },
  photo: wavyPicture(60, 40, 1),
  tuning: tunings.standard,
};
const render = createRender(usual);
const renderFlat = createRender({ ...usual, photo: flatPicture(64, 64, 0.5) });

/** The middle of a frame, which no border reaches: red, in steps of a byte. */
const middleOf = ({ width, height, data }: RgbImage): number =>
  data[3 * (width * (height >> 1) + (width >> 1))]!;

describe('a frame', () => {
  /**
   * A backend and an optimiser under which a picture is black after the start, and whose every step then makes it
   * brighter by `bytes`: whatever the warp does to the middle of a flat picture, it stays what it is.
   */
  const brightening = async (steps: number, bytes: number): Promise<readonly number[]> => {
    const sure = { beta1: 0, beta2: 0, colourShare: 0 };
    // A flat photo's contrast is the least there is, a thousandth of the range.
    const byte = 1000 / 255;
    const startSteps = 4;
    const plain: ZoomTuning = {
      startSteps: { coarsest: startSteps, finer: startSteps },
      leastLeadInFrames: 2,
      mostLoopFrames: 3,
      detailAngle: 0,
      startDescent: { ...sure, rate: 255 * byte },
      filmDescent: { ...sure, rate: bytes * byte },
    };
    const fake = createFakeBackend((evaluation, before) => ({
      ...evaluation,
      gradient: evaluation.gradient.fill(before < startSteps ? 1 : -1),
    }));
    const events = await renderFlat({ steps }, fake.backend, { tuning: plain });
    return imagesOf(events).map(middleOf);
  };

  it.each<[number, number, number]>([
    // So many steps, by so many bytes, and the mean of what the last four made of a picture that was black.
    [6, 2, (2 * (3 + 4 + 5 + 6)) / 4],
    [8, 2, (2 * (5 + 6 + 7 + 8)) / 4],
    [4, 2, (2 * (1 + 2 + 3 + 4)) / 4],
    [3, 3, (3 * (1 + 2 + 3)) / 3],
    [1, 5, 5],
  ])(
    'is the mean after its last four steps, or all it has, and the next goes on from the last: %i',
    async (...row) => {
      const [steps, bytes, mean] = row;
      // Three before the film, and five until it is led back.
      const seen = (await brightening(steps, bytes)).slice(0, 8);
      expect(seen).toEqual(seen.map((_, frame) => frame * steps * bytes + mean));
    },
  );
});

describe('the zoom of a film', () => {
  it('is about a point that goes around the centre', async () => {
    const idle = createFakeBackend((evaluation) => ({
      ...evaluation,
      gradient: evaluation.gradient.fill(0),
    }));
    const still = { rate: 0.2, beta1: 0, beta2: 0, colourShare: 0 };
    const alone = { startDescent: still, filmDescent: still, detailAngle: 0 };
    const tuning = { ...usual.tuning, ...alone, leastLeadInFrames: 9 };
    const events = await render({}, idle.backend, { tuning });
    const leadIn = only(events, 'lead-in').map(({ image }) => image);
    const { zoom } = usual.request;
    const kernel = 'band-limited';
    const differenceAbout = (index: number, about: Place): number => {
      const expected = clampPicture(enlarge(fromRgbImage(leadIn[index - 1]!), zoom, { kernel, about }));
      const { data } = fromRgbImage(leadIn[index]!);
      return 255 * meanOf(data.map((value, i) => Math.abs(value - expected.data[i]!)));
    };
    for (let index = 1; index < 9; index++) {
      const own = differenceAbout(index, zoomCentreAt(index - 9, usual.request.frames));
      // Frames are bytes: each of the two is off by a quarter on average.
      expect(own).toBeLessThan(0.5);
      expect(differenceAbout(index, { x: 0, y: 0 })).toBeGreaterThan(2 * own);
    }
  });
});

const motionOf = (events: readonly ZoomEvent[]): Motion =>
  warpDistances(
    only(events, 'frame').map(({ image }) => image),
    film.zoom,
    'in',
  );

/** What a checkpoint has of the loop's closure: in the JSON behind its length. */
const loopOf = (state: Uint8Array): LoopMemory => {
  const bytes = Buffer.from(state);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + bytes.readUInt32LE(0))) as {
    own: { loop: LoopMemory };
  };
  return header.own.loop;
};

const film = { frames: 16, zoom: 1.05, steps: 4 } as const;

describe('the end of a film', () => {
  /** Gradients that know nothing of the picture: it walks at random while the zoom carries it out. */
  const wandering = (): Backend => {
    const random = createRandom(7);
    return createFakeBackend((evaluation) => ({
      ...evaluation,
      gradient: evaluation.gradient.map(() => random.normal()),
    })).backend;
  };
  const loop: ZoomTuning = {
    startSteps: { coarsest: 4, finer: 4 },
    leastLeadInFrames: 9,
    mostLoopFrames: 8,
    detailAngle: 0,
    startDescent: { rate: 0.2, beta1: 0.9, beta2: 0.99, colourShare: 0.1 },
    filmDescent: { rate: 0.3, beta1: 0.9, beta2: 0.95, colourShare: 0.1 },
  };

  it('is turned into the last frames before it, one by one, and its seam is as large as other steps', async () => {
    const events = await render(film, wandering(), { tuning: loop });
    const leadIn = only(events, 'lead-in').map(({ image }) => fromRgbImage(image));
    const frames = only(events, 'frame').map(({ image }) => fromRgbImage(image));
    expect(leadIn).toHaveLength(9);
    const angles = [8, 7, 6, 5, 4, 3, 2, 1].map((back) => angleBetween(frames.at(-back)!, leadIn.at(-back)!));
    for (let k = 1; k < angles.length; k++) expect(angles[k]!).toBeLessThan(angles[k - 1]!);
    // What is left is a step, of those that it took.
    expect(angles.at(-1)!).toBeLessThan(0.3 * angleBetween(frames[7]!, leadIn[0]!));
    const { distances } = motionOf(events);
    const seam = distances.at(-1)!;
    // The usual step, whether the one into the last frame counts or, since it is not known before, does not.
    const [without, all] = [median(distances.slice(0, -2)), median(distances.slice(0, -1))];
    // A few halvings, and the rounding to bytes.
    expect(seam).toBeGreaterThan(0.98 * Math.min(without, all));
    expect(seam).toBeLessThan(1.02 * Math.max(without, all));
  });

  it('follows from the frames as they are kept', async () => {
    const events = await render(film, wandering(), { tuning: loop, checkpoints: true });
    const { distances } = motionOf(events);
    const { changes } = loopOf(only(events, 'checkpoint').at(-1)!.state);
    expect(changes).toHaveLength(film.frames - 1);
    // The later one of two frames is measured before it is rounded: half a step of a byte at most, and that up
    // and down.
    for (const [k, change] of changes.entries()) {
      expect(Math.abs(255 * change - distances[k]!)).toBeLessThan(0.02);
    }
  });

  it('is all that leading back changes', async () => {
    const none: ZoomTuning = { ...loop, mostLoopFrames: 0 };
    const closed = imagesOf(await render(film, wandering(), { tuning: loop }));
    const open = imagesOf(await render(film, wandering(), { tuning: none }));
    const same = closed.map(({ data }, k) => Buffer.compare(data, open[k]!.data) === 0);
    expect(same).toEqual([...Array(9 + 8).fill(true), ...Array(8).fill(false)]);
  });
});
