/** What the rules of a contest ask of every film. */
import { type ErrorData, GramzoomError } from '../errors.ts';
import { defaultKind, kindNames, kinds, type RenderOptions } from '../kinds.ts';
import type { ContestRules } from './rules.ts';

const fixedNames = ['size', 'frames', 'network'] as const satisfies readonly (keyof ContestRules['fixed'])[];

/** A still is one frame. */
const optionOf = (request: RenderOptions, field: (typeof fixedNames)[number]): string | number =>
  field === 'frames' ? ('frames' in request ? request.frames : 1) : request[field];

/**
 * Options as a person gave them, with those that the rules of a contest ask for where they named none.
 * @param options raw values by field; whatever cannot be read stays as it is
 */
export const withFixed = ({ fixed }: Pick<ContestRules, 'fixed'>, options: unknown): unknown => {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options;
  const { kind: asked = defaultKind, ...given } = options as Readonly<Record<string, unknown>>;
  const kind = kindNames.find((name) => name === asked);
  if (kind === undefined) return options;
  const isOpen = (field: (typeof fixedNames)[number]): boolean =>
    kinds[kind].fields.some(({ name }) => name === field) &&
    given[field] === undefined &&
    // A length says how many frames there are, too.
    (field !== 'frames' || given['duration'] === undefined);
  const added = fixedNames.filter((field) => fixed[field] !== null && isOpen(field));
  return { ...options, ...Object.fromEntries(added.map((field) => [field, fixed[field]])) };
};

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
