import type { Contests } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { contestById, latestContest } from './contest-of.ts';
import { admitEntry } from './entries.ts';
import { exportContest, resultsOf } from './export.ts';
import { hallOf } from './hall.ts';
import { cancelContest, closeContest, extendContest } from './manage.ts';
import { requireStart, startContest } from './start.ts';
import { enterRender, review, takeStep } from './take.ts';
import { ballotView, contestView, statusView } from './views.ts';

/** So many contests of a server are listed. */
const listed = 50;

/** The use cases of contests. */
export const createContests = (coordinator: Coordinator): Contests => ({
  start: async (options, by) =>
    statusView(coordinator, await startContest(coordinator, options, by), { by, what: 'started' }),
  requireStart: (by) => requireStart(coordinator, by),
  status: async (by) => statusView(coordinator, await latestContest(coordinator, by), { by }),
  entries: (by) => review(coordinator, by),
  extend: async (options, by) =>
    statusView(coordinator, await extendContest(coordinator, options, by), { by, what: 'extended' }),
  close: async (by) => statusView(coordinator, await closeContest(coordinator, by), { by, what: 'closed' }),
  cancel: async (by) =>
    statusView(coordinator, await cancelContest(coordinator, by), { by, what: 'cancelled' }),
  hall: (by) => hallOf(coordinator, by),
  export: (by) => exportContest(coordinator, by),
  admit: (options, by) => admitEntry(coordinator, options, by),
  enter: (render, by) => enterRender(coordinator, render, by),
  take: (step, by) => takeStep(coordinator, step, by),
  inServer: ({ actor: { platform, server } }) =>
    coordinator.deps.store.contests.ofServer(platform, server, { limit: listed }),
  view: async (id, by) => contestView(coordinator, await contestById(coordinator, id, by), by),
  ballot: async (id, by) =>
    ballotView(coordinator, await contestById(coordinator, id, by), {
      ...{ page: 0, perPage: Number.MAX_SAFE_INTEGER, by },
    }),
  results: async (id, by) => resultsOf(coordinator, await contestById(coordinator, id, by)),
});
