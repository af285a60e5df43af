import type { RgbImage } from '../domain/picture.ts';
import type { ColourSpace, HighDynamicRange } from './colour-space.ts';

/** Samples as they were decoded, interleaved: three of colour, and a fourth of opacity where there are four. */
export type Samples = {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array | Uint16Array;
};

/** Fine enough for the darkest colours, where sRGB is steepest: a twentieth of a step. */
const encodedSteps = 2 ** 16 - 1;
const encoded: Float32Array = Float32Array.from({ length: encodedSteps + 1 }, (_, index) => {
  const light = index / encodedSteps;
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
});

/** From linear light, 1 for white, to sRGB, 0 to 255; what sRGB does not have becomes the nearest it has. */
const encodeSrgb = (light: number): number =>
  encoded[light > 0 ? (light < 1 ? Math.round(light * encodedSteps) : encodedSteps) : 0]!;

type LightOf = (first: number, second: number, third: number, light: Float64Array) => void;

/** The picture in sRGB, on white where it is transparent; `lightOf` gives linear light of sRGB. */
export const paintSrgb = ({ width, height, channels, data }: Samples, lightOf: LightOf): RgbImage => {
  const opaque = data instanceof Uint16Array ? 65_535 : 255;
  const pixels = width * height;
  const rgb = new Uint8Array(3 * pixels);
  const light = new Float64Array(3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = channels * pixel;
    lightOf(data[at]!, data[at + 1]!, data[at + 2]!, light);
    const opacity = channels === 4 ? data[at + 3]! / opaque : 1;
    // A half for rounding, since bytes are cut off.
    const white = 255 * (1 - opacity) + 0.5;
    for (let channel = 0; channel < 3; channel++) {
      rgb[3 * pixel + channel] = opacity * encodeSrgb(light[channel]!) + white;
    }
  }
  return { width, height, data: rgb };
};

/** The picture in sRGB, on white where it is transparent, and with its highlights brought down to white. */
export const toSrgb = (samples: Samples, space: ColourSpace): RgbImage => {
  const { width, height, channels, data } = samples;
  const most = data instanceof Uint16Array ? 65_535 : 255;
  const tables = new Map(
    space.transfers.map((transfer) => [
      transfer,
      Float32Array.from({ length: most + 1 }, (_, code) => transfer(code / most)),
    ]),
  );
  const tableOf = (channel: 0 | 1 | 2): Float32Array => tables.get(space.transfers[channel])!;
  const [red, green, blue] = [tableOf(0), tableOf(1), tableOf(2)];
  const scale =
    space.highDynamicRange &&
    toneScale(space.highDynamicRange, (visit) => {
      for (let at = 0; at < channels * width * height; at += channels) {
        visit(red[data[at]!]!, green[data[at + 1]!]!, blue[data[at + 2]!]!);
      }
    });
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = space.toSrgb;
  return paintSrgb(samples, (first, second, third, light) => {
    const [r, g, b] = [red[first]!, green[second]!, blue[third]!];
    const factor = scale ? scale(r, g, b) : 1;
    light[0] = factor * (rr * r + rg * g + rb * b);
    light[1] = factor * (gr * r + gg * g + gb * b);
    light[2] = factor * (br * r + bg * g + bb * b);
  });
};

/** Light up to this share of white stays as it is. */
const knee = 0.5;
/** The brightest pixels, which may be noise, become white all the same: one in two hundred. */
const clippedShare = 0.005;
/** Peaks are told apart from white to 10,000 nits in steps of 0.4 %. */
const peakSteps = 1000;
const largestPeak = 10_000 / 203;

/** What the three channels of a pixel, linear light with 1 for white, are multiplied by. */
type ToneScale = (red: number, green: number, blue: number) => number;

const displayGain = ({ gain, luminance: [r, g, b] }: HighDynamicRange): ToneScale =>
  gain === undefined ? () => 1 : (red, green, blue) => gain(r * red + g * green + b * blue);

/**
 * Brings highlights down to white, and with them only what is brighter than half of white: Reinhard's extended curve
 * (2002, equation 4) above a knee, on the largest channel, so that hues stay. A picture that is nowhere brighter
 * than white does not change.
 * @param eachPixel calls back with the linear light of every pixel
 */
const toneScale = (
  range: HighDynamicRange,
  eachPixel: (visit: (red: number, green: number, blue: number) => void) => void,
): ToneScale => {
  const gain = displayGain(range);
  const histogram = new Uint32Array(peakSteps + 1);
  let pixels = 0;
  eachPixel((red, green, blue) => {
    const brightest = gain(red, green, blue) * Math.max(red, green, blue);
    const step = Math.ceil((peakSteps * Math.log(brightest)) / Math.log(largestPeak));
    histogram[Math.min(peakSteps, Math.max(0, step))]! += 1;
    pixels += 1;
  });
  let step = peakSteps;
  for (let brighter = 0; step > 0; step--) {
    brighter += histogram[step]!;
    if (brighter > clippedShare * pixels) break;
  }
  const peak = largestPeak ** (step / peakSteps);
  const range2 = ((peak - knee) / (1 - knee)) ** 2;
  return (red, green, blue) => {
    const factor = gain(red, green, blue);
    const brightest = factor * Math.max(red, green, blue);
    if (brightest <= knee) return factor;
    const above = (brightest - knee) / (1 - knee);
    const mapped = knee + ((1 - knee) * above * (1 + above / range2)) / (1 + above);
    return (factor * mapped) / brightest;
  };
};
