import type { Picture } from '../../domain/picture.ts';
import { clampPicture, type Kernel, type Place, resample, resamplerFor } from '../synthesis/resample.ts';
import type { PictureState } from '../synthesis/synthesis.ts';

/** Enlarges by `zoom` about a point, the centre unless told, and crops to the same size. */
export const enlarge = (
  picture: Picture,
  zoom: number,
  options: { readonly kernel: Kernel; readonly about?: Place },
): Picture =>
  resample(picture, { width: picture.width, height: picture.height, scale: 1 / zoom, ...options });

/**
 * The zoom of one frame: the picture is enlarged (band-limited, then clamped) together with the optimiser's momentum,
 * so that it continues where it was.
 */
export const warp = (
  { picture, descent }: PictureState,
  zoom: number,
  { about }: { readonly about: Place },
): PictureState => {
  const { width, height } = picture;
  const enlarged = resamplerFor(picture, { width, height, kernel: 'band-limited', scale: 1 / zoom, about });
  const momentum = enlarged({ ...picture, data: descent.momentum }).data;
  return { picture: clampPicture(enlarged(picture)), descent: { ...descent, momentum } };
};
