import { describe, expect, it } from 'vitest';
import { zoomCentreAt } from '../../src/engine/zoom/warp.ts';

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number =>
  Math.hypot(a.x - b.x, a.y - b.y);

describe('the point that a film zooms into', () => {
  it.each([8, 24, 48, 60, 100, 240])(
    'is the same for a frame and the one before the film that it is turned into: %i',
    (frames) => {
      for (let back = 1; back <= 24; back++) {
        expect(distance(zoomCentreAt(frames - back, frames), zoomCentreAt(-back, frames))).toBeLessThan(1e-9);
      }
      expect(distance(zoomCentreAt(frames, frames), zoomCentreAt(0, frames))).toBeLessThan(1e-9);
    },
  );

  it.each([8, 24, 48, 60, 100, 240])(
    'goes on by as much in every frame, and is on average the centre: %i',
    (frames) => {
      const points = Array.from({ length: frames }, (_, index) => zoomCentreAt(index, frames));
      const step = distance(points[0]!, points[1]!);
      for (const [index, point] of points.entries()) {
        expect(distance(point, zoomCentreAt(index + 1, frames))).toBeCloseTo(step, 9);
        expect(Math.hypot(point.x, point.y)).toBeCloseTo(16, 9);
      }
      expect(points.reduce((sum, { x }) => sum + x, 0)).toBeCloseTo(0, 9);
      expect(points.reduce((sum, { y }) => sum + y, 0)).toBeCloseTo(0, 9);
    },
  );

  it('is elsewhere before what is born there has grown, in long films too', () => {
    for (const frames of [8, 35, 48, 60, 240]) {
      expect(distance(zoomCentreAt(0, frames), zoomCentreAt(1, frames))).toBeGreaterThan(2.5);
    }
  });
});
