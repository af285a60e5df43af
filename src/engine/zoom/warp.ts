import type { Picture } from '../../domain/picture.ts';
import { clampPicture, type Kernel, type Place, resample, resamplerFor } from '../synthesis/resample.ts';
import type { PictureState } from '../synthesis/synthesis.ts';

/**
 * Fixed in pixels, whatever the film's size: the artefact affects pixels that barely move, at a zoom of 1.03 those
 * up to about eight pixels from the axes through the zoom centre.
 */
const orbitRadius = 16;
const framesPerOrbit = 24;

/**
 * The point that frame `index` is enlarged about, in pixels from the middle. The zoom centre moves on a small orbit: a
 * fixed centre accumulates line artefacts, since detail that appears there never leaves. The film makes at least one
 * whole orbit, so that frames before frame 0 have the centres of the film's last frames.
 */
export const zoomCentreAt = (index: number, frames: number): Place => {
  const orbits = Math.max(1, Math.round(frames / framesPerOrbit));
  const angle = (2 * Math.PI * orbits * index) / frames;
  return { x: orbitRadius * Math.cos(angle), y: orbitRadius * Math.sin(angle) };
};

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
  { picture, descent, ranges }: PictureState,
  zoom: number,
  { about }: { readonly about: Place },
): PictureState => {
  const { width, height } = picture;
  const enlarged = resamplerFor(picture, { width, height, kernel: 'band-limited', scale: 1 / zoom, about });
  const momentum = enlarged({ ...picture, data: descent.momentum }).data;
  return { picture: clampPicture(enlarged(picture)), descent: { ...descent, momentum }, ranges };
};
