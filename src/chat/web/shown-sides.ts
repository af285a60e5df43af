import type { Size } from '../../domain/picture.ts';

/** The box in which a photo is shown, in the page's pixels. */
export const photoBox: Size = { width: 352, height: 176 };

/** The box in which films and pictures of progress are shown. */
const filmBox: Size = { width: 320, height: 320 };

const scaled = ({ width, height }: Size, scale: number): Size => ({
  width: Math.max(1, Math.round(width * scale)),
  height: Math.max(1, Math.round(height * scale)),
});

const fitting = (sides: Size, box: Size): number =>
  Math.min(box.width / sides.width, box.height / sides.height);

/** The sides at which a photo is shown: within its box, and never larger than it is. */
export const photoSides = (sides: Size): Size => scaled(sides, Math.min(1, fitting(sides, photoBox)));

/** The sides at which a film is shown: it fills its box, small ones too. */
export const filmSides = (sides: Size): Size => scaled(sides, fitting(sides, filmBox));
