import { describe, expect, it } from 'vitest';
import { reelOf } from '../../../src/domain/contest/reel.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { renderRequestSchema } from '../../../src/domain/kinds.ts';
import { blobNamed } from '../../support/jobs.ts';

const photos = ['a', 'b', 'c', 'd'].map((name) => ({
  photo: blobNamed(name),
  root: `root-${name}` as JobId,
}));
const how = { network: 'pocket', seed: 7, maxBytes: 5_000_000 };

describe("a winners' reel", () => {
  it('begins with the photo of the last place, goes through the others in order, and can be stored', () => {
    const { photo, request } = reelOf(photos.slice(0, 3), how);
    expect(photo).toBe(blobNamed('a'));
    expect(request).toMatchObject({
      ...{ through: photos.slice(1, 3), network: 'pocket', seed: 7, maxBytes: 5_000_000 },
      ...{ size: 256, aspect: 'square', direction: 'in', frames: 96, format: 'gif' },
    });
    expect(renderRequestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  it('is an ordinary film where there is one winner, and as large as it likes where nothing limits it', () => {
    const { request } = reelOf(photos.slice(0, 1), { ...how, maxBytes: null });
    expect(Object.keys(request)).not.toContain('through');
    expect(request.maxBytes).toBeUndefined();
  });

  it('cannot be made of no photo or of four', () => {
    expect(() => reelOf([], how)).toThrow(RangeError);
    expect(() => reelOf(photos, how)).toThrow(RangeError);
  });
});
