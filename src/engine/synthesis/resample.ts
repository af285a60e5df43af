import { createPicture, type Picture, type Size } from '../../domain/picture.ts';

/**
 * Resampling along the axes with half-pixel centres and clamped borders. A mapping says which span of the
 * source each output side covers: output pixel x is taken at
 * (x + 0.5 - output / 2) * scale + source / 2 - 0.5, so that centres stay centres, unless another point is to stay.
 */
// Interpolating kernels (bilinear, cubic) blur by as much as a pixel lies off the grid. In a zoom that is
// nothing at the centre lines and most half-way between, frame after frame: detail piles up in a cross. The
// band-limited kernel blurs everywhere alike; docs/decisions/0003-band-limited-warp.md has the figures.
/** Catmull-Rom, the cubic with a = -1/2 (Keys 1981): interpolating, and exact for parabolas. */
const cubic = (x: number): number => {
  const distance = Math.abs(x);
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
};

const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** Cut-off in cycles per source pixel, and reach in pixels, of the band-limited kernel. */
const cutOff = 0.42;
const bandLimitedRadius = 6;

/** A sinc under a squared cosine window: 0.98 at 0.3 cycles per pixel, 0.9 at a third, 0.33 at 0.45. */
const bandLimited = (x: number): number => {
  if (Math.abs(x) >= bandLimitedRadius) return 0;
  const angle = 2 * Math.PI * cutOff * x;
  const sinc = x === 0 ? 1 : Math.sin(angle) / angle;
  return sinc * Math.cos((Math.PI * x) / (2 * bandLimitedRadius)) ** 2;
};

const kernels = {
  'band-limited': { radius: bandLimitedRadius, weigh: bandLimited },
  bilinear: { radius: 1, weigh: triangle },
  bicubic: { radius: 2, weigh: cubic },
};
export type Kernel = keyof typeof kernels;

const inside = (position: number, size: number): number => Math.min(size - 1, Math.max(0, position));

/** A point of a picture, in pixels from its centre. */
export type Place = { readonly x: number; readonly y: number };

export type ResampleOptions = {
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  /** Source pixels per output pixel; by default the whole source fills the whole output. */
  readonly scale?: number;
  /** The point that stays where it is, for a source and an output of one size; by default the centre. */
  readonly about?: Place;
};

/** `about` along one axis. */
type AxisOptions = Pick<ResampleOptions, 'kernel' | 'scale'> & { readonly about: number };

/** Which source pixels each output pixel is made of: `count` in a row from `start` on, all inside of the source. */
type Taps = {
  readonly count: number;
  readonly start: Int32Array;
  readonly weight: Float32Array;
};

/**
 * Widened where the picture shrinks, against aliasing. A tap beyond the border gives its weight to the pixel that
 * it shows, so that filtering knows no borders.
 */
const tapsFor = (source: number, output: number, options: AxisOptions): Taps => {
  const { kernel, scale = source / output, about } = options;
  const { radius, weigh } = kernels[kernel];
  const stretch = Math.max(1, scale);
  const reach = radius * stretch;
  const reached = Math.ceil(2 * reach);
  const count = Math.min(reached, source);
  const start = new Int32Array(output);
  const weight = new Float32Array(output * count);
  const raw = new Float64Array(reached);
  const pixel = new Int32Array(reached);
  const folded = new Float64Array(count);
  for (let x = 0; x < output; x++) {
    const centre = (x + 0.5 - output / 2 - about) * scale + about + source / 2 - 0.5;
    const first = Math.ceil(centre - reach);
    let sum = 0;
    let from = source - count;
    for (let tap = 0; tap < reached; tap++) {
      sum += raw[tap] = weigh((first + tap - centre) / stretch);
      pixel[tap] = inside(first + tap, source);
      from = Math.min(from, pixel[tap]!);
    }
    folded.fill(0);
    for (let tap = 0; tap < reached; tap++) folded[pixel[tap]! - from]! += raw[tap]! / sum;
    start[x] = from;
    weight.set(folded, x * count);
  }
  return { count, start, weight };
};

/** `lines` lines of `length` values, one behind the other. */
type Lines = { readonly data: Float32Array; readonly lines: number; readonly length: number };

/**
 * Filters every line and writes it as a column, so that a second pass does the other axis and turns the picture
 * back. The output holds as many lines as there are output pixels, each of them `lines` long.
 */
type Pass = (source: Lines, taps: Taps, output: Float32Array) => void;

