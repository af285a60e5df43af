/** Where the major brand of an ISO base media file stands. */
const majorBrandAt = 8;
const avif = [0x61, 0x76, 0x69, 0x66];

/**
 * An AVIF under the one name that the decoder goes by. An animation, or a picture that calls itself by another
 * of its brands, holds the same still picture.
 */
export const nameAvif = (bytes: Uint8Array): Uint8Array => {
  if (avif.every((byte, index) => bytes[majorBrandAt + index] === byte)) return bytes;
  const renamed = new Uint8Array(bytes);
  renamed.set(avif, majorBrandAt);
  return renamed;
};
