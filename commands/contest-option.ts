import { entryFields, entrySchema } from '../src/domain/contest/rules.ts';
import { expectationOf, parseOptions } from '../src/domain/request.ts';

/** What was asked of a command that makes something: whether it is for the contest, and the render itself. */
export type ContestOrder<Options> = {
  readonly isEntered: boolean;
  readonly request: Omit<Options, 'contest'>;
};

/**
 * Takes `contest: on` out of raw options: what is made does not know of it.
 * @throws GramzoomError `request-field`
 */
export const readContestOption = <Options extends object>(options: Options): ContestOrder<Options> => {
  const { contest: given, ...request } = options as Options & { readonly contest?: unknown };
  const { contest } = parseOptions(entrySchema, given === undefined ? {} : { contest: given }, (field) =>
    expectationOf(entryFields, field),
  );
  return { isEntered: contest === 'on', request };
};
