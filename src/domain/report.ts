import { z } from 'zod';
import { precisions } from './engines.ts';
import { outputFormats, sharedFields } from './request.ts';

/** What `fit` gave up to keep a file within its byte budget: the settings of the file as written. */
export const fitSchema = z.object({
  /** Colours in the palette; null for a format without one. */
  colours: z.int().nullable(),
  /** The encoder's own setting: webp's quality (0 to 100), H.264's quantiser (more is smaller); null for gif and png. */
  quality: z.number().nullable(),
  /** Every m-th frame was kept. */
  everyFrame: z.int(),
  /** The longer side in pixels. */
  size: z.int(),
});
export type FitReport = Readonly<z.output<typeof fitSchema>>;

/** Facts about a finished render of any kind; everything describes the file as written. */
export const reportFields = {
  format: z.enum(outputFormats),
  width: z.int().positive(),
  height: z.int().positive(),
  seed: z.int().nonnegative(),
  network: z.string(),
  // Reports from before there were depths and qualities have none.
  depth: sharedFields.depth,
  quality: sharedFields.quality,
  engine: z.string(),
  engineVersion: z.string(),
  // Reports from before there was a choice have none.
  precision: z.enum(precisions).default('float'),
  threads: z.int().positive(),
  /** Unweighted mean over taps on the last picture before encoding. */
  styleLoss: z.number(),
  bytes: z.int().nonnegative(),
  /** Peak resident memory of the process that rendered. */
  peakRssBytes: z.int().nonnegative(),
  /** Null where the file was within its budget, or had none. */
  fit: fitSchema.nullable(),
} as const;
