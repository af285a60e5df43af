import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/domain/picture.ts';
import { encodeFilm } from '../../src/image/encode-film.ts';
import { encodeMp4 } from '../../src/image/mp4.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { zoomFilm } from '../support/zoom-film.ts';

const zoom = 1.05;
const options = { fps: 20, zoom, direction: 'in', format: 'mp4' } as const;

const framesOf = async ({ decode }: Awaited<ReturnType<typeof encodeMp4>>): Promise<RgbImage[]> => {
  const frames: RgbImage[] = [];
  await decode((frame) => frames.push(frame));
  return frames;
};

const meanDifference = (one: Uint8Array, other: Uint8Array): number =>
  one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;

const meanColour = ({ data }: Pick<RgbImage, 'data'>): number[] =>
  [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let at = channel; at < data.length; at += 3) sum += data[at]!;
    return (3 * sum) / data.length;
  });

/** A picture of one colour. */
const flat = (colour: readonly number[], side = 32): RgbImage => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: 3 * side * side }, (_, at) => colour[at % 3]!),
});

describe('encoding a film as mp4', () => {
  const film = zoomFilm(64, 16, zoom);

  it('needs no program of this machine, and measures what a viewer sees', async () => {
    const encoded = await encodeFilm(film, options);
    expect(encoded).toMatchObject({ width: 64, height: 64, frames: 16, fps: 20, zoom, fit: null });
    expect(encoded.distances).toHaveLength(16);
    expect(encoded.seamRatio).toBeGreaterThan(0.5);
    expect(encoded.seamRatio).toBeLessThan(2);
  });

  it('has its index in front of the frames, and no time of day in it: the same bytes each time', async () => {
    const first = await encodeFilm(film, options);
    expect(Buffer.from((await encodeFilm(film, options)).bytes).equals(first.bytes)).toBe(true);
    const text = Buffer.from(first.bytes).toString('latin1');
    expect(text.indexOf('ftyp')).toBe(4);
    expect(text.indexOf('moov')).toBeLessThan(text.indexOf('mdat'));
    // Creation and modification of the movie, which the encoder's own files have.
    const mvhd = text.indexOf('mvhd') + 8;
    expect([...first.bytes.subarray(mvhd, mvhd + 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('keeps colours and order', async () => {
    const frames = await framesOf(await encodeMp4(film, { delayCentiseconds: 5, quantiser: 12 }));
    expect(frames).toHaveLength(16);
    for (const [index, frame] of frames.entries()) {
      // Chroma at half resolution costs this colourful pattern a few steps; wrong matrices cost many.
      expect(meanDifference(frame.data, film[index]!.data)).toBeLessThan(5);
    }
  });

  it.each([
    [33, 34],
    [1, 2],
  ])('makes sides of %i even', async (side, even) => {
    const odd = zoomFilm(side, 8, zoom);
    expect(await encodeFilm(odd, options)).toMatchObject({ width: even, height: even });
    const [first] = await framesOf(await encodeMp4(odd, { delayCentiseconds: 5, quantiser: 12 }));
    expect(first).toMatchObject({ width: even, height: even });
    const corner = (x: number, y: number) => 3 * (y * even + x);
    // What was added repeats what it is beside.
    const added = corner(even - 1, even - 1);
    const beside = corner(even - 2, even - 2);
    expect(Math.abs(first!.data[added + 1]! - first!.data[beside + 1]!)).toBeLessThan(12);
  });

  it('quantises more coarsely, then shrinks, to keep a budget', async () => {
    const free = await encodeFilm(film, options);
    const maxBytes = Math.floor(free.bytes.length * 0.6);
    const encoded = await encodeFilm(film, { ...options, maxBytes });
    expect(encoded.bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(encoded.fit?.quality).toBeGreaterThan(22);
  });

  it('leaves the process that asked free, and stops at once when cancelled', async () => {
    const handlers = process.listenerCount('uncaughtException');
    const controller = new AbortController();
    const encoding = encodeFilm(film, { ...options, signal: controller.signal });
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'cancelled' });
    expect(process.listenerCount('uncaughtException')).toBe(handlers);
  });
});

describe.skipIf(!hasChromium)('an mp4 in chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => await browser?.close());

  /** Without a graphics processor Chromium makes blue from chroma with a factor of 2 in place of 2.11. */
  const expectColour = (
    [red = 0, green = 0, blue = 0]: readonly number[],
    colour: readonly number[],
  ): void => {
    expect(Math.abs(red - colour[0]!)).toBeLessThan(2);
    expect(Math.abs(green - colour[1]!)).toBeLessThan(2);
    expect(Math.abs(blue - colour[2]!)).toBeLessThan(5);
  };

  type Shown = {
    readonly width: number;
    readonly height: number;
    readonly duration: number;
    readonly colours: unknown;
    readonly pictures: readonly (readonly number[])[];
  };

  /** What the browser says of a film, and shows of it in the middle of each frame. */
  const play = async (
    bytes: Uint8Array,
    { frames, fps }: { readonly frames: number; readonly fps: number },
  ): Promise<Shown> => {
    const page = await browser.newPage();
    try {
      await page.addScriptTag({ path: fileURLToPath(new URL('../support/play-video.js', import.meta.url)) });
      const film = { base64: Buffer.from(bytes).toString('base64'), frames, fps };
      return await page.evaluate<Shown>(`playVideo(${JSON.stringify(film)})`);
    } finally {
      await page.close();
    }
  };

  it('plays with the rate, sides and colours of its frames, and says how its colours are meant', async () => {
    const film = zoomFilm(66, 12, zoom);
    // A third of a hundred, which most encoders round.
    const encoded = await encodeFilm(film, { ...options, fps: 100 / 3 });
    const shown = await play(encoded.bytes, { frames: 12, fps: 100 / 3 });
    expect(shown).toMatchObject({ width: 66, height: 66, duration: 0.36 });
    expect(shown.colours).toEqual({
      primaries: 'bt709',
      transfer: 'bt709',
      matrix: 'bt709',
      fullRange: false,
    });
    for (const [index, picture] of shown.pictures.entries()) {
      const data = Uint8Array.from(picture);
      const differences = film.map((frame) => meanDifference(data, frame.data));
      expect(differences.indexOf(Math.min(...differences))).toBe(index);
      expectColour(meanColour({ data }), meanColour(film[index]!));
    }
  });

  it('shows flat colours as they are', async () => {
    const colours = [
      [255, 255, 255],
      [0, 0, 0],
      [200, 100, 50],
      [60, 90, 30],
      [128, 128, 128],
    ];
    const film = colours.map((colour) => flat(colour));
    const { bytes } = await encodeMp4(film, { delayCentiseconds: 10, quantiser: 22 });
    const { pictures } = await play(bytes, { frames: film.length, fps: 10 });
    for (const [index, picture] of pictures.entries()) {
      expectColour(meanColour({ data: Uint8Array.from(picture) }), colours[index]!);
    }
  });
});
