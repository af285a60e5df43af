import type { Place } from '../synthesis/resample.ts';

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
