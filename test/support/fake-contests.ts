import type { Contests } from '../../src/app/contests.ts';
import { GramzoomError } from '../../src/domain/errors.ts';

const none = async (): Promise<never> => {
  throw new GramzoomError('contest-none', {});
};

/** No contest anywhere. */
export const fakeContests: Contests = {
  start: none,
  requireStart: async () => {},
  status: none,
  entries: none,
  extend: none,
  close: none,
  cancel: none,
  hall: async () => ({ kind: 'hall', contests: [] }),
  export: none,
  admit: none,
  enter: none,
  take: none,
  inServer: async () => [],
  view: none,
  ballot: none,
  results: none,
};
