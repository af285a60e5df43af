import type { Contest } from '../../../domain/contest/contest.ts';
import { fixedProblem } from '../../../domain/contest/fixed-options.ts';
import type { Job, JobId } from '../../../domain/job.ts';
import type { Coordinator } from '../coordinator.ts';
import { postOutcome } from '../finish.ts';
import { isNoted, note } from './ledger.ts';

/** So many of a server's newest films get a button, and lose it again. */
const mostFilms = 20;
/** So many newest films of all servers are looked through for them. */
const mostLookedAt = 400;

/** Whether a film can be entered into a contest of its server now, as far as can be told of the film alone. */
export const offersEntering = async (
  { deps }: Pick<Coordinator, 'deps'>,
  { origin: { platform, server }, request }: Job,
): Promise<boolean> => {
  const contest = await deps.store.contests.openIn(platform, server);
  return contest?.phase === 'entering' && fixedProblem(contest.rules, request) === null;
};

const newestFilms = async ({ deps }: Coordinator, { origin }: Contest): Promise<readonly JobId[]> => {
  const { jobs, outbox } = deps.store;
  const { platform, server } = origin;
  const films: JobId[] = [];
  const messages = await outbox.latest(platform, { kind: 'render', role: 'final', limit: mostLookedAt });
  for (const message of messages) {
    const id = (await outbox.of(message))?.subject.id as JobId | undefined;
    const job = id && (await jobs.get(id));
    if (job?.state === 'done' && job.origin.server === server && !films.includes(job.id)) films.push(job.id);
    if (films.length === mostFilms) break;
  }
  return films;
};

const update = async (coordinator: Coordinator, contest: Contest): Promise<void> => {
  for (const id of await newestFilms(coordinator, contest)) postOutcome(coordinator, id);
};

const [shown, hidden] = ['films-offered', 'films-over'];

/** Films that are there get the button when entering begins, and lose it when that is over. */
export const showEnterButtons = async (coordinator: Coordinator, contest: Contest): Promise<void> => {
  const { phase } = contest;
  if (phase === 'draft') return;
  const what = phase === 'entering' ? shown : hidden;
  if (await isNoted(coordinator, contest, what)) return;
  if (what === hidden && !(await isNoted(coordinator, contest, shown))) return;
  await update(coordinator, contest);
  await note(coordinator, contest, what);
};
