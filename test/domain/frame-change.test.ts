import { describe, expect, it } from 'vitest';
import { changesFrom } from '../../src/domain/frame-change.ts';
import { fromRgbImage, toRgbImage } from '../../src/domain/picture.ts';
import { enlarge } from '../../src/engine/zoom/warp.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { warpDistances } from '../support/warp-distances.ts';

describe('the change from frame to frame', () => {
  it.each([
    [24, 24, 1.07],
    [24, 24, 1.005],
    [31, 18, 1.2],
  ])('is what the film is judged by, but for the scale: %i x %i at %f', (width, height, zoom) => {
    const frames = [1, 2, 3].map((seed) => toRgbImage(wavyPicture(width, height, seed)));
    const { distances } = warpDistances(frames, zoom, 'in');
    const pictures = frames.map(fromRgbImage);
    for (let k = 0; k < 3; k++) {
      const change = changesFrom(pictures[k]!, zoom)(pictures[(k + 1) % 3]!);
      expect(255 * change).toBeCloseTo(distances[k]!, 4);
    }
  });

  it('is nothing where the next frame is the zoom and no more', () => {
    const picture = wavyPicture(24, 24, 1);
    expect(changesFrom(picture, 1.1)(enlarge(picture, 1.1, { kernel: 'bilinear' }))).toBe(0);
  });

  it('is all there is from black to white', () => {
    // Weights that sum to 1 in float32.
    expect(changesFrom(flatPicture(8, 8, 0), 1.1)(flatPicture(8, 8, 1))).toBe(1);
    expect(changesFrom(flatPicture(8, 8, 1), 1.1)(flatPicture(8, 8, 0))).toBeCloseTo(1, 6);
  });
});
