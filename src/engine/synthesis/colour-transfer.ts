/**
 * Which colours a picture has, whatever it shows: mean and covariance cannot tell a photo's red and black from red and
 * green, and where large areas took a colour that the photo has not, a film found no way back from it.
 *
 * Sliced optimal transport (Pitié, Kokaram & Dahyot 2007; Rabin et al. 2011): along each of some directions in colour
 * space, sorted values are moved to the photo's sorted values. We differ in that directions are fixed, that a step
 * takes one round of all of them, and that it looks at the means of blocks: what is finer is the network's to match.
 */
import type { Picture, Size } from '../../domain/picture.ts';

/** About so many blocks along a side. */
const blocksPerSide = 32;

const diagonal = Math.SQRT1_2;
const corner = Math.sqrt(1 / 3);

/** To the faces, the edges and the corners of a cube: evenly spread, so that a third of their number is a whole. */
const directions = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [diagonal, diagonal, 0],
  [diagonal, -diagonal, 0],
  [diagonal, 0, diagonal],
  [diagonal, 0, -diagonal],
  [0, diagonal, diagonal],
  [0, diagonal, -diagonal],
  [corner, corner, corner],
  [corner, corner, -corner],
  [corner, -corner, corner],
  [-corner, corner, corner],
] as const;
const perDirection = 3 / directions.length;

type Grid = ReturnType<typeof gridOf>;

const gridOf = ({ width, height }: Size) => {
  const block = Math.max(1, Math.round(Math.sqrt(width * height) / blocksPerSide));
  const [columns, rows] = [Math.floor(width / block), Math.floor(height / block)];
  return { block, columns, rows, count: columns * rows };
};

/** 3 x count; what is left over at the right and at the bottom belongs to no block. */
const blockMeans = (
  { width, height, data }: Picture,
  { block, columns, rows, count }: Grid,
): Float32Array => {
  const means = new Float32Array(3 * count);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < rows * block; y++) {
      const row = (plane * height + y) * width;
      const into = plane * count + Math.floor(y / block) * columns;
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let x = column * block; x < (column + 1) * block; x++) sum += data[row + x]!;
        means[into + column]! += sum / (block * block);
      }
    }
  }
  return means;
};

const along = (
  means: Float32Array,
  [red, green, blue]: readonly [number, number, number],
  line = new Float64Array(means.length / 3),
): Float64Array => {
  const count = line.length;
  for (let i = 0; i < count; i++) {
    line[i] = red * means[i]! + green * means[count + i]! + blue * means[2 * count + i]!;
  }
  return line;
};

/** `count` values that are spread as the sorted ones are. */
const spreadLike = (sorted: Float64Array, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => {
    const at = Math.min(sorted.length - 1, Math.max(0, ((i + 0.5) / count) * sorted.length - 0.5));
    const below = Math.floor(at);
    const above = Math.min(sorted.length - 1, below + 1);
    return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
  });

/** Finer than a colour can be told apart: values from -1 to 3 in three digits of a byte. */
const sortSteps = 2 ** 22;

/**
 * Sorts the places of so many values from -1 to 3 by the values, digit by digit (radix sort): comparing them takes seven
 * times as long, and 13 times in every step.
 * @returns the places in ascending order, in an array that the next call writes into
 */
const createSorter = (count: number) => {
  const keys = new Uint32Array(count);
  const starts = new Uint32Array(256);
  const room = [new Uint32Array(count), new Uint32Array(count)] as const;
  return (values: Float64Array): Uint32Array => {
    let [from, to] = room;
    for (let i = 0; i < count; i++) {
      keys[i] = (values[i]! + 1) * sortSteps;
      from[i] = i;
    }
    for (let shift = 0; shift < 24; shift += 8) {
      starts.fill(0);
      for (let i = 0; i < count; i++) starts[(keys[i]! >>> shift) & 255]!++;
      for (let digit = 0, sum = 0; digit < 256; digit++) {
        const next = sum + starts[digit]!;
        starts[digit] = sum;
        sum = next;
      }
      for (let i = 0; i < count; i++) {
        const place = from[i]!;
        to[starts[(keys[place]! >>> shift) & 255]!++] = place;
      }
      [from, to] = [to, from];
    }
    return from;
  };
};

type Places = ReturnType<typeof placesOf>;

/** Between which blocks the pixels of a line lie: bilinear between their middles, and constant beyond. */
const placesOf = (pixels: number, { blocks, block }: { readonly blocks: number; readonly block: number }) => {
  const before = new Int32Array(pixels);
  const share = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const at = Math.min(blocks - 1, Math.max(0, (i + 0.5) / block - 0.5));
    before[i] = Math.min(Math.max(0, blocks - 2), Math.floor(at));
    share[i] = at - before[i]!;
  }
  return { before, share };
};

/** Adds `scale` times a plane of blocks to a plane of pixels, whose places are given along both sides. */
const addBlocks = (
  blocks: Float32Array,
  onto: Float32Array,
  how: { readonly grid: Grid; readonly across: Places; readonly down: Places; readonly scale: number },
): void => {
  const { across, down, scale } = how;
  const { columns, rows } = how.grid;
  const [width, height] = [across.before.length, down.before.length];
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      const before = row * columns + across.before[x]!;
      const after = Math.min(before + 1, (row + 1) * columns - 1);
      wide[row * width + x] =
        scale * (blocks[before]! + across.share[x]! * (blocks[after]! - blocks[before]!));
    }
  }
  for (let y = 0; y < height; y++) {
    const upper = down.before[y]! * width;
    const lower = Math.min(rows - 1, down.before[y]! + 1) * width;
    const share = down.share[y]!;
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const value = wide[upper + x]!;
      onto[row + x]! += value + share * (wide[lower + x]! - value);
    }
  }
};

export type ColourTransfer = ReturnType<typeof createColourTransfer>;

/**
 * @param size of the pictures that are to have the photo's colours
 * @returns adds to a direction (which is subtracted from the picture) a share of the way to the photo's colours
 */
export const createColourTransfer = (photo: Picture, size: Size) => {
  const grid = gridOf(size);
  const { count, columns, rows, block } = grid;
  const across = placesOf(size.width, { blocks: columns, block });
  const down = placesOf(size.height, { blocks: rows, block });
  const ofPhoto = blockMeans(photo, gridOf(photo));
  const goals = directions.map((direction) => spreadLike(along(ofPhoto, direction).sort(), count));
  const pixels = size.width * size.height;
  const line = new Float64Array(count);
  const sorted = createSorter(count);
  return (picture: Picture, direction: Float32Array, share: number): void => {
    const means = blockMeans(picture, grid);
    const moves = new Float32Array(3 * count);
    for (const [k, axis] of directions.entries()) {
      const goal = goals[k]!;
      const places = sorted(along(means, axis, line));
      for (let rank = 0; rank < count; rank++) {
        const place = places[rank]!;
        const move = perDirection * (goal[rank]! - line[place]!);
        moves[place]! += axis[0] * move;
        moves[count + place]! += axis[1] * move;
        moves[2 * count + place]! += axis[2] * move;
      }
    }
    for (let plane = 0; plane < 3; plane++) {
      const onto = direction.subarray(plane * pixels, (plane + 1) * pixels);
      addBlocks(moves.subarray(plane * count, (plane + 1) * count), onto, {
        grid,
        across,
        down,
        scale: -share,
      });
    }
  };
};
