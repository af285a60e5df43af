import type { Place } from './resample.ts';

/**
 * In pixels whatever the film's size, since what it is against are pixels whose picture hardly moves: at 1.03 those up
 * to some eight from the axes through the point that a film enlarges about.
 */
const radius = 16;

/** One round takes about so many frames. */
const framesPerRound = 24;

/**
 * The point that frame `index` is enlarged about. It goes around the centre once or more while the film runs once, so
 * that no pixel is the one that stays where it is for long: detail that is born there would stay too, and grow into a
 * line. The picture itself drifts by half a pixel a frame. Frames before frame 0 have the points of the film's
 * last.
 */
export const wander = (index: number, frames: number): Place => {
  const rounds = Math.max(1, Math.round(frames / framesPerRound));
  const angle = (2 * Math.PI * rounds * index) / frames;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
};
