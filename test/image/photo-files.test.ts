import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/image/decode.ts';
import { texturePicture } from '../support/hostile-images.ts';

const maxArea = 1e4;
const damaged = { code: 'photo-damaged' };

const open = async (bytes: Uint8Array) => await decodePhoto(bytes, { maxArea });
const cut = (bytes: Uint8Array, share: number): Uint8Array =>
  bytes.subarray(0, Math.floor(share * bytes.length));

/** Overwrites the one value of a little-endian TIFF's tag. */
const withTag = (tiff: Uint8Array, tag: number, value: number): Buffer => {
  const bytes = Buffer.from(tiff);
  const directory = bytes.readUInt32LE(4);
  for (let index = 0; index < bytes.readUInt16LE(directory); index++) {
    const entry = directory + 2 + 12 * index;
    if (bytes.readUInt16LE(entry) === tag) bytes.writeUInt16LE(value, entry + 8);
  }
  return bytes;
};

/** With its directory before its data, so that a cut leaves the directory alone. */
const directoryFirst = (tiff: Uint8Array): Uint8Array => {
  const source = Buffer.from(tiff);
  const at = source.readUInt32LE(4);
  const length = source.length - at;
  const moved = Buffer.concat([source.subarray(0, 8), source.subarray(at), source.subarray(8, at)]);
  moved.writeUInt32LE(8, 4);
  for (let index = 0; index < moved.readUInt16LE(8); index++) {
    const entry = 10 + 12 * index;
    const [type, count] = [moved.readUInt16LE(entry + 2), moved.readUInt32LE(entry + 4)];
    const bytesEach = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 }[type] ?? 1;
    const shift = (offset: number): number => (offset >= at ? offset - at + 8 : offset + length);
    const outside = count * bytesEach > 4;
    if (outside) moved.writeUInt32LE(shift(moved.readUInt32LE(entry + 8)), entry + 8);
    if (moved.readUInt16LE(entry) !== 273) continue;
    const list = outside ? moved.readUInt32LE(entry + 8) : entry + 8;
    for (let strip = 0; strip < count; strip++) {
      moved.writeUInt32LE(shift(moved.readUInt32LE(list + 4 * strip)), list + 4 * strip);
    }
  }
  return moved;
};

const tiffOf = async (compression: 'none' | 'lzw' | 'deflate' | 'packbits'): Promise<Uint8Array> =>
  await texturePicture().tiff({ compression }).toBuffer();

describe('TIFF', () => {
  it.each(['none', 'lzw', 'deflate', 'packbits'] as const)(
    'TIFF (%s) is read when whole and refused when cut',
    async (compression) => {
      const bytes = directoryFirst(await tiffOf(compression));
      expect((await open(bytes)).data).toEqual((await open(await tiffOf(compression))).data);
      for (const share of [0.5, 0.9, 0.99])
        await expect(open(cut(bytes, share))).rejects.toMatchObject(damaged);
    },
  );

  it.each(['lzw', 'deflate'] as const)('is refused where its data is damaged (%s)', async (compression) => {
    const bytes = Buffer.from(await tiffOf(compression));
    for (let at = bytes.length >> 2; at < (bytes.length >> 2) + 40; at++) bytes[at]! ^= 0x5a;
    await expect(open(bytes)).rejects.toMatchObject(damaged);
  });

  it.each([
    ['old-style JPEG', 6],
    ['LZMA', 34_925],
    ['Zstandard', 50_000],
  ])('TIFF with %s is refused by that name', async (name, compression) => {
    const bytes = withTag(await tiffOf('none'), 259, compression);
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'photo-format',
      data: { found: `tiff (${name})` },
    });
  });

  it.each([
    ['signed', 8, (chroma: number) => chroma & 255],
    ['offset by 128', 9, (chroma: number) => chroma + 128],
  ])('TIFF with L*a*b* in bytes (%s) is read', async (_name, photometric, encode) => {
    // CIE L*a*b* of sRGB 200/100/50 under D65 and, adapted, under D50.
    const [lightness, a, b] = photometric === 8 ? [54, 36, 46] : [55, 38, 46];
    const colour = { r: Math.round((lightness! * 255) / 100), g: encode(a!), b: encode(b!) };
    const plain = sharp({ create: { width: 16, height: 16, channels: 3, background: colour } });
    const bytes = withTag(await plain.tiff({ compression: 'none' }).toBuffer(), 262, photometric);
    const { data } = await open(bytes);
    // A step of a* or b* is up to three of sRGB.
    for (const [index, value] of [200, 100, 50].entries()) {
      expect(Math.abs(data[index]! - value), `${data.subarray(0, 3)}`).toBeLessThanOrEqual(4);
    }
  });
});

