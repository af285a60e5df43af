import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/image/decode.ts';
import { encodeFilm } from '../../src/image/encode-film.ts';
import { encodePreviewJpeg, maxPreviewBytes } from '../../src/image/preview.ts';
import { texture, texturePicture } from '../support/hostile-images.ts';
import { warpDistances } from '../support/warp-distances.ts';
import { zoomFilm } from '../support/zoom-film.ts';

const zoom = 1.05;
const film = zoomFilm(64, 16, zoom);
const options = { fps: 20, zoom, direction: 'in' } as const;

/** A film that is hard to compress: the texture, shifted a little from frame to frame. */
const noisyFilm = Array.from({ length: 16 }, (_, k) => {
  const data = texture(64, 64);
  for (let index = 0; index < data.length; index++)
    data[index] = (data[index]! + 37 * k * (index % 11)) % 256;
  return { width: 64, height: 64, data };
});

describe('encoding a film as gif', () => {
  it('describes the file as written', async () => {
    const encoded = await encodeFilm(film, { ...options, format: 'gif' });
    expect(encoded).toMatchObject({ width: 64, height: 64, frames: 16, fps: 20, zoom, fit: null });
    const metadata = await sharp(encoded.bytes).metadata();
    expect(metadata).toMatchObject({ format: 'gif', pages: 16, loop: 0, delay: Array(16).fill(50) });
  });

  it('measures the frames as another reader sees them', async () => {
    const encoded = await encodeFilm(film, { ...options, format: 'gif' });
    const seen = await sharp(encoded.bytes, { pages: -1 }).removeAlpha().raw().toBuffer();
    const frames = film.map((_, k) => ({
      width: 64,
      height: 64,
      data: new Uint8Array(seen.buffer, seen.byteOffset + k * 12_288, 12_288),
    }));
    const motion = warpDistances(frames, zoom, 'in');
    expect(encoded.distances).toEqual(motion.distances);
    expect(encoded.seamRatio).toBe(motion.seamRatio);
    expect(encoded.seamRatio).toBeGreaterThan(0.85);
    expect(encoded.seamRatio).toBeLessThan(1.15);
  });

  it('measures a film that zooms out the other way round', async () => {
    const forwards = await encodeFilm(film, { ...options, format: 'gif' });
    const backwards = await encodeFilm(film.toReversed(), { ...options, format: 'gif', direction: 'out' });
    const wrong = await encodeFilm(film.toReversed(), { ...options, format: 'gif' });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(backwards.distances)).toBeLessThan(1.3 * mean(forwards.distances));
    expect(mean(wrong.distances)).toBeGreaterThan(1.5 * mean(backwards.distances));
  });

  it('leaves the frames it was given as they were', async () => {
    const before = film.map(({ data }) => Buffer.from(data).toString('base64'));
    await encodeFilm(film, { ...options, format: 'gif' });
    expect(film.map(({ data }) => Buffer.from(data).toString('base64'))).toEqual(before);
  });

  it.each([40_000, 25_000, 12_000, 5000])('keeps a budget of %i bytes', async (maxBytes) => {
    const encoded = await encodeFilm(noisyFilm, { ...options, format: 'gif', maxBytes });
    expect(encoded.bytes.length).toBeLessThanOrEqual(maxBytes);
    const everyFrame = encoded.fit?.everyFrame ?? 1;
    expect(encoded.frames).toBe(16 / everyFrame);
    expect(encoded.fps).toBeCloseTo(20 / everyFrame, 10);
    expect(encoded.zoom).toBeCloseTo(zoom ** everyFrame, 10);
    expect(encoded.width).toBe(encoded.fit?.size ?? 64);
    const metadata = await sharp(encoded.bytes).metadata();
    expect(metadata).toMatchObject({ width: encoded.width, pages: encoded.frames, loop: 0 });
    expect(metadata.delay).toEqual(Array(encoded.frames).fill(50 * everyFrame));
  });

  it('gives nothing up where the budget is large enough', async () => {
    const free = await encodeFilm(film, { ...options, format: 'gif' });
    const within = await encodeFilm(film, { ...options, format: 'gif', maxBytes: 2 * free.bytes.length });
    expect(within.fit).toBeNull();
    expect(Buffer.from(within.bytes).equals(free.bytes)).toBe(true);
  });

  it('stays seamless where frames are left out', async () => {
    const { bytes } = await encodeFilm(film, { ...options, format: 'gif' });
    const thinned = await encodeFilm(film, { ...options, format: 'gif', maxBytes: bytes.length / 4 });
    expect(thinned.fit?.everyFrame).toBeGreaterThan(1);
    expect(thinned.seamRatio).toBeGreaterThan(0.85);
    expect(thinned.seamRatio).toBeLessThan(1.15);
  });

  it('says so where no settings keep the budget', async () => {
    const impossible = encodeFilm(noisyFilm, { ...options, format: 'gif', maxBytes: 300 });
    await expect(impossible).rejects.toMatchObject({ code: 'budget-too-small', data: { maxBytes: 300 } });
  });
});

