/** The process that opens strangers' photos: started by PhotoInspector, never by hand. It only puts parts together. */
import { decodePhoto } from '../image/decode.ts';
import { encodePhotoPreview } from '../image/preview.ts';
import { systemClock } from '../ops/system-clock.ts';
import { createRunInspection } from './inspect.ts';
import { serveJobs } from './serve-jobs.ts';

serveJobs({ inspect: createRunInspection({ decodePhoto, encodePhotoPreview }) }, systemClock);
