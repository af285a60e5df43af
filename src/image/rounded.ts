import { sharp } from './sharp.ts';

/** How much of the pixel at (x, y) lies in a rectangle with rounded corners, 0 to 1. */
const coverage = (
  x: number,
  y: number,
  { width, height, radius }: { readonly width: number; readonly height: number; readonly radius: number },
): number => {
  const outside = (position: number, side: number): number =>
    Math.max(radius - position - 0.5, position + 0.5 - (side - radius), 0);
  const distance = Math.hypot(outside(x, width), outside(y, height));
  return Math.min(1, Math.max(0, radius + 0.5 - distance));
};

/**
 * A rectangle in one colour, with smooth round corners, as PNG; with a radius of half its side it is a disc.
 * @param options sides and radius in pixels; `colour`: red, green and blue, 0 to 255
 */
export const roundedRectangle = async ({
  colour: [red, green, blue],
  ...shape
}: {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly colour: readonly [number, number, number];
}): Promise<Buffer> => {
  const { width, height } = shape;
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set([red, green, blue, Math.round(255 * coverage(x, y, shape))], 4 * (y * width + x));
    }
  }
  return await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
};
