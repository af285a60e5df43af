import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/image/decode.ts';
import { heicPhoto, tiledHeicPhoto } from '../support/heic-photos.ts';

const maxArea = 1e4;

describe('HEIC', () => {
  it('is read in the colours of its profile', async () => {
    const image = await decodePhoto(heicPhoto(), { maxArea });
    expect(image).toMatchObject({ width: 64, height: 64 });
    // HEVC moves a plain colour by a step or two.
    for (const [index, value] of [200, 100, 50].entries()) {
      expect(Math.abs(image.data[index]! - value)).toBeLessThanOrEqual(3);
    }
  });

  it('is put together from its tiles and turned upright', async () => {
    const image = await decodePhoto(tiledHeicPhoto(), { maxArea });
    expect(image).toMatchObject({ width: 64, height: 128 });
    const redAt = (y: number): number => image.data[3 * (y * 64 + 32)]!;
    expect([10, 50, 80, 120].map((y) => redAt(y) > 130)).toEqual([true, false, true, false]);
  });

  it('is measured before it is decoded, and refused where half of it is missing', async () => {
    const limits = { maxPixels: 1000 };
    await expect(decodePhoto(heicPhoto(), { maxArea, limits })).rejects.toMatchObject({
      code: 'photo-too-many-pixels',
    });
    const half = heicPhoto().subarray(0, heicPhoto().length >> 1);
    await expect(decodePhoto(half, { maxArea })).rejects.toMatchObject({ code: 'photo-damaged' });
  });
});
