/**
 * Detail from elsewhere. What a film enlarges leaves its finest octave empty, and what grows there grows along the
 * lines that are there already: grass becomes a net. Where a photo is the same texture everywhere, detail of one place
 * is as good at another; a little of it, sown into every frame, is what new texture grows from.
 */
import { createPicture, type Picture } from '../../domain/picture.ts';
import type { Random } from '../../domain/random.ts';
import { createPyramid } from '../optimise/pyramid.ts';
import { shift } from './shift.ts';
import { clampPicture } from './warp.ts';

/** The octaves that are sown: waves of up to about 8 pixels. */
const octaves = 2;

/** Blocks of so many pixels are compared for how alike a photo's places are. */
const blockSide = 16;

/** Below this a photo has edges, flat areas and things, whose detail belongs where it is. */
const leastStationarity = 0.6;

/** What the angle of a photo that is alike everywhere is given for. */
const usualZoom = 1.03;

/** Detail of another place never outweighs a place's own. */
const mostAngle = 0.5;

/** The finest octaves of a picture, without the rest. */
const fineDetail = (picture: Picture): Picture => {
  const { width, height, data } = picture;
  const pixels = width * height;
  const fine = createPicture(width, height);
  const pyramid = createPyramid(picture);
  for (let plane = 0; plane < 3; plane++) {
    const bands = pyramid.split(data.subarray(plane * pixels, (plane + 1) * pixels));
    // What is left and its mean are no octaves, however few of those a small picture has.
    const gains = bands.map((_, band) => (band < Math.min(octaves, bands.length - 2) ? 1 : 0));
    fine.data.set(pyramid.join(gains), plane * pixels);
  }
  return fine;
};

/**
 * How alike a photo's fine detail is from place to place: 1 where every block of 16 x 16 px has as much of it, 1 / n
 * where one of n has it all, 0 of a photo without detail. Grass and gravel have 0.9 and more, things and faces 0.2 to
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
 * How much detail a frame gets from elsewhere, in radians: 0 is none, half a pi nothing but that. It is renewed as fast
 * as the zoom carries it out: what is added frame by frame adds up by its squares.
 * @param angle for a photo that is alike everywhere, at a zoom of 1.03
 */
export const sowingAngle = (
  angle: number,
  { stationarity, zoom }: { readonly stationarity: number; readonly zoom: number },
): number => {
  const alike = Math.max(0, (stationarity - leastStationarity) / (1 - leastStationarity));
  return Math.min(mostAngle, angle * alike * Math.sqrt(Math.log(zoom) / Math.log(usualZoom)));
};

/** A place far from every place: a quarter to three quarters of a side away. */
const drawDistance = (side: number, random: Random): number =>
  Math.round(side * (0.25 + random.uniform() / 2)) * (random.uniform() < 0.5 ? -1 : 1);

/**
 * Turns a picture's fine detail by `angle` towards that of another place of it, drawn anew each time, so that its
 * contrast stays. In place; clamped to 0..1.
 */
export const sow = (
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
