import type { Picture, Size } from '../../domain/picture.ts';
import type { AdamState } from '../optimise/adam.ts';
import { type Kernel, resample, resamplerFor } from './resample.ts';

/** Clamps the picture itself to 0..1 and, should a value not be a number, to mid grey. */
export const clampPicture = (picture: Picture): Picture => {
  const { data } = picture;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    data[i] = value >= 0 ? (value > 1 ? 1 : value) : value < 0 ? 0 : 0.5;
  }
  return picture;
};

/** Enlarges about the centre by `zoom` and crops to the same size. */
export const enlarge = (picture: Picture, zoom: number, { kernel }: { kernel: Kernel }): Picture =>
  resample(picture, { width: picture.width, height: picture.height, kernel, scale: 1 / zoom });

export type Film = { readonly picture: Picture; readonly adam: AdamState };

const withData = (picture: Picture, data: Float32Array): Picture => ({ ...picture, data });

/**
 * The zoom of one frame: the picture is enlarged (band-limited, then clamped) together with the optimiser's
 * moments, so that it goes on where it was. Second moments are enlarged bilinearly, which never makes them
 * negative; the step count is kept.
 */
export const warp = ({ picture, adam }: Film, zoom: number): Film => {
  const { width, height } = picture;
  const resampler = (kernel: Kernel) => resamplerFor(picture, { width, height, kernel, scale: 1 / zoom });
  const bandLimited = resampler('band-limited');
  return {
    picture: clampPicture(bandLimited(picture)),
    adam: {
      first: bandLimited(withData(picture, adam.first)).data,
      second: resampler('bilinear')(withData(picture, adam.second)).data,
      step: adam.step,
    },
  };
};

/**
 * The next level of the pyramid: the picture and the moments at another size. Losses are means over pixels,
 * so that a gradient shrinks by the square of the scale.
 */
export const rescale = ({ picture, adam }: Film, { width, height }: Size): Film => {
  const factor = (picture.width * picture.height) / (width * height);
  const moment = (data: Float32Array, power: number) => {
    const moments = resample(withData(picture, data), { width, height, kernel: 'bilinear' }).data;
    const scale = factor ** power;
    for (let i = 0; i < moments.length; i++) moments[i] = moments[i]! * scale;
    return moments;
  };
  return {
    picture: clampPicture(resample(picture, { width, height, kernel: 'bicubic' })),
    adam: { first: moment(adam.first, 1), second: moment(adam.second, 2), step: adam.step },
  };
};
