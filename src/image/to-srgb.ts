import type { RgbImage } from '../domain/picture.ts';
import type { ColourSpace } from './colour-space.ts';
import { toneScale } from './tone-map.ts';

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
  const [red, green, blue] = space.transfers.map((transfer) => tables.get(transfer)!) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
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
