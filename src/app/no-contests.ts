import { GramzoomError } from '../domain/errors.ts';
import type { Contests } from './contests.ts';

const none = async (): Promise<never> => {
  throw new GramzoomError('contest-none', {});
};

/** Where there are no contests. */
export const noContests: Contests = {
  start: none,
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
  results: none,
};
