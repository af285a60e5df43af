import { cleanName } from '../../../domain/contest/clean-text.ts';
import {
  type Contest,
  type Entry,
  type EntryId,
  isCounted,
  isLive,
} from '../../../domain/contest/contest.ts';
import { fixedProblem, requireFixed, withFixed } from '../../../domain/contest/fixed-options.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import { isSamePerson, type Job, type JobId } from '../../../domain/job.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { knownRow, requestOf } from '../new-row.ts';
import { changeEntry, contestChanged } from './change-entry.ts';
import { openContest } from './contest-of.ts';
import { followRender, isFilmThere } from './entries-of-render.ts';
import { noteHost } from './owed-notices.ts';
import { phaseError, requireEligible, requirePhase } from './requirements.ts';

/**
 * A film that somebody may enter.
 * @throws GramzoomError `not-found`, `contest-film`
 */
const ownFilm = async (
  { deps }: Coordinator,
  contest: Contest,
  render: JobId,
  by: ContestActor,
): Promise<Job> => {
  const job = await deps.store.jobs.get(render);
  if (!job) throw new GramzoomError('not-found', {});
  if (!isSamePerson(job.origin, by.actor)) throw new GramzoomError('contest-film', { problem: 'not-yours' });
  if (job.origin.server !== contest.origin.server)
    throw new GramzoomError('contest-film', { problem: 'elsewhere' });
  if (!isFilmThere(job)) throw new GramzoomError('contest-film', { problem: 'not-here' });
  return job;
};

/** Whether the rules let a film in, whoever it is of: it is there, and has the options that all must have. */
export const isEnterable = ({ rules, reel }: Contest, job: Job): boolean =>
  isFilmThere(job) && job.id !== reel && fixedProblem(rules, job.request) === null;

const entriesOf = async (
  { deps }: Coordinator,
  contest: Contest,
  { actor }: ContestActor,
): Promise<readonly Entry[]> =>
  (await deps.store.contests.entries(contest.id)).filter(({ user }) => user === actor.user);

/**
 * The entry of theirs that another one takes the place of. Who may enter one film changes it by entering another one.
 */
const replacedBy = (contest: Contest, own: readonly Entry[]): Entry | null =>
  contest.rules.entriesPerPerson === 1 ? (own.find(isLive) ?? null) : null;

const tooMany = ({ rules }: Contest): GramzoomError =>
  new GramzoomError('contest-entries', { most: rules.entriesPerPerson });

/** How many more films somebody may enter. */
export const entriesLeft = ({ rules }: Pick<Contest, 'rules'>, own: readonly Entry[]): number =>
  Math.max(0, rules.entriesPerPerson - own.filter(isCounted).length);

/** See `Contests.admit`. What the rules ask of all films need not be named. */
export const admitEntry = async (
  coordinator: Coordinator,
  options: unknown,
  by: ContestActor & { readonly event?: string },
): Promise<void> => {
  // Otherwise the film that an event has led to would be in its own way.
  if (await knownRow(coordinator, by.actor.platform, by.event)) return;
  const contest = await openContest(coordinator, by);
  requirePhase(contest, 'entering');
  requireFixed(contest.rules, requestOf(coordinator.deps, withFixed(contest.rules, options)));
  await requireEligible(coordinator, contest, by);
  const own = await entriesOf(coordinator, contest, by);
  if (entriesLeft(contest, own) === 0 && !replacedBy(contest, own)) throw tooMany(contest);
};

const stateOf = ({ rules }: Contest, job: Job): 'rendering' | 'waiting' | 'in' =>
  job.state !== 'done' ? 'rendering' : rules.needsApproval ? 'waiting' : 'in';

const insertEntry = async (
  coordinator: Coordinator,
  contest: Contest,
  { job, by }: { readonly job: Job; readonly by: ContestActor },
): Promise<{ readonly entry: Entry; readonly isNew: boolean }> => {
  const { deps } = coordinator;
  const { user } = by.actor;
  const own = await entriesOf(coordinator, contest, by);
  const entered = await deps.store.contests.enter({
    id: deps.newId() as string as EntryId,
    contest: contest.id,
    user,
    userName: cleanName(by.person.name, { otherwise: user }),
    photoOwner: job.source.owner.user,
    render: job.id,
    state: stateOf(contest, job),
    mostPerPerson: contest.rules.entriesPerPerson,
    replaces: replacedBy(contest, own)?.id ?? null,
  });
  switch (entered.kind) {
    case 'entered':
    case 'known':
      return { entry: entered.entry, isNew: entered.kind === 'entered' };
    case 'too-many':
      throw tooMany(contest);
    case 'banned':
      throw new GramzoomError('contest-not-eligible', { reason: 'banned', needs: '' });
    case 'not-entering':
      throw await phaseError(coordinator, contest.id);
    default:
      return entered satisfies never;
  }
};

/**
 * Enters a film of one's own.
 * @returns `isNew`: false where it was in already
 * @throws GramzoomError see `Contests.enter`
 */
export const enterFilm = async (
  coordinator: Coordinator,
  contest: Contest,
  { render, by }: { readonly render: JobId; readonly by: ContestActor },
): Promise<{ readonly entry: Entry; readonly isNew: boolean }> => {
  const { contests } = coordinator.deps.store;
  const known = (await contests.entriesOfRender(render)).find(
    (entry) => entry.contest === contest.id && entry.user === by.actor.user,
  );
  if (known) return { entry: known, isNew: false };
  requirePhase(contest, 'entering');
  const job = await ownFilm(coordinator, contest, render, by);
  requireFixed(contest.rules, job.request);
  await requireEligible(coordinator, contest, by);
  // One after another: each finds the entry whose place it takes.
  const { entry, isNew } = await coordinator.participantLock.run(`${contest.id} ${by.actor.user}`, () =>
    insertEntry(coordinator, contest, { job, by }),
  );
  if (!isNew) return { entry, isNew };
  contestChanged(coordinator, contest.id);
  if (entry.state === 'waiting') await noteHost(coordinator, contest.id);
  // Its render may have ended since it was looked at.
  await followRender(coordinator, render);
  return { entry: (await contests.entry(entry.id)) ?? entry, isNew };
};

/**
 * Takes an entry of one's own out of the contest, until that is closed. The second time changes nothing.
 * @throws GramzoomError `not-yours`, `contest-phase`, `contest-not-in` where a moderator took it out
 */
export const withdrawEntry = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry: id, by }: { readonly entry: EntryId; readonly by: ContestActor },
): Promise<void> => {
  const { contests } = coordinator.deps.store;
  for (;;) {
    const entry = await contests.entry(id);
    if (entry?.contest !== contest.id) throw new GramzoomError('contest-not-in', {});
    if (entry.user !== by.actor.user) throw new GramzoomError('not-yours', {});
    if (entry.state === 'withdrawn') return;
    requirePhase(contest, 'entering', 'voting');
    if (!isLive(entry)) throw new GramzoomError('contest-not-in', {});
    if (await changeEntry(coordinator, entry, { to: 'withdrawn', during: ['entering', 'voting'] })) return;
    const now = await contests.get(contest.id);
    if (!now || !isOpen(now.phase)) throw await phaseError(coordinator, contest.id);
  }
};
