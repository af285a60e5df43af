/** What the bench and the process that makes its films say to each other. */
import { z } from 'zod';
import type { PrecisionChoice } from '../src/domain/engines.ts';
import type { ZoomReport, ZoomRequest } from '../src/domain/kinds/zoom.ts';
import type { ZoomTuning } from '../src/engine/zoom/plan.ts';

export type FilmOrder = {
  readonly request: ZoomRequest;
  /** `ours`, or gramzoom's own method, which has no tuning. */
  readonly method: { readonly kind: 'ours'; readonly tuning: ZoomTuning } | { readonly kind: 'gramzoom' };
  /** As `comparisonNetwork` takes it. */
  readonly network: string;
  readonly networksFolder: string;
  readonly threads: number;
  /** Of our own films; the other method's loss has no bytes. */
  readonly precision: PrecisionChoice;
  /** PNG. */
  readonly photo: Uint8Array;
};

/** The order comes from our own bench of the same version: taken at its word. */
export const filmOrderSchema = z.custom<FilmOrder>((value) => typeof value === 'object' && value !== null);

export type FilmAnswer = {
  /** GIF. */
  readonly file: Uint8Array;
  readonly report: ZoomReport;
  /** Gradient evaluations: before frame 0, and from it on. */
  readonly evaluations: { readonly start: number; readonly frames: number };
};

export const filmAnswerSchema: z.ZodType<FilmAnswer> = z.object({
  file: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  report: z.custom<ZoomReport>((value) => typeof value === 'object' && value !== null),
  evaluations: z.object({ start: z.int(), frames: z.int() }),
});
