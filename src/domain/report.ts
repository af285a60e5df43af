import { z } from 'zod';
import { fitSchema } from './fit.ts';
import { outputFormats, sharedFields } from './request.ts';

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
  threads: z.int().positive(),
  /** Unweighted mean over taps on the last picture before encoding. */
  styleLoss: z.number(),
  bytes: z.int().nonnegative(),
  /** Peak resident memory of the process that rendered. */
  peakRssBytes: z.int().nonnegative(),
  /** Null where the file was within its budget, or had none. */
  fit: fitSchema.nullable(),
} as const;
