import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/domain/picture.ts';
import { decodePhoto } from '../../src/image/decode.ts';
import { pngOf } from '../support/hostile-images.ts';

const maxArea = 1e4;
/** What the issue of colour allows: rounding, and what lossy codecs do to a plain colour. */
const steps = 2;

const meanOf = ({ data }: RgbImage): number[] =>
  [0, 1, 2].map((channel) => {
    const values = data.filter((_, index) => index % 3 === channel);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });

const expectMean = async (
  bytes: Uint8Array,
  expected: readonly number[],
  tolerance = steps,
): Promise<void> => {
  const mean = meanOf(await decodePhoto(bytes, { maxArea }));
  for (const [channel, value] of mean.entries()) {
    expect(Math.abs(value - expected[channel]!), `${mean} for ${expected}`).toBeLessThanOrEqual(tolerance);
  }
};

const orange = [200, 100, 50] as const;
const plain = (background = { r: 200, g: 100, b: 50 }) =>
  sharp({ create: { width: 16, height: 16, channels: 3, background } });

const uint32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
};

/** Puts a chunk behind a PNG's header. */
const withChunk = (png: Uint8Array, name: string, content: Uint8Array): Uint8Array => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const headerEnd = 8 + 25;
  const chunk = [uint32(content.length), body, uint32(crc32(body))];
  return Buffer.concat([png.subarray(0, headerEnd), ...chunk, png.subarray(headerEnd)]);
};

/** A PNG of one colour with 16 bits a channel; values from 0 to 1. */
const deepPng = (...colour: readonly number[]): Uint8Array => {
  const pixel = colour.flatMap((value) => {
    const word = Math.round(65_535 * value);
    return [word >> 8, word & 255];
  });
  const row = [0, ...Array.from({ length: 4 }, () => pixel).flat()];
  return pngOf(4, 4, Uint8Array.from(Array.from({ length: 4 }, () => row).flat()), {
    bits: 16,
    type: colour.length === 1 ? 0 : 2,
  });
};

const toLinear = (byte: number): number =>
  byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
