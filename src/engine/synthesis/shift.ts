/**
 * Poolings look at fixed blocks of pixels, so that a picture optimised at one place grows a grid of their
 * size. Looking at it from another offset in every step leaves nothing for a grid to hold on to (gramzoom
 * rolled the picture for the same reason; a roll would put the border into the middle).
 */
import { createPicture, type Picture, type Size } from '../../domain/picture.ts';
import type { Random } from '../../domain/random.ts';

export type Offset = { readonly x: number; readonly y: number };

/**
 * Period of the grid of two 2x2 poolings, in pixels. That of a third one does not show, and offsets for it cost more than
 * they give (docs/decisions/0022-the-fourth-block.md).
 */
const period = 4;

/** Four places that see every phase of the first pooling, and of the second. */
const phases: readonly Offset[] = [
  { x: 0, y: 0 },
  { x: 3, y: 1 },
  { x: 1, y: 2 },
  { x: 2, y: 3 },
];

/**
 * Where each of so many steps looks from, at most half a period to either side, so that no border is out of sight
 * more often than another. Steps go through the phases in turn, each turn from a place that is drawn anew:
 * independent draws sometimes repeat a phase, and the picture follows it with a jump that shows in the film.
 */
export const drawOffsets = (random: Random, steps: number): readonly Offset[] => {
  const turns = Array.from({ length: Math.ceil(steps / phases.length) }, () => {
    const [x, y] = [Math.floor(period * random.uniform()), Math.floor(period * random.uniform())];
    const least = { x: -Math.round(1 + random.uniform()), y: -Math.round(1 + random.uniform()) };
    return phases.map((phase) => ({
      x: least.x + ((phase.x + x) % period),
      y: least.y + ((phase.y + y) % period),
    }));
  });
  return turns.flat().slice(0, steps);
};

/** Where pixel `i` of the shifted picture comes from: what lies beyond a border is mirrored. */
const source = (i: number, offset: number, size: number): number => {
  const at = Math.abs(i + offset);
  return at < size ? at : 2 * size - 2 - at;
};

/** The pixels of a line whose source lies within it, from `start` to `end` (exclusive). */
const inside = (offset: number, size: number) => ({
  start: Math.max(0, -offset),
  end: size - Math.max(0, offset),
});

/**
 * What of a plane has its source within it, as one stretch of values: from one row to the next it runs over the
 * columns that have not.
 */
const stretchOf = ({ width, height }: Size, { x, y }: Offset) => {
  const [columns, rows] = [inside(x, width), inside(y, height)];
  return {
    from: rows.start * width + columns.start,
    to: (rows.end - 1) * width + columns.end,
    distance: y * width + x,
  };
};

/**
 * The picture seen from an offset (whole pixels, less than its sides); what lies beyond its borders is mirrored in.
 * @param output where it goes: another picture of the same size
 */
export const shift = (
  picture: Picture,
  offset: Offset,
  output: Picture = createPicture(picture.width, picture.height),
): Picture => {
  const { width, height, data } = picture;
  const { data: into } = output;
  const [columns, rows] = [inside(offset.x, width), inside(offset.y, height)];
  const { from, to, distance } = stretchOf(picture, offset);
  for (let plane = 0; plane < 3; plane++) {
    const top = plane * width * height;
    into.set(data.subarray(top + from + distance, top + to + distance), top + from);
    for (let y = 0; y < height; y++) {
      const row = top + y * width;
      const seen = top + source(y, offset.y, height) * width;
      const isMirrored = y < rows.start || y >= rows.end;
      const start = isMirrored ? width : columns.start;
      for (let x = 0; x < start; x++) into[row + x] = data[seen + source(x, offset.x, width)]!;
      for (let x = Math.max(start, columns.end); x < width; x++)
        into[row + x] = data[seen + source(x, offset.x, width)]!;
    }
  }
  return output;
};

/**
 * The gradient of `shift`: what a mirrored pixel received goes to the pixel that it was made of.
 * @param output where it goes: another picture of the same size, whose values do not matter
 */
export const unshift = (
  gradient: Picture,
  offset: Offset,
  output: Picture = createPicture(gradient.width, gradient.height),
): Picture => {
  const { width, height, data } = gradient;
  const { data: into } = output;
  const [columns, rows] = [inside(offset.x, width), inside(offset.y, height)];
  const { from, to, distance } = stretchOf(gradient, offset);
  into.fill(0);
  for (let plane = 0; plane < 3; plane++) {
    const top = plane * width * height;
    into.set(data.subarray(top + from, top + to), top + from + distance);
    for (let y = rows.start; y < rows.end; y++) {
      const seen = top + (y + offset.y) * width;
      into.fill(0, seen, seen + columns.start + offset.x);
      into.fill(0, seen + columns.end + offset.x, seen + width);
    }
    for (let y = 0; y < height; y++) {
      const row = top + y * width;
      const seen = top + source(y, offset.y, height) * width;
      const isMirrored = y < rows.start || y >= rows.end;
      const start = isMirrored ? width : columns.start;
      for (let x = 0; x < start; x++) into[seen + source(x, offset.x, width)]! += data[row + x]!;
      for (let x = Math.max(start, columns.end); x < width; x++)
        into[seen + source(x, offset.x, width)]! += data[row + x]!;
    }
  }
  return output;
};
