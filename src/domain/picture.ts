/** Sides in pixels. */
export type Size = { readonly width: number; readonly height: number };

/**
 * A picture as the engine sees it: planar RGB (all red, then all green, then all blue), row by row,
 * sRGB values from 0 to 1.
 */
export type Picture = {
  readonly width: number;
  readonly height: number;
  /** 3 x height x width values. */
  readonly data: Float32Array;
};

/** A picture as people see it: interleaved RGB bytes, row by row. */
export type RgbImage = {
  readonly width: number;
  readonly height: number;
  /** height x width x 3 bytes. */
  readonly data: Uint8Array;
};

/** An empty (black) picture. */
export const createPicture = (width: number, height: number): Picture => ({
  width,
  height,
  data: new Float32Array(3 * width * height),
});

/** Rounds to bytes; what lies outside 0..1 is clamped. */
export const toRgbImage = ({ width, height, data }: Picture): RgbImage => {
  const pixels = width * height;
  // It rounds and clamps.
  const bytes = new Uint8ClampedArray(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    bytes[3 * i] = 255 * data[i]!;
    bytes[3 * i + 1] = 255 * data[pixels + i]!;
    bytes[3 * i + 2] = 255 * data[2 * pixels + i]!;
  }
  return { width, height, data: new Uint8Array(bytes.buffer) };
};

/** The inverse of `toRgbImage`, but for the rounding. */
export const fromRgbImage = ({ width, height, data }: RgbImage): Picture => {
  const pixels = width * height;
  const picture = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    const offset = plane * pixels;
    for (let i = 0; i < pixels; i++) picture.data[offset + i] = data[3 * i + plane]! / 255;
  }
  return picture;
};
