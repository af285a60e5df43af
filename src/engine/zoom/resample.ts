import { createPicture, type Picture } from '../../domain/picture.ts';

/**
 * Resampling along the axes with half-pixel centres and clamped borders. A mapping says which span of the
 * source each output side covers: output pixel x is taken at
 * (x + 0.5 - output / 2) * scale + source / 2 - 0.5, so that centres stay centres.
 */
// Interpolating kernels (bilinear, cubic) blur by as much as a pixel lies off the grid. In a zoom that is
// nothing at the centre lines and most half-way between, frame after frame: detail piles up in a cross. The
// band-limited kernel blurs everywhere alike; docs/decisions/0003-band-limited-warp.md has the figures.
export type Kernel = 'bilinear' | 'bicubic' | 'band-limited';

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
} as const satisfies Record<Kernel, { radius: number; weigh: (x: number) => number }>;

export type Border = 'clamp' | 'mirror';

const inside = (position: number, size: number, border: Border): number => {
  const last = size - 1;
  const mirrored = position < 0 ? -position : position > last ? 2 * last - position : position;
  return Math.min(last, Math.max(0, border === 'mirror' ? mirrored : position));
};

/** Which source pixels each output pixel is made of: `count` in a row from `start` on, clamped or mirrored. */
type Taps = {
  readonly count: number;
  readonly start: Int32Array;
  readonly weight: Float32Array;
};

/** Widened where the picture shrinks, against aliasing. */
const tapsFor = (
  source: number,
  output: number,
  { scale, kernel }: { readonly scale: number; readonly kernel: Kernel },
): Taps => {
  const { radius, weigh } = kernels[kernel];
  const stretch = Math.max(1, scale);
  const reach = radius * stretch;
  const count = Math.ceil(2 * reach) + 1;
  const start = new Int32Array(output);
  const weight = new Float32Array(output * count);
  const raw = new Float64Array(count);
  for (let x = 0; x < output; x++) {
    const centre = (x + 0.5 - output / 2) * scale + source / 2 - 0.5;
    const first = Math.ceil(centre - reach);
    start[x] = first;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) sum += raw[tap] = weigh((first + tap - centre) / stretch);
    for (let tap = 0; tap < count; tap++) weight[x * count + tap] = raw[tap]! / sum;
  }
  return { count, start, weight };
};

export type ResampleOptions = {
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  /** Source pixels per output pixel; by default the whole source fills the whole output. */
  readonly scale?: number;
  /** What lies beyond the source: its border again (the default), or its mirror image. */
  readonly border?: Border;
};

/** A picture at another size, or a part of it enlarged about its centre. Values are not clamped. */
export const resample = (picture: Picture, options: ResampleOptions): Picture => {
  const { width, height, kernel, border = 'clamp' } = options;
  const { width: sourceWidth, height: sourceHeight } = picture;
  const along = (source: number, output: number): Taps =>
    tapsFor(source, output, { scale: options.scale ?? source / output, kernel });
  const horizontal = along(sourceWidth, width);
  const vertical = along(sourceHeight, height);
  const output = createPicture(width, height);
  const rows = new Float32Array(width * sourceHeight);
  // A row with its border on both sides, so that the inner loop asks nothing.
  const before = Math.max(0, -Math.min(...horizontal.start));
  const after = Math.max(...horizontal.start) + horizontal.count;
  const bordered = new Float32Array(before + Math.max(sourceWidth, after));
  for (let plane = 0; plane < 3; plane++) {
    const source = picture.data.subarray(plane * sourceWidth * sourceHeight);
    for (let y = 0; y < sourceHeight; y++) {
      const row = source.subarray(y * sourceWidth, (y + 1) * sourceWidth);
      bordered.set(row, before);
      for (let i = 0; i < before; i++) bordered[i] = row[inside(i - before, sourceWidth, border)]!;
      for (let i = sourceWidth; i < after; i++) bordered[before + i] = row[inside(i, sourceWidth, border)]!;
      alongRow(bordered, horizontal, { before, output: rows, at: y * width, width });
    }
    const target = output.data.subarray(plane * width * height);
    for (let y = 0; y < height; y++) {
      const into = target.subarray(y * width, (y + 1) * width);
      for (let tap = 0; tap < vertical.count; tap++) {
        const weight = vertical.weight[y * vertical.count + tap]!;
        if (weight === 0) continue;
        const from = inside(vertical.start[y]! + tap, sourceHeight, border) * width;
        for (let x = 0; x < width; x++) into[x]! += rows[from + x]! * weight;
      }
    }
  }
  return output;
};

const alongRow = (
  bordered: Float32Array,
  { count, start, weight }: Taps,
  { before, output, at, width }: { before: number; output: Float32Array; at: number; width: number },
): void => {
  for (let x = 0; x < width; x++) {
    const from = start[x]! + before;
    const weights = x * count;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) sum += bordered[from + tap]! * weight[weights + tap]!;
    output[at + x] = sum;
  }
};
