/**
 * Injects fine detail into each frame. Enlarging leaves the finest octave empty, and new detail then grows along lines
 * that are already there: grass becomes a net. Where a photo is the same texture everywhere, detail from one place fits
 * at another. A little of it, added to every frame, is what new texture grows from.
 */
import type { Picture } from '../../domain/picture.ts';
import type { Random } from '../../domain/random.ts';
import { createPyramid, scaled } from '../synthesis/laplacian-pyramid.ts';
import { clampPicture } from '../synthesis/resample.ts';
import { shift } from '../synthesis/shift.ts';

/** The octaves that are injected: waves of up to about 8 pixels. */
const octaves = 2;

/** A photo's stationarity is measured on blocks of this side, in pixels. */
const blockSide = 16;

/** Less stationary photos have edges, flat areas and objects: their detail belongs where it is. */
const leastStationarity = 0.6;

/** The zoom that the tuning's angle is meant for. */
const usualZoom = 1.03;

/** Injected detail never outweighs a place's own. */
const mostAngle = 0.5;

/** The finest octaves of a picture, without the rest. */
const fineDetail = (picture: Picture): Picture => {
  const fine = { ...picture, data: picture.data.slice() };
  const pyramid = createPyramid(picture);
  pyramid.split(fine.data);
  const { counts } = pyramid;
  // The last two bands, the residual and its mean, are not octaves.
  pyramid.join(counts.map((_, band) => scaled(band < Math.min(octaves, counts.length - 2) ? 1 : 0)));
  return fine;
};

/**
 * How evenly a photo's fine detail is spread: 1 where every block of 16 x 16 px has the same energy, 1 / n where one
 * block of n has all of it, 0 for a photo without detail. Grass and gravel have 0.9 and more, objects and faces 0.2 to
 * 0.6.
 */
export const stationarity = (photo: Picture): number => {
  const { width, height } = photo;
  const { data } = fineDetail(photo);
  const [columns, rows] = [Math.floor(width / blockSide), Math.floor(height / blockSide)];
  const energies = new Float64Array(columns * rows);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < rows * blockSide; y++) {
      const row = (plane * height + y) * width;
      const block = columns * Math.floor(y / blockSide);
      for (let x = 0; x < columns * blockSide; x++) {
        energies[block + Math.floor(x / blockSide)]! += data[row + x]! ** 2;
      }
    }
  }
  const sum = energies.reduce((total, energy) => total + energy, 0);
  const squares = energies.reduce((total, energy) => total + energy ** 2, 0);
  return squares > 0 ? sum ** 2 / (energies.length * squares) : 0;
};

/**
 * How much detail is injected into each frame, as an angle in radians: 0 is none, pi / 2 replaces all detail. It grows
 * with the square root of log(zoom), since detail that is injected frame after frame adds up by its squares.
 * @param angle for a photo of stationarity 1, at a zoom of 1.03
 */
export const detailAngle = (
  angle: number,
  { stationarity, zoom }: { readonly stationarity: number; readonly zoom: number },
): number => {
  const alike = Math.max(0, (stationarity - leastStationarity) / (1 - leastStationarity));
  return Math.min(mostAngle, angle * alike * Math.sqrt(Math.log(zoom) / Math.log(usualZoom)));
};

/** A signed distance of a quarter to three quarters of a side. */
const drawDistance = (side: number, random: Random): number =>
  Math.round(side * (0.25 + random.uniform() / 2)) * (random.uniform() < 0.5 ? -1 : 1);

/**
 * Rotates a picture's fine detail by `angle` towards the detail of another place in it, which is drawn at random. The
 * contrast stays. In place; clamped to 0..1.
 */
export const injectDetail = (
  picture: Picture,
  { angle, random }: { readonly angle: number; readonly random: Random },
): void => {
  const offset = { x: drawDistance(picture.width, random), y: drawDistance(picture.height, random) };
  const own = fineDetail(picture);
  const other = shift(own, offset);
  const [ofOwn, ofOther] = [Math.cos(angle) - 1, Math.sin(angle)];
  const { data } = picture;
  for (let i = 0; i < data.length; i++) data[i]! += ofOwn * own.data[i]! + ofOther * other.data[i]!;
  clampPicture(picture);
};