/** Three lines at once share each weight; where fewer are left, the last one is done again. */
const passOfAny: Pass = ({ data, lines, length }, { count, start, weight }, output) => {
  for (let line = 0; line < lines; line += 3) {
    const second = Math.min(line + 1, lines - 1);
    const third = Math.min(line + 2, lines - 1);
    for (let x = 0; x < start.length; x++) {
      const from = start[x]!;
      let at0 = line * length + from;
      let at1 = second * length + from;
      let at2 = third * length + from;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      const end = (x + 1) * count;
      for (let tap = x * count; tap < end; tap++) {
        const share = weight[tap]!;
        sum0 += data[at0++]! * share;
        sum1 += data[at1++]! * share;
        sum2 += data[at2++]! * share;
      }
      const to = x * lines;
      output[to + line] = sum0;
      output[to + second] = sum1;
      output[to + third] = sum2;
    }
  }
};

// A film spends its resampling in the two numbers of taps below. With weights that stay in registers it takes a
// third of the time.

const passOfTwo: Pass = ({ data, lines, length }, { start, weight }, output) => {
  for (let x = 0; x < start.length; x++) {
    const w0 = weight[2 * x]!;
    const w1 = weight[2 * x + 1]!;
    const to = x * lines;
    for (let line = 0, from = start[x]!; line < lines; line++, from += length) {
      output[to + line] = data[from]! * w0 + data[from + 1]! * w1;
    }
  }
};

const passOfTwelve: Pass = ({ data, lines, length }, { start, weight }, output) => {
  for (let x = 0; x < start.length; x++) {
    const at = 12 * x;
    const w0 = weight[at]!;
    const w1 = weight[at + 1]!;
    const w2 = weight[at + 2]!;
    const w3 = weight[at + 3]!;
    const w4 = weight[at + 4]!;
    const w5 = weight[at + 5]!;
    const w6 = weight[at + 6]!;
    const w7 = weight[at + 7]!;
    const w8 = weight[at + 8]!;
    const w9 = weight[at + 9]!;
    const w10 = weight[at + 10]!;
    const w11 = weight[at + 11]!;
    const to = x * lines;
    for (let line = 0, from = start[x]!; line < lines; line++, from += length) {
      output[to + line] =
        data[from]! * w0 +
        data[from + 1]! * w1 +
        data[from + 2]! * w2 +
        data[from + 3]! * w3 +
        data[from + 4]! * w4 +
        data[from + 5]! * w5 +
        data[from + 6]! * w6 +
        data[from + 7]! * w7 +
        data[from + 8]! * w8 +
        data[from + 9]! * w9 +
        data[from + 10]! * w10 +
        data[from + 11]! * w11;
    }
  }
};

const passes: Readonly<Record<number, Pass>> = { 2: passOfTwo, 12: passOfTwelve };

const filter: Pass = (source, taps, output) => (passes[taps.count] ?? passOfAny)(source, taps, output);

const middle: Place = { x: 0, y: 0 };

/** `resample` for pictures of one size, whose taps are the same. */
export const resamplerFor = (source: Size, options: ResampleOptions): ((picture: Picture) => Picture) => {
  const { width, height, about: { x, y } = middle } = options;
  const horizontal = tapsFor(source.width, width, { ...options, about: x });
  const isAlike = source.width === source.height && width === height && x === y;
  const vertical = isAlike ? horizontal : tapsFor(source.height, height, { ...options, about: y });
  const columns = new Float32Array(width * source.height);
  return ({ data }) => {
    const output = createPicture(width, height);
    for (let plane = 0; plane < 3; plane++) {
      const from = data.subarray(plane * source.width * source.height);
      const to = output.data.subarray(plane * width * height);
      filter({ data: from, lines: source.height, length: source.width }, horizontal, columns);
      filter({ data: columns, lines: width, length: source.height }, vertical, to);
    }
    return output;
  };
};

/** A picture at another size, or a part of it enlarged about its centre. Values are not clamped. */
export const resample = (picture: Picture, options: ResampleOptions): Picture =>
  resamplerFor(picture, options)(picture);

/** Clamps the picture itself to 0..1 and, should a value not be a number, to mid grey. */
export const clampPicture = (picture: Picture): Picture => {
  const { data } = picture;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    data[i] = value >= 0 ? (value > 1 ? 1 : value) : value < 0 ? 0 : 0.5;
  }
  return picture;
};
