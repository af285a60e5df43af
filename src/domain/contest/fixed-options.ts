/** What the rules of a contest ask of every film. */
import { type ErrorData, GramzoomError } from '../errors.ts';
import type { RenderOptions } from '../kinds.ts';
import type { ContestRules } from './rules.ts';

const fixedNames = ['size', 'frames', 'network'] as const satisfies readonly (keyof ContestRules['fixed'])[];

/** A still is one frame. */
const optionOf = (request: RenderOptions, field: (typeof fixedNames)[number]): string | number =>
  field === 'frames' ? ('frames' in request ? request.frames : 1) : request[field];

/** What a request has otherwise than the rules of a contest ask; null: nothing. */
export const fixedProblem = (
  { fixed }: Pick<ContestRules, 'fixed'>,
  request: RenderOptions,
): ErrorData['contest-fixed'] | null => {
  for (const field of fixedNames) {
    const needs = fixed[field];
    const received = optionOf(request, field);
    if (needs !== null && needs !== received) {
      return { field, needs: String(needs), received: String(received) };
    }
  }
  return null;
};

/** @throws GramzoomError `contest-fixed` naming the first option that differs */
export const requireFixed = (rules: Pick<ContestRules, 'fixed'>, request: RenderOptions): void => {
  const problem = fixedProblem(rules, request);
  if (problem) throw new GramzoomError('contest-fixed', problem);
};
