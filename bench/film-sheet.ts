import { fromRgbImage, type RgbImage, toRgbImage } from '../src/domain/picture.ts';
import { median } from '../src/domain/statistics.ts';
import { enlarge } from '../src/engine/zoom/warp.ts';
import { contactSheet } from './contact-sheet.ts';
import type { GradientMap } from './film-lines.ts';

const enlargement = 4;

/** The middle of a picture, every pixel a square of 4 x 4. */
export const enlargedCentre = ({ width, height, data }: RgbImage): RgbImage => {
  const [left, top] = [width, height].map((side) => Math.floor((side - side / enlargement) / 2)) as [
    number,
    number,
  ];
  const output = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * ((top + Math.floor(y / enlargement)) * width + left + Math.floor(x / enlargement));
      output.set(data.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return { width, height, data: output };
};

/** A gradient map as a grey picture: its median is mid grey, differences from it count twice. */
const mapImage = ({ width, height, data }: GradientMap): RgbImage => {
  const usual = median([...data]);
  const grey = new Uint8ClampedArray(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = 128 * (1 + 2 * (data[i]! / usual - 1));
  return {
    width,
    height,
    data: Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]!),
  };
};

/**
 * A film at a glance. Above: frame 0, 1/4, 1/2, 3/4 and the last. Below: the photo; the last frame enlarged by
 * one step, and frame 0, which follows it; the centre of the middle frame, four times enlarged; the mean gradient.
 */
export const filmSheet = (
  frames: readonly RgbImage[],
  options: { readonly photo: RgbImage; readonly zoom: number; readonly lineMap: GradientMap },
): RgbImage => {
  const at = (share: number): RgbImage => frames[Math.round(share * (frames.length - 1))]!;
  const last = fromRgbImage(at(1));
  const { width, height } = last;
  const rows = [
    [at(0), at(0.25), at(0.5), at(0.75), at(1)],
    [
      options.photo,
      toRgbImage(enlarge(last, options.zoom, { kernel: 'bilinear' })),
      at(0),
      enlargedCentre(at(0.5)),
      mapImage(options.lineMap),
    ],
  ];
  return contactSheet(rows, { side: Math.max(width, height) });
};
