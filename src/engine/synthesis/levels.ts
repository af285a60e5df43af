import { levelsPerOctave, pyramidLevels } from '../../domain/kinds/kind.ts';
import type { Size } from '../../domain/picture.ts';
import { sizeMultiple } from '../../domain/request.ts';

/** One size on the way from noise to the picture asked for, and its optimisation steps. */
export type Level = Size & { readonly steps: number };

/** Sides are at least this long, in pixels. */
const leastSide = 64;

const rounded = (side: number): number => Math.max(leastSide, Math.round(side / sizeMultiple) * sizeMultiple);

/** Longer pictures than this are cut: a sliver shows nothing, and its levels would not halve. */
const maxAspect = 3;

/**
 * The sides of a render in pixels: `size` x `size`, or that area in the photo's shape.
 * @param photo its sides, in any unit
 */
export const outputSides = (
  { size, aspect }: { readonly size: number; readonly aspect: 'square' | 'photo' },
  photo: Size,
): Size => {
  if (aspect === 'square') return { width: size, height: size };
  const ratio = Math.min(maxAspect, Math.max(1 / maxAspect, photo.width / photo.height));
  return { width: rounded(size * Math.sqrt(ratio)), height: rounded(size / Math.sqrt(ratio)) };
};

/**
 * The pyramid of a picture of these sides, coarse to fine; the last level has its size.
 * @param steps of the coarsest level, which begins with noise, and of each finer one
 * @param options.count by default no level has a side shorter than 120 px, unless the picture has
 */
export const planLevels = (
  sides: Size,
  steps: { readonly coarsest: number; readonly finer: number },
  { count = pyramidLevels(Math.min(sides.width, sides.height)) }: { readonly count?: number } = {},
): readonly Level[] =>
  Array.from({ length: count }, (_, level) => {
    const share = 2 ** ((level - count + 1) / levelsPerOctave);
    return {
      width: rounded(sides.width * share),
      height: rounded(sides.height * share),
      steps: level === 0 ? steps.coarsest : steps.finer,
    };
  });

/** What levels cost, in optimisation steps times pixels: time is nearly proportional to it. */
export const levelsWork = (levels: readonly Level[]): number =>
  levels.reduce((sum, { width, height, steps }) => sum + steps * width * height, 0);
