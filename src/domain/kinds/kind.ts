import type { z } from 'zod';
import type { ProgressUnit } from '../progress.ts';
import type { FieldRule, OutputFormat } from '../request.ts';

/** What a render writes to the disk, in bytes, rather too much than too little. */
export type StorageNeed = {
  /** Until the render is over. */
  readonly checkpoint: number;
  /** From then on. */
  readonly result: number;
};

/** A state has the picture and two moments of it as 32-bit numbers; two states take turns. */
export const stateBytesPerPixel = 2 * 2 * 3 * 4;

/**
 * Side of the coarsest level, in pixels. What grows at 64 px grows along rows and columns of its pixels, and is four
 * times as large in the end: leaves with square corners. At 96 px things are as large as the photo.
 */
const coarsestSide = 120;

/** A third of an octave: what a level adds is little enough to grow out of what is there, as in a frame of a film. */
export const levelsPerOctave = 3;

/** How many levels lead from noise to a picture of that side. */
export const pyramidLevels = (side: number): number =>
  1 + Math.max(0, Math.floor(levelsPerOctave * Math.log2(side / coarsestSide)));

/** What a kind of render is to everybody but the renderer: `src/render/kinds.ts` says how it is made. */
export interface Kind<Request = unknown, Options = unknown> {
  /** What people type in a chat, and on the command line. */
  readonly command: string;
  readonly shellCommand: string;
  /** What a person can ask for: defaults, limits, units and help. All else is derived from it. */
  readonly schema: z.ZodObject;
  /** The schema's fields as plain data. */
  readonly fields: readonly FieldRule[];
  readonly formats: readonly OutputFormat[];
  /** A request that says everything, as it is stored and handed to the renderer: the seed has been drawn. */
  readonly requestSchema: z.ZodObject;
  readonly reportSchema: z.ZodObject;
  /** What its progress is counted in. */
  readonly unit: ProgressUnit;
  /** Whether what it makes moves: a still goes with it then, for those who want nothing to move. */
  readonly moves: boolean;
  /** The sizes that `larger` goes through. */
  readonly sizes: readonly number[];
  /** What is given up first where a request is too much work, and down to where. */
  readonly concessions: readonly (readonly [field: string, least: number])[];
  /**
   * Checks raw options and fills in the defaults.
   * @throws GramzoomError `request-field`, `request-fields`
   */
  parse(input: unknown): Options;
  /** How many units of progress it has. */
  units(request: Omit<Request, 'seed'>): number;
  storageNeed(request: Omit<Request, 'seed'>): StorageNeed;
}
