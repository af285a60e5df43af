import type { RgbImage } from '../../src/domain/picture.ts';

/**
 * A film that zooms into one endless picture, a log-polar pattern: its last frame leads exactly into its
 * first. `in` only; frame k is the pattern at phase k / frames.
 */
export const zoomFilm = (side: number, frames: number, zoom: number): RgbImage[] => {
  // The pattern repeats each time the picture has grown by zoom^frames.
  const period = frames * Math.log(zoom);
  const frame = (k: number): RgbImage => {
    const data = new Uint8Array(3 * side * side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [dx, dy] = [x + 0.5 - side / 2, y + 0.5 - side / 2];
        const turns = (2 * Math.PI * (Math.log(Math.hypot(dx, dy)) - k * Math.log(zoom))) / period;
        const angle = Math.atan2(dy, dx);
        const at = 3 * (y * side + x);
        data[at] = 128 + 100 * Math.sin(turns) * Math.cos(2 * angle);
        data[at + 1] = 120 + 60 * Math.sin(turns + 3 * angle);
        data[at + 2] = 100 + 50 * Math.cos(turns - angle);
      }
    }
    return { width: side, height: side, data };
  };
  return Array.from({ length: frames }, (_, k) => frame(k));
};
