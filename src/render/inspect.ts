import type { decodePhoto } from '../image/decode.ts';
import type { encodePhotoPreview } from '../image/preview.ts';
import type { Inspected, InspectJob } from './protocol.ts';

/** A photo is opened this far to know that it can be rendered, in pixels. */
const inspectedArea = 64 * 64;

/** Opens a photo; what the child does, wherever it runs. */
export type RunInspection = (
  job: InspectJob,
  options: { readonly signal: AbortSignal },
) => AsyncGenerator<Inspected, void, undefined>;

export const createRunInspection = (parts: {
  readonly decodePhoto: typeof decodePhoto;
  readonly encodePhotoPreview: typeof encodePhotoPreview;
}): RunInspection =>
  async function* ({ photo, maxBytes, preview: within }, { signal }) {
    const maxArea = within ? within.width * within.height : inspectedArea;
    // Without the signal: a decoder cannot be stopped, so that a parent which has no patience ends this process.
    const image = await parts.decodePhoto(photo, { maxArea, limits: { maxBytes } });
    signal.throwIfAborted();
    const preview = within && (await parts.encodePhotoPreview(image, within));
    yield { kind: 'inspected', preview };
  };
