import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/domain/picture.ts';
import { ditherFilm } from '../../src/image/dither.ts';
import { encodeGif } from '../../src/image/gif.ts';
import { buildPalette, createNearestColour, paint } from '../../src/image/palette.ts';
import { warpDistances } from '../support/warp-distances.ts';
import { zoomFilm } from '../support/zoom-film.ts';

const film = zoomFilm(32, 8, 1.05);

const plain = (side: number, colour: readonly number[]): RgbImage => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: 3 * side * side }, (_, index) => colour[index % 3]!),
});

type GifStructure = {
  readonly colours: number;
  readonly frames: readonly { readonly delay: number; readonly localTable: boolean; readonly bits: number }[];
  readonly loops: readonly number[];
  readonly endsWithTrailer: boolean;
};

/** Reads the blocks of a GIF by the GIF89a specification. */
const readGif = (bytes: Uint8Array): GifStructure => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const skipBlocks = (at: number): number => {
    let next = at;
    while (bytes[next]! > 0) next += bytes[next]! + 1;
    return next + 1;
  };
  const flags = bytes[10]!;
  const colours = flags & 0x80 ? 2 ** ((flags & 7) + 1) : 0;
  const frames: GifStructure['frames'][number][] = [];
  const loops: number[] = [];
  let delay = -1;
  let at = 13 + 3 * colours;
  while (bytes[at] === 0x21 || bytes[at] === 0x2c) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) delay = view.getUint16(at + 4, true);
      if (bytes[at + 1] === 0xff) loops.push(view.getUint16(at + 16, true));
      at = skipBlocks(at + 2);
    } else {
      frames.push({ delay, localTable: (bytes[at + 9]! & 0x80) !== 0, bits: bytes[at + 10]! });
      at = skipBlocks(at + 11);
    }
  }
  return { colours, frames, loops, endsWithTrailer: bytes[at] === 0x3b && at === bytes.length - 1 };
};

const decodeFrames = async (bytes: Uint8Array): Promise<{ data: Buffer; pages: number }> => {
  const { pages = 1 } = await sharp(bytes).metadata();
  return { data: await sharp(bytes, { pages: -1 }).removeAlpha().raw().toBuffer(), pages };
};

describe('a GIF', () => {
  it('has one palette for all frames, loops for ever, and gives every frame the same delay', () => {
    const { bytes } = encodeGif(film, { colours: 256, delayCentiseconds: 7 });
    const structure = readGif(bytes);
    expect(structure.colours).toBe(256);
    expect(structure.loops).toEqual([0]);
    expect(structure.endsWithTrailer).toBe(true);
    expect(structure.frames).toHaveLength(8);
    for (const frame of structure.frames) expect(frame).toEqual({ delay: 7, localTable: false, bits: 8 });
  });

  it.each([
    [256, 8],
    [128, 7],
    [64, 6],
    [2, 2],
  ])('a GIF with %i colours has a table of that size and codes of %i bits', (colours, bits) => {
    const structure = readGif(encodeGif(film, { colours, delayCentiseconds: 5 }).bytes);
    expect(structure.colours).toBe(colours);
    expect(structure.frames.every((frame) => frame.bits === bits)).toBe(true);
  });

  it.each([256, 64, 2])('shows what another reader sees with %i colours', async (colours) => {
    const gif = encodeGif(film, { colours, delayCentiseconds: 5 });
    const { data, pages } = await decodeFrames(gif.bytes);
    expect(pages).toBe(8);
    const expected = Buffer.concat(film.map((_, index) => gif.frame(index).data));
    expect(data.equals(expected)).toBe(true);
  });

  it('is the same, byte for byte, each time', () => {
    const options = { colours: 128, delayCentiseconds: 5 };
    expect(Buffer.from(encodeGif(film, options).bytes).equals(encodeGif(film, options).bytes)).toBe(true);
  });

  it.each([
    ['black', [0, 0, 0]],
    ['white', [255, 255, 255]],
    ['one odd colour', [201, 99, 51]],
  ])('a GIF of nothing but %s keeps that colour', async (_name, colour) => {
    const gif = encodeGif([plain(16, colour), plain(16, colour)], { colours: 256, delayCentiseconds: 5 });
    const { data } = await decodeFrames(gif.bytes);
    expect([...data]).toEqual([...plain(16, colour).data, ...plain(16, colour).data]);
  });

  it('can be a single pixel', async () => {
    const gif = encodeGif([plain(1, [9, 8, 7])], { colours: 256, delayCentiseconds: 5 });
    expect([...(await decodeFrames(gif.bytes)).data]).toEqual([9, 8, 7]);
  });
});

const squaredError = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
};

const psnr = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  10 * Math.log10(255 ** 2 / squaredError(a, b));

/** A [1 2 1] / 4 blur along both axes, inside the borders. */
const blur = ({ width, height, data }: RgbImage): Float64Array => {
  const blurred = new Float64Array(3 * (width - 2) * (height - 2));
  let at = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (const dy of [-1, 0, 1]) {
          for (const dx of [-1, 0, 1]) {
            sum += (2 - Math.abs(dx)) * (2 - Math.abs(dy)) * data[3 * ((y + dy) * width + x + dx) + channel]!;
          }
        }
        blurred[at++] = sum / 16;
      }
    }
  }
  return blurred;
};

describe('palette and dither', () => {
  it('serve all frames: a colour that only one of them has is kept', () => {
    const frames = [...Array.from({ length: 7 }, () => plain(16, [20, 60, 30])), plain(16, [240, 30, 200])];
    const { count, rgb } = buildPalette(frames, 16);
    const colours = Array.from({ length: count }, (_, i) => [...rgb.subarray(3 * i, 3 * i + 3)].join());
    expect(colours.sort()).toEqual(['20,60,30', '240,30,200']);
  });

  it('use the room there is: a film of greys gets more of them than five bits can tell', () => {
    const ramp = Uint8Array.from({ length: 3 * 256 }, (_, index) => Math.floor(index / 3));
    const { count } = buildPalette([{ width: 16, height: 16, data: ramp }], 256);
    expect(count).toBeGreaterThan(60);
  });

  it('never have more colours than asked for', () => {
    for (const colours of [2, 17, 64, 256]) {
      expect(buildPalette(film, colours).count).toBeLessThanOrEqual(colours);
    }
  });

  it('look closer to the film than its nearest colours do, once blurred as an eye blurs', () => {
    const palette = buildPalette(film, 32);
    const nearest = createNearestColour(palette);
    const first = film[0]!;
    const flat = Uint8Array.from({ length: 32 * 32 }, (_, pixel) => {
      const [r, g, b] = first.data.subarray(3 * pixel, 3 * pixel + 3);
      return nearest(r!, g!, b!);
    });
    const [dithered] = ditherFilm([first], palette);
    const score = (indices: Uint8Array) => psnr(blur(paint(indices, palette, 32, 32)), blur(first));
    expect(score(dithered!)).toBeGreaterThan(score(flat) + 1);
  });

  it('add little to the difference between a frame and the zoomed one before it', () => {
    const gif = encodeGif(film, { colours: 256, delayCentiseconds: 5 });
    const shown = film.map((_, index) => gif.frame(index));
    const [encoded, exact] = [shown, film].map((frames) => warpDistances(frames, 1.05, 'in'));
    for (const [k, distance] of encoded!.distances.entries()) {
      // The smooth pattern is the hardest case; a palette of 256 colours costs it some three steps of a byte.
      expect(distance).toBeLessThan(exact!.distances[k]! + 3);
      expect(distance).toBeLessThan(encoded!.unwarped[k]!);
    }
  });
});
