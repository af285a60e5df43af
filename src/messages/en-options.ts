import type { Depth } from '../domain/depth.ts';
import { type Quality, qualities, stepsOf } from '../domain/request.ts';
import { depthLines } from './en-depths.ts';
import { listed } from './en-list.ts';

/** What happens without an option that has no default of its own. */
export const otherwise: Readonly<Record<string, string>> = {
  duration: 'frames / fps',
  steps: `${listed(qualities.map((quality) => String(stepsOf[quality])))} by quality`,
  seed: 'drawn anew each time',
  maxBytes: 'no limit',
};

/** What a person gets for the time of each quality. */
export const qualitySentences: Readonly<Record<Quality, string>> = {
  draft: 'a rougher film in half the time',
  standard: 'the right one for most films',
  fine: 'closer to the photo, in nearly twice the time',
};

/** One line for each choice of an option whose choices need words; none for the others. */
export const choiceLines = (
  option: string,
  networks: readonly { readonly name: string; readonly depths: readonly Depth[] }[],
): readonly string[] => {
  if (option === 'depth') return depthLines(networks);
  if (option === 'quality') return qualities.map((quality) => `${quality}: ${qualitySentences[quality]}`);
  return [];
};
