/** The slerp between two pictures, one question at a time. */
import type { Picture } from '../../src/domain/picture.ts';
import { slerpBetween } from '../../src/engine/zoom/slerp.ts';

export const angleBetween = (a: Picture, b: Picture): number => slerpBetween(a, b).angle;

export const turned = (picture: Picture, goal: Picture, share: number): Picture =>
  slerpBetween(picture, goal).at(share);
