/** The winners' reel: one film that zooms from the third place through the second into the first, and on. */
import type { BlobId, JobId } from '../job.ts';
import { mostPhotos, type ZoomRequest, zoom } from '../kinds/zoom.ts';

/** So that each of three winners is seen for one and a half to two seconds. */
const reelFrames = 96;

/** A photo of a winner: its blob, and the first render of it (see `PhotoSource`). */
export type ReelPhoto = { readonly photo: BlobId; readonly root: JobId };

/** What the row of the reel's render has. */
export type Reel = {
  /** The photo that it begins with: `Job.photo`. */
  readonly photo: BlobId;
  readonly request: ZoomRequest;
};

/**
 * @param photos one to three, the last place first: with two it zooms from the second into the first
 * @param options.maxBytes what can be attached where it is shown; null: no limit
 * @throws RangeError where there are none, or too many
 */
export const reelOf = (
  photos: readonly ReelPhoto[],
  options: { readonly network: string; readonly seed: number; readonly maxBytes: number | null },
): Reel => {
  const [first, ...through] = photos;
  if (!first || photos.length > mostPhotos) throw new RangeError(`a reel of ${photos.length} photos`);
  const { network, seed, maxBytes } = options;
  const wanted = zoom.parse({ frames: reelFrames, network, ...(maxBytes !== null && { maxBytes }) });
  return { photo: first.photo, request: { ...wanted, seed, ...(through.length > 0 && { through }) } };
};