describe('encoding a film as webp', () => {
  it("loops for ever with the film's delay, and is measured", async () => {
    const encoded = await encodeFilm(film, { ...options, format: 'webp' });
    expect(await sharp(encoded.bytes).metadata()).toMatchObject({
      format: 'webp',
      pages: 16,
      loop: 0,
      delay: Array(16).fill(50),
    });
    expect(encoded).toMatchObject({ width: 64, height: 64, frames: 16, fps: 20, zoom, fit: null });
    expect(encoded.distances).toHaveLength(16);
    // The codec's own losses differ from frame to frame.
    expect(encoded.seamRatio).toBeGreaterThan(0.7);
    expect(encoded.seamRatio).toBeLessThan(1.4);
  });

  it('gives up quality, then size', async () => {
    const free = await encodeFilm(noisyFilm, { ...options, format: 'webp' });
    for (const share of [0.9, 0.2]) {
      const maxBytes = Math.floor(free.bytes.length * share);
      const encoded = await encodeFilm(noisyFilm, { ...options, format: 'webp', maxBytes });
      expect(encoded.bytes.length).toBeLessThanOrEqual(maxBytes);
      expect(encoded.fit).toMatchObject({ colours: null, everyFrame: 1 });
      expect(encoded.fit?.quality).toBeLessThan(80);
      if (encoded.width < 64) expect(encoded.fit?.quality).toBe(20);
    }
  });
});

describe('encoding a film as png', () => {
  it('keeps the last frame as it is', async () => {
    const encoded = await encodeFilm(film, { ...options, format: 'png' });
    expect(encoded).toMatchObject({
      width: 64,
      height: 64,
      frames: 1,
      seamRatio: null,
      distances: [],
      fit: null,
    });
    expect((await sharp(encoded.bytes).raw().toBuffer()).equals(film.at(-1)!.data)).toBe(true);
  });

  it('shrinks to keep a budget', async () => {
    const encoded = await encodeFilm(noisyFilm, { ...options, format: 'png', maxBytes: 6000 });
    expect(encoded.bytes.length).toBeLessThanOrEqual(6000);
    expect(encoded.width).toBeLessThan(64);
    expect(encoded.fit?.size).toBe(encoded.width);
  });
});

describe('cancelling', () => {
  it.each(['gif', 'webp', 'png', 'mp4'] as const)(
    'cancelling before the start prevents encoding (%s)',
    async (format) => {
      const signal = AbortSignal.abort();
      await expect(encodeFilm(film, { ...options, format, signal })).rejects.toMatchObject({
        code: 'cancelled',
      });
    },
  );

  it('stops the encoding while the worker runs', async () => {
    const controller = new AbortController();
    const encoding = encodeFilm(film, { ...options, format: 'gif', signal: controller.signal });
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('what goes out', () => {
  it("holds nothing of the photo's metadata", async () => {
    const photo = await texturePicture()
      .withExif({
        IFD0: { Copyright: 'Jane Doe' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .withIccProfile('p3')
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>')
      .jpeg()
      .toBuffer();
    const before = await sharp(photo).metadata();
    expect(before.exif && before.icc && before.xmp).toBeTruthy();
    const image = await decodePhoto(photo, { maxArea: 64 * 64 });
    const preview = await encodePreviewJpeg(image);
    const films = await Promise.all(
      (['gif', 'webp', 'png'] as const).map((format) => encodeFilm([image, image], { ...options, format })),
    );
    for (const bytes of [preview, ...films.map((encoded) => encoded.bytes)]) {
      const { exif, icc, xmp, iptc } = await sharp(bytes).metadata();
      expect({ exif, icc, xmp, iptc }).toEqual({});
      expect(Buffer.from(bytes).includes('Jane Doe')).toBe(false);
    }
  });
});

describe('a preview', () => {
  it("is a JPEG of the picture's size", async () => {
    const preview = await encodePreviewJpeg(film[0]!);
    expect(await sharp(preview).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 64 });
  });

  it('shows a coarse picture as large as the film, and smooth', async () => {
    const [black, white] = [
      [0, 0, 0],
      [255, 255, 255],
    ] as const;
    const coarse = { width: 2, height: 1, data: Uint8Array.from([...black, ...white]) };
    const { data, info } = await sharp(await encodePreviewJpeg(coarse, { width: 64, height: 32 }))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 64, height: 32 });
    const [left, middle, right] = [data[0]!, (data[31]! + data[32]!) / 2, data[63]!];
    expect(left).toBeLessThan(40);
    expect(right).toBeGreaterThan(215);
    // Half-way, where blocks would be black or white; JPEG moves it by a few steps.
    expect(Math.abs(data[28]! - middle)).toBeLessThan(60);
    expect(data[28]).toBeGreaterThan(40);
  });

  it.each([
    [512, 512],
    [880, 304],
    [304, 880],
  ])(
    'stays small even for noise of the largest size, by worse quality first: %i x %i',
    async (width, height) => {
      let state = 1;
      const data = Uint8Array.from({ length: 3 * width * height }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state >>> 24;
      });
      const preview = await encodePreviewJpeg({ width, height, data });
      expect(preview.length).toBeLessThan(maxPreviewBytes);
      expect(await sharp(preview).metadata()).toMatchObject({ width, height });
    },
  );
});
