import type { Picture } from '../src/domain/picture.ts';
import { createRandom } from '../src/domain/random.ts';
import { resample } from '../src/engine/synthesis/resample.ts';

const patchSide = 7;
const levels = 3;
const projections = 64;
/** Enough that two samples of one picture differ far less than two pictures do. */
const patchesPerLevel = 8192;

/** Of each level and direction, the sorted lengths of the picture's patches along it. */
export type PatchStatistics = readonly (readonly Float32Array[])[];

/** Directions of length 1 in the space of patches, the same for every picture. */
const directionsOf = (level: number): readonly Float32Array[] => {
  const random = createRandom(1000 + level);
  return Array.from({ length: projections }, () => {
    const direction = Float32Array.from({ length: 3 * patchSide ** 2 }, random.normal);
    const length = Math.hypot(...direction);
    return direction.map((value) => value / length);
  });
};

const project = (picture: Picture, level: number): readonly Float32Array[] => {
  const { width, height, data } = picture;
  const directions = directionsOf(level);
  const lengths = directions.map(() => new Float32Array(patchesPerLevel));
  const random = createRandom(2000 + level);
  const patch = new Float32Array(3 * patchSide ** 2);
  for (let index = 0; index < patchesPerLevel; index++) {
    const left = Math.floor(random.uniform() * (width - patchSide + 1));
    const top = Math.floor(random.uniform() * (height - patchSide + 1));
    for (let row = 0; row < 3 * patchSide; row++) {
      const plane = Math.floor(row / patchSide);
      const from = (plane * height + top + (row % patchSide)) * width + left;
      patch.set(data.subarray(from, from + patchSide), row * patchSide);
    }
    for (let direction = 0; direction < projections; direction++) {
      const weights = directions[direction]!;
      let sum = 0;
      for (let i = 0; i < patch.length; i++) sum += weights[i]! * patch[i]!;
      lengths[direction]![index] = sum;
    }
  }
  return lengths.map((values) => values.sort());
};

/** What `patchDistance` compares: 7x7 patches at fixed random places, at the picture's size, 1/2 and 1/4. */
export const patchStatistics = (picture: Picture): PatchStatistics => {
  let scaled = picture;
  return Array.from({ length: levels }, (_, level) => {
    if (level > 0) {
      const { width, height } = scaled;
      scaled = resample(scaled, { width: width >> 1, height: height >> 1, kernel: 'bilinear' });
    }
    return project(scaled, level);
  });
};

/**
 * Sliced Wasserstein distance of two pictures' patches (Rabin et al. 2011; on patches of a pyramid as in
 * Karras et al. 2018, but of plain pixels and not of Laplacian levels): the mean over levels, directions and
 * ranks of the difference of the sorted lengths. 0 for equal pictures; in units of pixel values.
 */
export const patchDistance = (a: PatchStatistics, b: PatchStatistics): number => {
  let sum = 0;
  a.forEach((lengths, level) => {
    lengths.forEach((sorted, direction) => {
      const other = b[level]![direction]!;
      for (let i = 0; i < sorted.length; i++) sum += Math.abs(sorted[i]! - other[i]!);
    });
  });
  return sum / (levels * projections * patchesPerLevel);
};
