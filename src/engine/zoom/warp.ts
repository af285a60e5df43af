import type { Picture, Size } from '../../domain/picture.ts';
import { type Descent, noSecondMoments } from '../synthesis/descent.ts';
import { type Kernel, type Place, resample, resamplerFor } from '../synthesis/resample.ts';

/** Clamps the picture itself to 0..1 and, should a value not be a number, to mid grey. */
export const clampPicture = (picture: Picture): Picture => {
  const { data } = picture;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    data[i] = value >= 0 ? (value > 1 ? 1 : value) : value < 0 ? 0 : 0.5;
  }
  return picture;
};

/** Enlarges by `zoom` about a point, the centre unless told, and crops to the same size. */
export const enlarge = (
  picture: Picture,
  zoom: number,
  options: { readonly kernel: Kernel; readonly about?: Place },
): Picture =>
  resample(picture, { width: picture.width, height: picture.height, scale: 1 / zoom, ...options });

export type Film = { readonly picture: Picture; readonly descent: Descent };

const withData = (picture: Picture, data: Float32Array): Picture => ({ ...picture, data });

/**
 * The zoom of one frame: the picture is enlarged (band-limited, then clamped) together with the optimiser's momentum,
 * so that it goes on where it was.
 */
export const warp = (
  { picture, descent }: Film,
  zoom: number,
  { about }: { readonly about: Place },
): Film => {
  const { width, height } = picture;
  const enlarged = resamplerFor(picture, { width, height, kernel: 'band-limited', scale: 1 / zoom, about });
  const momentum = enlarged(withData(picture, descent.momentum)).data;
  return { picture: clampPicture(enlarged(picture)), descent: { ...descent, momentum } };
};

/**
 * The next level of the pyramid: the picture and its momentum at another size. SecondMoments are measured anew, since
 * every octave becomes another band.
 */
export const rescale = ({ picture, descent }: Film, { width, height }: Size): Film => {
  const resized = (data: Float32Array, kernel: Kernel): Picture =>
    resample(withData(picture, data), { width, height, kernel });
  const momentum = resized(descent.momentum, 'bilinear').data;
  return {
    picture: clampPicture(resized(picture.data, 'bicubic')),
    descent: { ...descent, momentum, secondMoments: noSecondMoments },
  };
};
