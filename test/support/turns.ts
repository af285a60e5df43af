/** The turn of two pictures, one question at a time. */
import type { Picture } from '../../src/domain/picture.ts';
import { turnBetween } from '../../src/engine/zoom/blend.ts';

export const angleBetween = (a: Picture, b: Picture): number => turnBetween(a, b).angle;

export const turned = (picture: Picture, goal: Picture, share: number): Picture =>
  turnBetween(picture, goal).at(share);
