/**
 * What a picture is optimised for: a weighted sum of terms, each in a file of its own. A new term is a file with its
 * formula and a line in `terms`.
 *
 * Terms that compare features do so at several octaves: the picture at 1, 1/2, 1/4 ..., each the 2x2 mean of the one
 * before, blurred by `octaveBlur`. Terms that look at pixels see octave 0 alone.
 */

import type { Size } from '../../domain/picture.ts';
import type { Network, Padding, Tensor } from '../spec.ts';
import { type ColourTarget, colourTerm } from './colour.ts';
import { type GramTargets, gramTerm } from './gram.ts';
import { smoothnessTerm } from './smoothness.ts';
import type { Term } from './term.ts';

/** What a picture is compared with: what the terms measured of the photo. */
export type Target = GramTargets &
  ColourTarget & {
    /**
     * The largest activation behind each ReLU and pooling in each octave of the photo, `[octave][link]`: what the 8-bit
     * scales of activations are made of. Empty where nothing is scaled.
     */
    readonly activationPeaks: readonly (readonly number[])[];
  };

export const termNames = ['gram', 'colour', 'smoothness'] as const;
export type TermName = (typeof termNames)[number];

export const terms: Readonly<Record<TermName, Term<Target>>> = {
  gram: gramTerm,
  colour: colourTerm,
  smoothness: smoothnessTerm,
};

/** Plain data. */
export type Objective = {
  readonly padding: Padding;
  /** At how many octaves features are compared, where the picture's size allows (see `octavesFor`). */
  readonly octaves: number;
  /** A term that is left out, or weighs 0, is not computed. */
  readonly weights: Readonly<Partial<Record<TermName, number>>>;
};

/** The style of a photo; the reasons are in docs/decisions/0005-octaves-borders-and-offsets.md. */
export const styleObjective: Objective = { padding: 'reflect', octaves: 3, weights: { gram: 1, colour: 1 } };

/** The terms that count, with their weights, in the order of `termNames`. */
export const weightedTerms = ({
  weights,
}: Objective): readonly { readonly name: TermName; readonly weight: number }[] =>
  termNames.map((name) => ({ name, weight: weights[name] ?? 0 })).filter(({ weight }) => weight > 0);

/** Whether anything looks at the network's features. */
export const looksAtFeatures = (objective: Objective): boolean =>
  weightedTerms(objective).some(({ name }) => terms[name].kind === 'features');

/** The odd multipliers of two independent lanes. */
const primes = [0x01000193, 0x85ebca6b] as const;
const offset = 0x811c9dc5;

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/**
 * 64 bits that differ where any weight differs by a bit, but for chance: FNV-1a (Fowler, Noll and Vo, 1991) over
 * whole 32-bit words instead of bytes, for speed, in two lanes, each with a final mix. Against accidents, not
 * against malice: files are checked where they are opened.
 */
export const weightsFingerprint = (tensors: ReadonlyMap<string, Tensor>): string => {
  let [first, second] = [offset, offset];
  for (const { data } of tensors.values()) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      first = Math.imul(first ^ word, primes[0]);
      // High bits would else never reach low ones.
      first ^= first >>> 15;
      second = Math.imul(second ^ word, primes[1]);
      second ^= second >>> 13;
    }
  }
  return hex(first) + hex(second);
};

/** Network, weights and objective as text: see `Backend.settings`. */
export const settingsOf = ({ spec, tensors }: Network, { padding, octaves, weights }: Objective): string =>
  JSON.stringify({ spec, weights: weightsFingerprint(tensors), objective: { padding, octaves, weights } });

/**
 * The blur along both axes before an octave is halved, the border repeated; with the 2x2 mean it is 1 3 3 1. Without
 * it fine detail passes for coarse in the smaller octaves, and pictures grow a weave of horizontals and verticals.
 */
export const octaveBlur = [0.25, 0.5, 0.25] as const;

/** The smallest side at which an octave still says something. */
export const minOctaveSide = 32;

/**
 * The octaves used at a size: at most `octaves`, none whose side would be no whole number or smaller than
 * `minOctaveSide`, at least one.
 */
export const octavesFor = ({ width, height }: Size, octaves: number): number => {
  const fits = (side: number, count: number): boolean =>
    side % 2 ** count === 0 && side / 2 ** count >= minOctaveSide;
  let count = 1;
  while (count < octaves && fits(width, count) && fits(height, count)) count++;
  return count;
};

/** See `Backend.photoMultiple`. */
export const photoMultipleFor = (octaves: number, { poolings }: { poolings: number }): number =>
  // V8 keeps a power as a floating-point number, then every side that is a multiple of it and every index into such a
  // picture: a warp takes three times as long.
  1 << Math.max(octaves - 1, poolings);