const linear = orange.map(toLinear);
const times = (rows: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  rows.map((row) => row.reduce((sum, value, index) => sum + value * vector[index]!, 0));
const srgbCurve = (light: number): number =>
  light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;

// Published matrices from linear sRGB, rounded to four digits (CSS Color 4; ITU-R BT.2087).
const toP3 = [
  [0.8225, 0.1774, 0],
  [0.0332, 0.9669, 0],
  [0.0171, 0.0724, 0.9108],
];
const to2020 = [
  [0.6274, 0.3293, 0.0433],
  [0.0691, 0.9195, 0.0114],
  [0.0164, 0.088, 0.8956],
];

const pqCurve = (light: number): number => {
  const power = ((203 * light) / 10_000) ** 0.1593017578125;
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375;
};
const hlgCurve = (scene: number): number =>
  scene <= 1 / 12 ? Math.sqrt(3 * scene) : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
/** BT.2100 for a screen of 1000 nits. */
const hlgSignal = (light: readonly number[]): number[] => {
  const display = light.map((value) => 0.203 * value);
  const luminance = 0.2627 * display[0]! + 0.678 * display[1]! + 0.0593 * display[2]!;
  return display.map((value) => hlgCurve(value * luminance ** (-0.2 / 1.2)));
};

const cicp = [
  ['Display P3', 12, 13, times(toP3, linear).map(srgbCurve)],
  ['BT.2020 with the curve of sRGB', 9, 13, times(to2020, linear).map(srgbCurve)],
  ['linear sRGB', 1, 8, linear],
  ['a power of 2.2', 1, 4, linear.map((light) => light ** (1 / 2.2))],
  ['BT.2020 with PQ', 9, 16, times(to2020, linear).map(pqCurve)],
  ['BT.2020 with HLG', 9, 18, hlgSignal(times(to2020, linear))],
] as const;

/** An AVIF that says its colours in numbers alone. */
const avifOf = async (
  primaries: number,
  transfer: number,
  colour: readonly number[],
): Promise<Uint8Array> => {
  const bytes = Buffer.from(
    await sharp(deepPng(...colour))
      .toColourspace('rgb16')
      .avif({ bitdepth: 10, quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  );
  return withNclx(bytes, primaries, transfer);
};

/** Adds numbers to the one item of an AVIF that has none, in a `meta` behind everything else. */
const withNclx = (avif: Buffer, primaries: number, transfer: number): Uint8Array => {
  const box = (type: string, ...content: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([uint32(8 + body.length), Buffer.from(type, 'latin1'), body]);
  };
  const find = (type: string): { start: number; end: number } => {
    const start = avif.indexOf(type) - 4;
    return { start, end: start + avif.readUInt32BE(start) };
  };
  const [meta, iprp, ipco, ipma] = [find('meta'), find('iprp'), find('ipco'), find('ipma')];
  const colour = box(
    'colr',
    Buffer.from(['n', 'c', 'l', 'x'].map((letter) => letter.charCodeAt(0))),
    Buffer.from([0, primaries, 0, transfer, 0, 6, 0x80]),
  );
  // Version 0, one item: its number, how many properties, one byte for each.
  const counted = ipma.start + 18;
  const properties = avif.readUInt8(counted);
  const associations = Buffer.from([
    ...avif.subarray(ipma.start + 8, counted),
    properties + 1,
    ...avif.subarray(counted + 1, ipma.end),
    properties + 1,
  ]);
  const changed = box(
    'meta',
    avif.subarray(meta.start + 8, iprp.start),
    box('iprp', box('ipco', avif.subarray(ipco.start + 8, ipco.end), colour), box('ipma', associations)),
    avif.subarray(iprp.end, meta.end),
  );
  const freed = Buffer.from(avif);
  freed.write('free', meta.start + 4, 'latin1');
  return Buffer.concat([freed, changed]);
};

/** A profile of curves with one exponent: `GRAY`, or `RGB ` with the primaries of sRGB under D50. */
const profileOf = (space: 'GRAY' | 'RGB ', gamma: number): Buffer => {
  const fixed = (values: readonly number[]): Buffer =>
    uint32(...values.map((value) => Math.round(65_536 * value)));
  const curve = Buffer.concat([
    Buffer.from('curv\0\0\0\0\0\0\0\x01', 'latin1'),
    Buffer.from([gamma, 0, 0, 0]),
  ]);
  const xyz = (...values: readonly number[]): Buffer =>
    Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), fixed(values)]);
  const tags: readonly (readonly [string, Buffer])[] =
    space === 'GRAY'
      ? [
          ['kTRC', curve],
          ['wtpt', xyz(0.9642, 1, 0.8249)],
        ]
      : [
          ['wtpt', xyz(0.9642, 1, 0.8249)],
          ['rXYZ', xyz(0.4361, 0.2225, 0.0139)],
          ['gXYZ', xyz(0.3851, 0.7169, 0.0971)],
          ['bXYZ', xyz(0.1431, 0.0606, 0.7141)],
          ['rTRC', curve],
          ['gTRC', curve],
          ['bTRC', curve],
        ];
  return assemble(space, tags);
};

