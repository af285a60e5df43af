import type { RgbImage } from '../domain/picture.ts';
import { ditherFilm } from './dither.ts';
import { createGifEncoder } from './gifenc.ts';
import { buildPalette, type Palette, paint } from './palette.ts';

export type Gif = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frames: number;
  /** A frame as viewers show it, in the palette's colours. */
  frame(index: number): RgbImage;
};

/** What a file with a palette of `count` colours holds besides its frames, in bytes. */
export const gifOverheadBytes = (count: number): number => 13 + 3 * 2 ** bitsFor(count) + 19 + 1;

const bitsFor = (count: number): number => Math.max(1, Math.ceil(Math.log2(count)));

const toTriples = ({ count, rgb }: Palette): number[][] =>
  Array.from({ length: count }, (_, i) => [...rgb.subarray(3 * i, 3 * i + 3)]);

/**
 * Writes a GIF that loops for ever: one palette for all frames, every frame whole, dithered.
 * @param frames at least one, all of one size
 * @param options.colours 2 to 256
 */
export const encodeGif = (
  frames: readonly RgbImage[],
  options: { readonly colours: number; readonly delayCentiseconds: number },
): Gif => {
  const palette = buildPalette(frames, options.colours);
  const indices = ditherFilm(frames, palette);
  const encoder = createGifEncoder();
  const { width, height } = frames[0]!;
  const settings = {
    delay: 10 * options.delayCentiseconds,
    repeat: 0,
    colorDepth: Math.max(2, bitsFor(palette.count)),
  };
  const table = toTriples(palette);
  for (const [index, frame] of indices.entries()) {
    encoder.writeFrame(frame, width, height, index === 0 ? { ...settings, palette: table } : settings);
  }
  encoder.finish();
  return {
    bytes: encoder.bytes(),
    frames: frames.length,
    frame: (index) => paint(indices[index]!, palette, width, height),
  };
};
