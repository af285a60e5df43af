import type { RgbImage, Size } from '../domain/picture.ts';

/** Luma and chroma in steps of a byte, BT.709 in the range of television: 16 to 235, 16 to 240. */
const luma = { red: 0.2126, green: 0.7152, blue: 0.0722 };
const lumaSteps = 219;
const chromaSteps = 224;
/** Differences to luma reach this far, so that both chromas fill their range. */
const blueReach = 2 * (1 - luma.blue);
const redReach = 2 * (1 - luma.red);

/** Sides as the coding needs them: with one column and row more where they are odd. */
export const evenSize = ({ width, height }: Size): Size => ({
  width: 2 * Math.ceil(width / 2),
  height: 2 * Math.ceil(height / 2),
});

/**
 * RGB as one block of luma and two of chroma at half the resolution, sited as players expect: level with the
 * left ones of each pair of columns, half-way between two rows. Odd sides are made even by their last column or
 * row.
 */
export const toYuv420 = (image: RgbImage): Uint8Array<ArrayBuffer> => {
  const { width, height } = evenSize(image);
  const { data } = image;
  const pixels = width * height;
  const yuv = new Uint8Array((pixels * 3) / 2);
  const blues = new Float32Array(pixels);
  const reds = new Float32Array(pixels);
  for (let y = 0; y < height; y++) {
    const row = 3 * image.width * Math.min(y, image.height - 1);
    for (let x = 0; x < width; x++) {
      const from = row + 3 * Math.min(x, image.width - 1);
      const [red, green, blue] = [data[from]! / 255, data[from + 1]! / 255, data[from + 2]! / 255];
      const light = luma.red * red + luma.green * green + luma.blue * blue;
      const to = y * width + x;
      yuv[to] = Math.round(16 + lumaSteps * light);
      blues[to] = (blue - light) / blueReach;
      reds[to] = (red - light) / redReach;
    }
  }
  const size = { width, height };
  halve(blues, { ...size, into: yuv.subarray(pixels, (pixels * 5) / 4) });
  halve(reds, { ...size, into: yuv.subarray((pixels * 5) / 4) });
  return yuv;
};

const halve = (plane: Float32Array, { width, height, into }: Size & { readonly into: Uint8Array }): void => {
  let to = 0;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let sum = 0;
      for (const at of [y * width + x, (y + 1) * width + x]) {
        const left = plane[x > 0 ? at - 1 : at]!;
        sum += left + 2 * plane[at]! + plane[at + 1]!;
      }
      into[to++] = Math.round(128 + (chromaSteps * sum) / 8);
    }
  }
};

/**
 * The picture that a player shows, chroma interpolated.
 * @param yuv the planes of a picture of `coded` size, of which the upper left part is shown
 */
export const fromYuv420 = (
  yuv: Uint8Array,
  { width, height, coded }: Size & { readonly coded: Size },
): RgbImage => {
  const data = new Uint8Array(3 * width * height);
  const pixels = coded.width * coded.height;
  const stride = coded.width / 2;
  const [lastColumn, lastRow] = [width / 2 - 1, height / 2 - 1];
  let to = 0;
  for (let y = 0; y < height; y++) {
    // Three quarters of the nearer row and one of the next.
    const near = y >> 1;
    const far = Math.min(lastRow, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    for (let x = 0; x < width; x++) {
      const left = x >> 1;
      const right = x % 2 === 0 ? left : Math.min(lastColumn, left + 1);
      const chroma = (plane: number): number => {
        const [nearRow, farRow] = [plane + near * stride, plane + far * stride];
        const sum =
          3 * (yuv[nearRow + left]! + yuv[nearRow + right]!) + yuv[farRow + left]! + yuv[farRow + right]!;
        return (sum / 8 - 128) / chromaSteps;
      };
      const light = (yuv[y * coded.width + x]! - 16) / lumaSteps;
      const blue = light + blueReach * chroma(pixels);
      const red = light + redReach * chroma((pixels * 5) / 4);
      const green = (light - luma.red * red - luma.blue * blue) / luma.green;
      data[to++] = toByte(red);
      data[to++] = toByte(green);
      data[to++] = toByte(blue);
    }
  }
  return { width, height, data };
};

const toByte = (value: number): number => Math.max(0, Math.min(255, Math.round(255 * value)));
