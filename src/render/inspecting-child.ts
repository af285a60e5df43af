/** The process that opens strangers' photos: started by PhotoInspector, never by hand. */
import { decodePhoto } from '../image/decode.ts';
import { encodePhotoPreview } from '../image/preview.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { RunInspection } from './protocol.ts';
import { serveJobs } from './serve-jobs.ts';

/** A photo is opened this far to know that it can be rendered, in pixels. */
const inspectedArea = 64 * 64;

const inspect: RunInspection = async function* ({ photo, maxBytes, preview: within }, { signal }) {
  const maxArea = within ? within.width * within.height : inspectedArea;
  // Without the signal: a decoder cannot be stopped, so that a parent which has no patience ends this process.
  const image = await decodePhoto(photo, { maxArea, limits: { maxBytes } });
  signal.throwIfAborted();
  yield { kind: 'inspected', preview: within && (await encodePhotoPreview(image, within)) };
};

serveJobs({ inspect }, systemClock);
