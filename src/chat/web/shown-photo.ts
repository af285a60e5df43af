import type { Size } from '../../domain/picture.ts';

/** The box in which a photo is shown, in the page's pixels; `.photo` in chat.css keeps to it. */
export const shownPhoto: Size = { width: 352, height: 176 };

/** The sides at which a picture is shown: within the box, and never larger than it is. */
export const shownSides = ({ width, height }: Size): Size => {
  const scale = Math.min(1, shownPhoto.width / width, shownPhoto.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};
