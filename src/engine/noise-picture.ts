import { createPicture, type Picture } from '../domain/picture.ts';
import { createRandom } from '../domain/random.ts';

/** The side at which eps of the style loss is measured, whatever the film's size. */
export const noiseSide = 64;

/**
 * A fixed picture of uniform noise, `side` x `side`: what a network answers to nothing in particular. Every
 * backend measures eps of the style loss on it, at `noiseSide`.
 */
export const noisePicture = (side: number): Picture => {
  const random = createRandom(1);
  const picture = createPicture(side, side);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = random.uniform();
  return picture;
};
