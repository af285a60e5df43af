import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/image/decode.ts';
import {
  blackPng,
  emojiPng,
  emptyFile,
  heicHeader,
  hugePng,
  jpegClaiming,
  jpegFile,
  jpegWithStrayBytes,
  manyFrameGif,
  onePixelPng,
  pdfFile,
  plainPng,
  pngOf,
  sliverPng,
  svgWithExternalReference,
  textFile,
  texturePicture,
  transparentPng,
  truncatedJpeg,
  truncatedPng,
  whitePng,
  zipFile,
} from '../support/hostile-images.ts';

const maxArea = 64 * 64;
const orange = { r: 200, g: 100, b: 50 };
/** Lossy codecs and colour conversions move a plain colour by a few steps. */
const lossySteps = 4;

const plain = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 3, background: orange } });

/** A picture of four quarters; the first is red, the others are grey. */
const redCorner = () => {
  const pixels = new Uint8Array(3 * 16 * 8).fill(120);
  for (let y = 0; y < 4; y++) for (let x = 0; x < 8; x++) pixels.set([255, 0, 0], 3 * (16 * y + x));
  return sharp(pixels, { raw: { width: 16, height: 8, channels: 3 } });
};

const pixelAt = (image: { width: number; data: Uint8Array }, x: number, y: number): number[] => {
  const at = 3 * (y * image.width + x);
  return [...image.data.subarray(at, at + 3)];
};

const expectPlain = (image: { data: Uint8Array }, expected: readonly number[], steps: number): void => {
  for (const [index, value] of image.data.entries()) {
    const difference = Math.abs(value - expected[index % 3]!);
    if (difference > steps) expect.fail(`byte ${index} is ${value} instead of ${expected[index % 3]}`);
  }
};

