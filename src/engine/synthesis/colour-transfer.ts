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

const along = (means: Float32Array, [red, green, blue]: readonly [number, number, number]): Float64Array => {
  const count = means.length / 3;
  const line = new Float64Array(count);
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

/** Finer than a colour can be told apart; with the place behind it, still a whole number. */
const sortSteps = 2 ** 24;

/** The places of values from -2 to 2 in ascending order; sorting numbers is far quicker than sorting by a function. */
const orderOf = (line: Float64Array): Float64Array => {
  const { length } = line;
  const keys = line.map((value, i) => Math.round((value + 2) * sortSteps) * length + i);
  keys.sort();
  return keys.map((key) => key % length);
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
  const line = new Float32Array(columns + 1);
  for (let y = 0; y < height; y++) {
    const upper = down.before[y]! * columns;
    const lower = Math.min(rows - 1, down.before[y]! + 1) * columns;
    const share = down.share[y]!;
    for (let x = 0; x < columns; x++) {
      line[x] = scale * (blocks[upper + x]! + share * (blocks[lower + x]! - blocks[upper + x]!));
    }
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const at = across.before[x]!;
      onto[row + x]! += line[at]! + across.share[x]! * (line[at + 1]! - line[at]!);
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
  return (picture: Picture, direction: Float32Array, share: number): void => {
    const means = blockMeans(picture, grid);
    const moves = new Float32Array(3 * count);
    for (const [k, axis] of directions.entries()) {
      const line = along(means, axis);
      const goal = goals[k]!;
      orderOf(line).forEach((place, rank) => {
        const move = perDirection * (goal[rank]! - line[place]!);
        moves[place]! += axis[0] * move;
        moves[count + place]! += axis[1] * move;
        moves[2 * count + place]! += axis[2] * move;
      });
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