const assemble = (space: string, tags: readonly (readonly [string, Buffer])[]): Buffer => {
  const fixed = (values: readonly number[]): Buffer =>
    uint32(...values.map((value) => Math.round(65_536 * value)));
  let offset = 132 + 12 * tags.length;
  const table = tags.map(([name, body]) => {
    const entry = Buffer.concat([Buffer.from(name, 'latin1'), uint32(offset, body.length)]);
    offset += body.length;
    return entry;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  fixed([0.9642, 1, 0.8249]).copy(header, 68);
  return Buffer.concat([header, uint32(tags.length), ...table, ...tags.map(([, body]) => body)]);
};

/** A profile of tables for light without a curve: the corners of the cube, between which readers go straight. */
const tableProfile = (): Buffer => {
  const head = Buffer.from('mft2\0\0\0\0\x03\x03\x02\0', 'latin1');
  const matrix = uint32(65_536, 0, 0, 0, 65_536, 0, 0, 0, 65_536);
  const words = (...values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(2 * values.length);
    for (const [index, value] of values.entries()) bytes.writeUInt16BE(Math.round(value), 2 * index);
    return bytes;
  };
  const straight = words(0, 65_535, 0, 65_535, 0, 65_535);
  const corners = Array.from({ length: 8 }, (_, corner) =>
    times(
      [
        [0.4361, 0.3851, 0.1431],
        [0.2225, 0.7169, 0.0606],
        [0.0139, 0.0971, 0.7141],
      ],
      [corner >> 2, (corner >> 1) & 1, corner & 1],
    ).map((value) => 32_768 * value),
  ).flat();
  const table = Buffer.concat([head, matrix, words(2, 2), straight, words(...corners), straight]);
  const white = Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), uint32(63_190, 65_536, 54_061)]);
  return assemble('RGB ', [
    ['A2B0', table],
    ['wtpt', white],
  ]);
};