describe('what a photo may be', () => {
  const colour = [orange.r, orange.g, orange.b];

  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('reads %s', async (format) => {
    const bytes = await plain().toFormat(format).toBuffer();
    const image = await decodePhoto(bytes, { maxArea });
    expect(image).toMatchObject({ width: 40, height: 20 });
    expect(image.data).toHaveLength(3 * 40 * 20);
    expectPlain(image, colour, lossySteps);
  });

  it('reads what its content says, not what it was called: a JPEG needs no name at all', async () => {
    expect(await decodePhoto(await jpegFile(), { maxArea: 1e6 })).toMatchObject({ width: 96, height: 64 });
  });

  it.each([
    ['png', () => plain().toColourspace('rgb16').png()],
    ['tiff', () => plain().toColourspace('rgb16').tiff({ compression: 'deflate' })],
  ] as const)('reads 16 bits per channel (%s)', async (_name, make) => {
    const bytes = await make().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expectPlain(await decodePhoto(bytes, { maxArea }), colour, 1);
  });

  it('reads grey with 16 bits as three equal channels', async () => {
    const row = [0, 0x40, 0x00, 0x80, 0x00];
    const bytes = pngOf(2, 2, Uint8Array.from([...row, ...row]), { bits: 16, type: 0 });
    const { data } = await decodePhoto(bytes, { maxArea });
    expect([...data.subarray(0, 6)]).toEqual([64, 64, 64, 128, 128, 128]);
  });

  it('reads grey', async () => {
    const bytes = await plain().toColourspace('b-w').jpeg().toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    const { data } = await decodePhoto(bytes, { maxArea });
    expect(data).toHaveLength(3 * 40 * 20);
    expect(data[0]).toBe(data[1]);
    expect(data[1]).toBe(data[2]);
  });

  it('reads CMYK', async () => {
    const muted = { r: 170, g: 130, b: 110 };
    const bytes = await sharp({ create: { width: 40, height: 20, channels: 3, background: muted } })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    // There and back through a printer's colours, which are coarser than a screen's.
    expectPlain(await decodePhoto(bytes, { maxArea }), [170, 130, 110], 8);
  });

  it('turns other colour spaces into sRGB', async () => {
    const bytes = await plain().withIccProfile('p3').png().toBuffer();
    const [r] = (await sharp(bytes).raw().toBuffer()) ?? [];
    expect(r).toBeDefined();
    expectPlain(await decodePhoto(bytes, { maxArea }), colour, 2);
  });

  it.each(['gif', 'webp'] as const)('takes the first frame of an animated %s', async (format) => {
    const strip = new Uint8Array(3 * 16 * 48);
    for (let frame = 0; frame < 3; frame++) strip.fill([255, 128, 0][frame]!, frame * 768, (frame + 1) * 768);
    const bytes = await sharp(strip, { raw: { width: 16, height: 48, channels: 3, pageHeight: 16 } })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(3);
    const image = await decodePhoto(bytes, { maxArea });
    expect(image).toMatchObject({ width: 16, height: 16 });
    expectPlain(image, [255, 255, 255], 1);
  });

  it('takes the first of 20,000 frames without reading the others', async () => {
    const image = await decodePhoto(manyFrameGif(20_000), { maxArea });
    expect(image).toMatchObject({ width: 16, height: 16 });
    expectPlain(image, [0, 0, 0], 0);
  });

  it('puts what is transparent on white', async () => {
    expectPlain(await decodePhoto(await transparentPng(), { maxArea }), [255, 255, 255], 0);
    const half = await plainPng(8, 8, [255, 0, 0], 0.5);
    expectPlain(await decodePhoto(half, { maxArea }), [255, 127, 127], 1);
  });

  it.each([
    ['black', blackPng, [0, 0, 0]],
    ['white', whitePng, [255, 255, 255]],
    ['one pixel', onePixelPng, [200, 100, 50]],
  ] as const)('reads a picture that is all %s', async (_name, make, expected) => {
    expectPlain(await decodePhoto(await make(), { maxArea }), expected, 0);
  });

  it('reads a 16 x 16 emoji', async () => {
    const image = await decodePhoto(await emojiPng(), { maxArea });
    expect(image).toMatchObject({ width: 16, height: 16 });
    expect(pixelAt(image, 0, 0)).toEqual([255, 255, 255]);
    expect(pixelAt(image, 8, 4)).toEqual([250, 205, 60]);
  });

  it('reads a file that only warns', async () => {
    const bytes = await jpegWithStrayBytes();
    await expect(sharp(bytes, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow(/extraneous/);
    expect(await decodePhoto(bytes, { maxArea: 1e6 })).toMatchObject({ width: 96, height: 64 });
  });
});

describe('orientation', () => {
  // Where the first pixel of the file belongs once upright, by the EXIF standard.
  it.each([
    [1, 'left', 'top', 16, 8],
    [2, 'right', 'top', 16, 8],
    [3, 'right', 'bottom', 16, 8],
    [4, 'left', 'bottom', 16, 8],
    [5, 'left', 'top', 8, 16],
    [6, 'right', 'top', 8, 16],
    [7, 'right', 'bottom', 8, 16],
    [8, 'left', 'bottom', 8, 16],
  ] as const)(
    'orientation %i puts the first pixel %s %s',
    async (orientation, across, down, width, height) => {
      const bytes = await redCorner().withMetadata({ orientation }).png().toBuffer();
      const image = await decodePhoto(bytes, { maxArea });
      expect(image).toMatchObject({ width, height });
      const x = across === 'left' ? 0 : width - 1;
      const y = down === 'top' ? 0 : height - 1;
      expect(pixelAt(image, x, y)).toEqual([255, 0, 0]);
      expect(pixelAt(image, width - 1 - x, height - 1 - y)).toEqual([120, 120, 120]);
    },
  );
});

describe('size', () => {
  it.each([
    [400, 200, 5000],
    [200, 400, 5000],
    [333, 777, 4096],
    [100, 5, 60],
    [20, 1, 4],
    [20, 1, 1],
  ])('scales %i x %i down to an area of %i', async (width, height, area) => {
    const image = await decodePhoto(await plain(width, height).png().toBuffer(), { maxArea: area });
    expect(image.width * image.height).toBeLessThanOrEqual(area);
    expect(Math.min(image.width, image.height)).toBeGreaterThanOrEqual(1);
    if (area > 1000) {
      // Rounding down costs less than a pixel per side.
      expect((image.width + 1) * (image.height + 1)).toBeGreaterThan(area);
      expect(image.width / image.height).toBeCloseTo(width / height, 1);
    }
    expectPlain(image, [200, 100, 50], 1);
  });

  it('never scales up', async () => {
    expect(await decodePhoto(await plain(12, 10).png().toBuffer(), { maxArea: 1e6 })).toMatchObject({
      width: 12,
      height: 10,
    });
  });

  it('keeps pixels as they are where nothing is scaled', async () => {
    const bytes = await texturePicture(24, 16).png().toBuffer();
    const { data } = await decodePhoto(bytes, { maxArea: 1e6 });
    expect(Buffer.from(data).equals(await texturePicture(24, 16).raw().toBuffer())).toBe(true);
  });
});

describe('what is refused', () => {
  it.each([
    ['an empty file', emptyFile, { code: 'photo-empty' }],
    ['text', textFile, { code: 'photo-format', data: { found: null } }],
    ['an archive', zipFile, { code: 'photo-format', data: { found: 'zip' } }],
    ['a PDF', pdfFile, { code: 'photo-format', data: { found: 'pdf' } }],
    [
      'an SVG that refers to another file',
      svgWithExternalReference,
      { code: 'photo-format', data: { found: 'svg' } },
    ],
    ['HEIC without a picture', heicHeader, { code: 'photo-heic' }],
    ['half a JPEG', truncatedJpeg, { code: 'photo-damaged' }],
    ['half a PNG', truncatedPng, { code: 'photo-damaged' }],
    ['a JPEG of three bytes', () => new Uint8Array([0xff, 0xd8, 0xff]), { code: 'photo-damaged' }],
    [
      'a PNG that claims 60,000 x 60,000',
      hugePng,
      { code: 'photo-side-too-long', data: { width: 60_000, height: 60_000, maxSide: 12_000 } },
    ],
    ['a sliver of 1 x 4,000,000', sliverPng, { code: 'photo-side-too-long' }],
    ['a sliver of 1 x 400', () => sliverPng(400), { code: 'photo-too-narrow', data: { maxAspect: 20 } }],
    [
      'a progressive JPEG of 10,000 x 10,000',
      () => jpegClaiming(10_000, 10_000),
      { code: 'photo-too-many-pixels', data: { maxMegapixels: 50 } },
    ],
  ])('%s is refused', async (_name, make, expected) => {
    await expect(decodePhoto(await make(), { maxArea })).rejects.toMatchObject(expected);
  });

  it('a file of more bytes than the limit is refused', async () => {
    const bytes = await jpegFile();
    await expect(decodePhoto(bytes, { maxArea, limits: { maxBytes: 1000 } })).rejects.toMatchObject({
      code: 'photo-too-many-bytes',
      data: { bytes: bytes.length, maxBytes: 1000 },
    });
  });

  it('an AVIF of more pixels than AVIF may have is refused', async () => {
    const bytes = await plain().avif({ effort: 0 }).toBuffer();
    await expect(decodePhoto(bytes, { maxArea, limits: { maxAvifPixels: 799 } })).rejects.toMatchObject({
      code: 'photo-too-many-pixels',
    });
  });

  it('a picture that takes longer than the limit is refused', async () => {
    const bytes = await plain(4000, 3000).png().toBuffer();
    // Twelve million pixels take many milliseconds on any machine.
    const limits = { timeoutSeconds: 0.001 };
    await expect(decodePhoto(bytes, { maxArea, limits })).rejects.toMatchObject({ code: 'photo-too-slow' });
  });

  it('a picture for which the process grows by more than the limit is refused', async () => {
    // Interlaced, and so held as a whole: 72 MB.
    const bytes = await plain(3000, 3000)
      .toColourspace('rgb16')
      .ensureAlpha()
      .png({ progressive: true })
      .toBuffer();
    const limits = { maxMemoryBytes: 10e6 };
    await expect(decodePhoto(bytes, { maxArea, limits })).rejects.toMatchObject({
      code: 'photo-too-heavy',
      data: { maxBytes: 10e6 },
    });
  });

  it('every photo is refused once cancelled', async () => {
    const bytes = await jpegFile();
    await expect(decodePhoto(bytes, { maxArea, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const controller = new AbortController();
    const decoding = decodePhoto(bytes, { maxArea, signal: controller.signal });
    controller.abort();
    await expect(decoding).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('SVG is refused even by sharp itself, once the loaders are closed', async () => {
    await expect(sharp(Buffer.from(svgWithExternalReference())).metadata()).rejects.toThrow(/unsupported/);
  });
});
