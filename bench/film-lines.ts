/**
 * Lines that stand still on the screen: the gradient's magnitude, averaged over all frames, along the axes and
 * diagonals through the centre and at the borders, against other directions and rows.
 */

import type { RgbImage } from '../src/domain/picture.ts';
import { createRandom } from '../src/domain/random.ts';
import { meanOf } from '../src/domain/statistics.ts';

/** One value per corner between four pixels: of an even number of pixels, the middle one is the centre. */
export type GradientMap = { readonly width: number; readonly height: number; readonly data: Float32Array };

export const lineNames = ['across', 'falling', 'down', 'rising', 'top', 'bottom', 'left', 'right'] as const;
export type LineName = (typeof lineNames)[number];

export type Lines = {
  /** The mean along each line, relative to the mean of other directions or rows: 1 where nothing stands out. */
  readonly ratios: Readonly<Record<LineName, number>>;
  /**
   * By how many standard deviations of those others the strongest line differs from them: more detail shows as a
   * line, and so does less. A zoom smears what it shows into streaks away from the centre, so that directions
   * differ in any film; a line differs more.
   */
  readonly score: number;
  readonly strongest: LineName;
  /** The largest ratio of the other directions. */
  readonly others: number;
};

/** Half the width of a band through the centre: detail piles up over some pixels, not on one (decision 3). */
const halfBand = 2;
/** Nearer to the centre, in shares of the side, directions share their pixels. */
const leastRadius = 1 / 16;
const specialAngles = [0, 45, 90, 135] as const;
/** Directions that are far enough from axes and diagonals, in degrees. */
const otherAngles = specialAngles.flatMap((angle) => [10, 15, 20, 25, 30, 35].map((more) => angle + more));
const borderRows = 2;
/** Directions that are more alike than this, relative to their mean, show no lines to anyone. */
const leastDeviation = 0.01;
/** Rows that a border is compared with begin this far inside. */
const innerStart = 8;

/** Mean over channels of the gradient's magnitude between four pixels, in steps of a byte. */
export const gradientMap = ({ width, height, data }: RgbImage): GradientMap => {
  const map = new Float32Array((width - 1) * (height - 1));
  const stride = 3 * width;
  let out = 0;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++, out++) {
      for (let at = y * stride + 3 * x; at < y * stride + 3 * x + 3; at++) {
        const [a, b, c, d] = [data[at]!, data[at + 3]!, data[at + stride]!, data[at + stride + 3]!];
        const squares = (b - a) ** 2 + (d - c) ** 2 + (c - a) ** 2 + (d - b) ** 2;
        map[out]! += Math.sqrt(squares / 2) / 3;
      }
    }
  }
  return { width: width - 1, height: height - 1, data: map };
};

/** The mean of maps of one size, each rolled by its offset (what leaves on one side comes in on the other). */
export const meanMap = (
  maps: readonly GradientMap[],
  offsetOf: () => { readonly x: number; readonly y: number } = () => ({ x: 0, y: 0 }),
): GradientMap => {
  const { width, height } = maps[0]!;
  const sum = new Float32Array(width * height);
  for (const { data } of maps) {
    const offset = offsetOf();
    for (let y = 0; y < height; y++) {
      const from = ((y + offset.y) % height) * width;
      const to = y * width;
      const split = width - offset.x;
      for (let x = 0; x < split; x++) sum[to + x]! += data[from + offset.x + x]!;
      for (let x = split; x < width; x++) sum[to + x]! += data[from + x - split]!;
    }
  }
  return { width, height, data: sum.map((value) => value / maps.length) };
};

/** Mean over a band through the centre at an angle in degrees: bilinear samples, one per pixel. */
const alongDirection = ({ width, height, data }: GradientMap, angle: number): number => {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const radius = Math.floor(Math.min(width, height) / 2) - halfBand - 1;
  let sum = 0;
  let count = 0;
  for (let along = -radius; along <= radius; along++) {
    if (Math.abs(along) < leastRadius * width) continue;
    for (let beside = -halfBand; beside <= halfBand; beside++) {
      const x = (width - 1) / 2 + along * cos - beside * sin;
      const y = (height - 1) / 2 + along * sin + beside * cos;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, down] = [x - left, y - top];
      const at = top * width + left;
      const upper = data[at]! * (1 - right) + (right > 0 ? data[at + 1]! * right : 0);
      const lower =
        down > 0 ? data[at + width]! * (1 - right) + (right > 0 ? data[at + width + 1]! * right : 0) : 0;
      sum += upper * (1 - down) + lower * down;
      count++;
    }
  }
  return sum / count;
};

type Peers = { readonly mean: number; readonly deviation: number; readonly most: number };

const peersOf = (values: readonly number[]): Peers => {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.max(Math.sqrt(squares / (values.length - 1)), leastDeviation * mean);
  return { mean, deviation, most: Math.max(...values) };
};

type Line = { readonly value: number; readonly peers: Peers };

/** The two borders that rows run along, against bands of as many rows further in. */
const bordersOf = (rows: Float64Array): readonly [first: Line, last: Line] => {
  const bands = Array.from({ length: rows.length - borderRows + 1 }, (_, start) => {
    let sum = 0;
    for (let row = start; row < start + borderRows; row++) sum += rows[row]!;
    return sum / borderRows;
  });
  const peers = peersOf(bands.slice(innerStart, -innerStart));
  return [
    { value: bands[0]!, peers },
    { value: bands.at(-1)!, peers },
  ];
};

/**
 * How much a mean gradient map stands out along the lines.
 * @param map at least 32 x 32
 */
export const linesOf = (map: GradientMap): Lines => {
  const { width, height, data } = map;
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y]! += data[y * width + x]! / width;
      columns[x]! += data[y * width + x]! / height;
    }
  }
  const peers = peersOf(otherAngles.map((angle) => alongDirection(map, angle)));
  const lines: readonly Line[] = [
    ...specialAngles.map((angle) => ({ value: alongDirection(map, angle), peers })),
    ...bordersOf(rows),
    ...bordersOf(columns),
  ];
  const scores = lines.map(({ value, peers }) => Math.abs(value - peers.mean) / peers.deviation);
  const score = Math.max(...scores);
  return {
    ratios: Object.fromEntries(
      lineNames.map((name, index) => [name, lines[index]!.value / lines[index]!.peers.mean]),
    ) as Record<LineName, number>,
    score,
    strongest: lineNames[scores.indexOf(score)]!,
    others: peers.most / peers.mean,
  };
};

export type LineFigures = Lines & {
  /** 95th percentile of the score of the same film with each frame shifted at random. */
  readonly limit: number;
};

const draws = 200;
const percentile = 0.95;

/**
 * The lines of a film and what chance alone would show. Gradient maps are rolled, not frames: a rolled frame
 * would have its own borders as lines in its middle.
 */
export const lineFigures = (frames: readonly RgbImage[]): LineFigures & { readonly map: GradientMap } => {
  const maps = frames.map(gradientMap);
  const { width, height } = maps[0]!;
  const random = createRandom(1);
  const offset = () => ({
    x: Math.floor(random.uniform() * width),
    y: Math.floor(random.uniform() * height),
  });
  const scores = Array.from({ length: draws }, () => linesOf(meanMap(maps, offset)).score);
  const limit = scores.toSorted((a, b) => a - b)[Math.ceil(percentile * draws) - 1]!;
  const map = meanMap(maps);
  return { ...linesOf(map), limit, map };
};