describe('JPEG', () => {
  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['of four channels', { cmyk: true }],
  ])(
    'JPEG (%s) without its last bytes is accepted, and with less refused',
    async (_name, { progressive, cmyk }: { progressive?: boolean; cmyk?: boolean }) => {
      const picture = cmyk ? texturePicture().toColourspace('cmyk') : texturePicture();
      const bytes = new Uint8Array(await picture.jpeg({ progressive: progressive ?? false }).toBuffer());
      const { data } = await open(bytes);
      expect((await open(bytes.subarray(0, -1))).data).toEqual(data);
      expect((await open(bytes.subarray(0, -2))).data).toEqual(data);
      for (const share of [0.3, 0.6, 0.99])
        await expect(open(cut(bytes, share))).rejects.toMatchObject(damaged);
    },
  );

  it('a JPEG that is cut and given an end is refused all the same', async () => {
    const bytes = cut(await texturePicture().jpeg().toBuffer(), 0.9);
    await expect(open(Buffer.concat([bytes, Buffer.from([0xff, 0xd9])]))).rejects.toMatchObject(damaged);
  });

  it('a progressive JPEG without its last scans is refused', async () => {
    const bytes = await texturePicture().jpeg({ progressive: true }).toBuffer();
    await expect(open(bytes.subarray(0, bytes.lastIndexOf(Buffer.from([0xff, 0xda]))))).rejects.toMatchObject(
      damaged,
    );
  });
});

describe('AVIF', () => {
  it.each(['avis', 'miaf', 'MA1B', 'mif1'])('is read where its brand is %s', async (brand) => {
    const bytes = Buffer.from(await texturePicture().avif().toBuffer());
    const { data } = await open(bytes);
    bytes.write(brand, 8, 'latin1');
    expect((await open(bytes)).data).toEqual(data);
    // Not even one of the other brands says AVIF: the way its picture is coded does.
    if (brand !== 'avis') bytes.write('mif1', bytes.indexOf('avif', 12), 'latin1');
    expect((await open(bytes)).data).toEqual(data);
  });
});

describe('GIF', () => {
  /** A frame of 4 x 4 red pixels at (2, 2) of a canvas of 8 x 8; the last colour may be transparent. */
  const smallFrame = (transparent: boolean): Uint8Array => {
    const control = transparent ? [0x21, 0xf9, 4, 1, 0, 0, 1, 0] : [];
    // A code of three bits a pixel, and a clear code before each, so that the table never grows.
    const codes = Array.from({ length: 16 }, () => [4, 2])
      .flat()
      .concat(5);
    let bits = 0n;
    for (const [index, code] of codes.entries()) bits |= BigInt(code) << BigInt(3 * index);
    const data = Array.from({ length: Math.ceil((3 * codes.length) / 8) }, (_, index) =>
      Number((bits >> BigInt(8 * index)) & 255n),
    );
    const palette = [0, 0, 0, 0, 255, 0, 255, 0, 0, 0, 0, 255];
    return Uint8Array.from([
      ...Buffer.from('GIF89a', 'latin1'),
      ...[8, 0, 8, 0, 0x81, 0, 0],
      ...palette,
      ...control,
      ...[0x2c, 2, 0, 2, 0, 4, 0, 4, 0, 0],
      ...[2, data.length, ...data, 0, 0x3b],
    ]);
  };

  it.each([false, true])(
    'GIF whose first frame is smaller than its canvas has white around it (transparency: %s)',
    async (transparent) => {
      const { data } = await open(smallFrame(transparent));
      const pixel = (x: number, y: number): number[] => [
        ...data.subarray(3 * (8 * y + x), 3 * (8 * y + x) + 3),
      ];
      expect([pixel(0, 0), pixel(3, 3), pixel(5, 5), pixel(6, 3)]).toEqual([
        [255, 255, 255],
        [255, 0, 0],
        [255, 0, 0],
        [255, 255, 255],
      ]);
    },
  );
});

describe('any picture', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
    '%s decodes to the same picture with something behind it',
    async (format) => {
      const bytes = await texturePicture().toFormat(format).toBuffer();
      const more = Buffer.concat([bytes, Buffer.alloc(300, 7)]);
      expect((await open(more)).data).toEqual((await open(bytes)).data);
    },
  );

  it.each(['png', 'webp', 'avif', 'gif'] as const)('%s that is cut is refused', async (format) => {
    const bytes = await texturePicture().toFormat(format).toBuffer();
    for (const share of [0.4, 0.8, 0.97])
      await expect(open(cut(bytes, share))).rejects.toMatchObject(damaged);
  });
});