/** A TIFF with 16 bits a sample and a profile, not compressed. */
const deepTiff = async (colour: readonly number[], profile: Buffer): Promise<Uint8Array> => {
  const grey = colour.length === 1;
  const pixels = Uint16Array.from(Array.from({ length: 16 }, () => colour).flat(), (value) =>
    Math.round(65_535 * value),
  );
  const data = Buffer.from(pixels.buffer);
  const tags: readonly (readonly [number, number, number, number])[] = [
    [256, 3, 1, 4],
    [257, 3, 1, 4],
    [258, 3, 1, 16],
    [259, 3, 1, 1],
    [262, 3, 1, grey ? 1 : 2],
    [273, 4, 1, 8],
    [277, 3, 1, colour.length],
    [278, 3, 1, 4],
    [279, 4, 1, data.length],
    [34675, 7, profile.length, 8 + data.length],
  ];
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length, 0);
  for (const [index, [tag, type, count, value]] of tags.entries()) {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  const padding = Buffer.alloc(profile.length % 2);
  const header = Buffer.from('II*\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(8 + data.length + profile.length + padding.length, 4);
  return Buffer.concat([header, data, profile, padding, directory]);
};

describe('colours with more than 8 bits and a profile', () => {
  it.each(['srgb', 'p3'] as const)('a PNG of 16 bits in %s keeps its colours', async (profile) => {
    const bytes = await plain().toColourspace('rgb16').withIccProfile(profile).png().toBuffer();
    const { depth, icc } = await sharp(bytes).metadata();
    expect([depth, icc !== undefined]).toEqual(['ushort', true]);
    // The encoder's own way through 16 bits is a little off for P3.
    const encoder = profile === 'p3' ? 1 : 0;
    await expectMean(bytes, orange, steps + encoder);
  });

  it('an AVIF of 10 bits in sRGB keeps its colours', async () => {
    const image = plain().toColourspace('rgb16').withIccProfile('srgb');
    await expectMean(await image.avif({ bitdepth: 10, quality: 95 }).toBuffer(), orange);
  });

  it('a TIFF of 16 bits whose profile is linear keeps its colours', async () => {
    await expectMean(await deepTiff(linear, profileOf('RGB ', 1)), orange);
  });

  it('a grey TIFF of 16 bits whose profile is linear keeps its greys', async () => {
    await expectMean(await deepTiff([toLinear(100)], profileOf('GRAY', 1)), [100, 100, 100]);
  });

  it('a TIFF of 16 bits whose profile is made of tables keeps its colours', async () => {
    await expectMean(await deepTiff(linear, tableProfile()), orange);
  });

  it.each([
    ['is broken', () => Buffer.alloc(400, 7)],
    ['is for another number of channels', () => profileOf('GRAY', 3)],
  ])('a profile that %s counts as none', async (_name, profile) => {
    await expectMean(
      await deepTiff(
        orange.map((byte) => byte / 255),
        profile(),
      ),
      orange,
    );
  });
});

describe('colours that a PNG says in chunks', () => {
  it('gAMA for linear light is followed', async () => {
    const bytes = withChunk(await plain({ r: 55, g: 55, b: 55 }).png().toBuffer(), 'gAMA', uint32(100_000));
    await expectMean(bytes, [128, 128, 128]);
  });

  it('gAMA keeps the mean of a texture in its colours, not in its light', async () => {
    const rows = Uint8Array.from(
      Array.from({ length: 64 }, (_, y) => [
        0,
        ...Array.from({ length: 64 }, (_, x) => 255 * ((x + y) & 1)),
      ]).flat(),
    );
    const bytes = withChunk(pngOf(64, 64, rows, { bits: 8, type: 0 }), 'gAMA', uint32(100_000));
    const mean = meanOf(await decodePhoto(bytes, { maxArea: 64 }));
    expect(Math.abs(mean[0]! - 127.5)).toBeLessThanOrEqual(steps);
  });

  it('gAMA of 1/2.2, which programs write for sRGB, changes nothing', async () => {
    const bytes = await plain().png().toBuffer();
    const { data } = await decodePhoto(withChunk(bytes, 'gAMA', uint32(45_455)), { maxArea });
    expect(data).toEqual((await decodePhoto(bytes, { maxArea })).data);
  });

  it('cHRM with the primaries of Display P3 is followed', async () => {
    const chunk = uint32(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
    await expectMean(withChunk(deepPng(...times(toP3, linear).map(srgbCurve)), 'cHRM', chunk), orange);
  });

  it('sRGB counts for more than gAMA, and a profile for more than both', async () => {
    const png = await plain().png().toBuffer();
    const linearSaid = withChunk(png, 'gAMA', uint32(100_000));
    await expectMean(withChunk(linearSaid, 'sRGB', Buffer.from([0])), orange);
    const profiled = await plain().withIccProfile('p3').png().toBuffer();
    await expectMean(withChunk(profiled, 'gAMA', uint32(100_000)), orange);
  });

  it('cICP counts for more than a profile', async () => {
    const profiled = Buffer.from(await plain().withIccProfile('p3').png().toBuffer());
    const raw = [...(await sharp(profiled, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)];
    expect(raw).not.toEqual([...orange]);
    await expectMean(withChunk(profiled, 'cICP', Buffer.from([1, 13, 0, 1])), raw, 0);
  });

  it('cICP with the narrow range of video is followed', async () => {
    const narrow = orange.map((byte) => ((16 + (219 * byte) / 255) * 256) / 65_535);
    await expectMean(withChunk(deepPng(...narrow), 'cICP', Buffer.from([1, 13, 0, 0])), orange);
  });

  it.each(cicp)('cICP for %s is followed', async (_name, primaries, transfer, encoded) => {
    await expectMean(
      withChunk(deepPng(...encoded), 'cICP', Buffer.from([primaries, transfer, 0, 1])),
      orange,
    );
  });
});

describe('colours that an AVIF says in numbers', () => {
  it.each(cicp)('an AVIF that says %s keeps its colours', async (_name, primaries, transfer, encoded) => {
    await expectMean(await avifOf(primaries, transfer, encoded), orange);
  });

  it('brings highlights down to white and leaves what is darker than half of it', async () => {
    const grey = pqCurve(0.3);
    const bright = pqCurve(4);
    const pixels = [grey, bright].map((value) =>
      [0, 0, 0].flatMap(() => [Math.round(65_535 * value) >> 8, Math.round(65_535 * value) & 255]),
    );
    const row = [0, ...pixels.flat()];
    const bytes = withChunk(
      pngOf(2, 1, Uint8Array.from(row), { bits: 16, type: 2 }),
      'cICP',
      Buffer.from([9, 16, 0, 1]),
    );
    const { data } = await decodePhoto(bytes, { maxArea });
    expect(Math.abs(data[0]! - 255 * srgbCurve(0.3))).toBeLessThanOrEqual(1);
    expect(data[3]).toBeGreaterThanOrEqual(254);
  });
});
