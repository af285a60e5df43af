import type { ContestView } from '../../../domain/contest/view.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { Contests } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { contestById } from './contest-of.ts';
import { exportContest, resultsOf } from './export.ts';
import { hallOf } from './hall.ts';

/** So many contests of a server are listed. */
const listed = 50;

const notYet = async (): Promise<never> => {
  throw new GramzoomError('not-found', {});
};

/** The use cases of contests. */
export const createContests = (coordinator: Coordinator): Contests => ({
  start: notYet,
  status: notYet,
  entries: notYet,
  extend: notYet,
  close: notYet,
  cancel: notYet,
  hall: (by) => hallOf(coordinator, by),
  export: (by) => exportContest(coordinator, by),
  admit: notYet,
  enter: notYet,
  take: notYet,
  inServer: ({ actor: { platform, server } }) =>
    coordinator.deps.store.contests.ofServer(platform, server, { limit: listed }),
  view: (_id, _by): Promise<ContestView> => notYet(),
  results: async (id, by) => resultsOf(coordinator, await contestById(coordinator, id, by)),
});
