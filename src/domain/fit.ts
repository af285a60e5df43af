import { z } from 'zod';

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
