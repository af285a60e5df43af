import type { Size } from '../domain/picture.ts';

/**
 * A photo to look at: upright, in sRGB, as a WebP file that holds nothing but pixels (no place, no camera, no name
 * of whoever took it).
 */
export type PhotoPreview = Size & { readonly file: Uint8Array };

/**
 * Opens a photo and makes a picture of it that fits in a box, never larger than the photo.
 * @param photo the bytes of an image file, as the person sent them
 * @param options.within the box, in pixels
 * @throws GramzoomError the `photo-` codes; `render-crashed`, `cancelled`
 */
export type PreviewPhoto = (
  photo: Uint8Array,
  options: { readonly within: Size; readonly signal: AbortSignal },
) => Promise<PhotoPreview>;
