import { cleanText } from '../../../domain/contest/clean-text.ts';
import {
  type Contest,
  type Entry,
  type EntryId,
  type EntryState,
  isCounted,
  isLegalEntryMove,
  isLive,
} from '../../../domain/contest/contest.ts';
import { isRunning } from '../../../domain/contest/phase.ts';
import { mostReasonLetters } from '../../../domain/contest/rules.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { changeEntry, contestChanged } from './change-entry.ts';
import { isFilmThere } from './entries-of-render.ts';
import { noteHost } from './owed-notices.ts';
import { phaseError, requirePhase } from './requirements.ts';

/**
 * What somebody typed as a reason, cleaned.
 * @throws GramzoomError `request-field` where there is nothing to read in it
 */
export const reasonOf = (text: string | undefined): string => {
  const reason = cleanText(text ?? '', { mostLetters: mostReasonLetters });
  if (reason !== '') return reason;
  const expected = { kind: 'text', max: mostReasonLetters } as const;
  throw new GramzoomError('request-field', { field: 'reason', expected, received: '' });
};

const groups = ['waiting', 'reported', 'in', 'out'] as const;

const groupOf = ({ id, state }: Entry, reported: ReadonlySet<EntryId>): (typeof groups)[number] =>
  state === 'waiting' ? 'waiting' : state !== 'in' ? 'out' : reported.has(id) ? 'reported' : 'in';

/**
 * Entries as moderators look through them: those that wait first, then reported ones, then all others that are in,
 * then those that a moderator took out. Those that are being rendered or were withdrawn are left out.
 */
export const reviewQueue = (entries: readonly Entry[], reported: ReadonlySet<EntryId>): readonly Entry[] =>
  groups.flatMap((group) =>
    entries.filter(
      (entry) =>
        entry.state !== 'rendering' && entry.state !== 'withdrawn' && groupOf(entry, reported) === group,
    ),
  );

type Decision = {
  readonly entry: EntryId;
  readonly to: Extract<EntryState, 'in' | 'rejected' | 'disqualified'>;
  readonly reason: string | null;
};

/**
 * Returns where an entry may come back. One that was rejected does not count, so that its entrant may have entered
 * another one meanwhile; they may be banned, or their film deleted, while it was out.
 * @throws GramzoomError `contest-not-in`, `contest-film`
 */
const requireReturn = async (coordinator: Coordinator, contest: Contest, entry: Entry): Promise<void> => {
  const { contests, jobs } = coordinator.deps.store;
  const isBanned = (await contests.bans(contest.id)).some(({ user }) => user === entry.user);
  if (isBanned || entry.user === '') throw new GramzoomError('contest-not-in', {});
  const job = await jobs.get(entry.render);
  if (!job || !isFilmThere(job)) throw new GramzoomError('contest-film', { problem: 'not-here' });
  if (entry.state !== 'rejected') return;
  const others = (await contests.entries(contest.id)).filter(
    (other) => other.user === entry.user && other.id !== entry.id && isCounted(other),
  );
  if (others.length >= contest.rules.entriesPerPerson) throw new GramzoomError('contest-not-in', {});
};

const entryIn = async ({ deps }: Coordinator, contest: Contest, id: EntryId): Promise<Entry> => {
  const entry = await deps.store.contests.entry(id);
  if (entry?.contest !== contest.id) throw new GramzoomError('contest-not-in', {});
  return entry;
};

const move = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry: id, to, reason }: Decision,
): Promise<Entry> => {
  const { contests } = coordinator.deps.store;
  for (;;) {
    const entry = await entryIn(coordinator, contest, id);
    if (entry.state === to) return entry;
    if (!isLegalEntryMove(entry.state, to)) throw new GramzoomError('contest-not-in', {});
    if (to === 'in') await requireReturn(coordinator, contest, entry);
    if (await changeEntry(coordinator, entry, { to, reason, during: ['entering', 'voting'] })) return entry;
    const now = await contests.get(contest.id);
    if (!isRunning(now?.phase)) throw await phaseError(coordinator, contest.id);
  }
};

/**
 * Moves an entry as a moderator decides. The same decision again changes nothing.
 * @throws GramzoomError `contest-phase` once the contest is over; `contest-not-in` where it is not there (any more),
 * or cannot become that; `contest-film` where its film has gone
 */
export const decide = async (
  coordinator: Coordinator,
  contest: Contest,
  decision: Decision,
): Promise<Entry> => {
  requirePhase(contest, 'entering', 'voting');
  const { user } = await entryIn(coordinator, contest, decision.entry);
  // In turn with what they enter: neither finds room that the other one takes.
  return await coordinator.participantLock.run(`${contest.id} ${user}`, () =>
    move(coordinator, contest, decision),
  );
};

/**
 * Keeps whoever entered it out of the contest: they can neither enter nor vote, their entries are disqualified and
 * their ballot does not count.
 * @throws GramzoomError `contest-phase`, `contest-not-in`
 */
export const banEntrant = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry: id, reason }: { readonly entry: EntryId; readonly reason: string },
): Promise<Entry> => {
  requirePhase(contest, 'entering', 'voting');
  const { contests } = coordinator.deps.store;
  const entry = await entryIn(coordinator, contest, id);
  if (entry.user === '') throw new GramzoomError('contest-not-in', {});
  // First of all: from then on none of theirs comes in.
  await contests.ban(contest.id, { user: entry.user, reason });
  const liveOnes = async (): Promise<readonly Entry[]> =>
    (await contests.entries(contest.id)).filter((own) => own.user === entry.user && isLive(own));
  // One may be rendered, or let in, at the same moment.
  for (let live = await liveOnes(); live.length > 0; live = await liveOnes()) {
    for (const own of live) {
      const to = isLegalEntryMove(own.state, 'disqualified') ? 'disqualified' : 'withdrawn';
      await changeEntry(coordinator, own, { to, reason });
    }
  }
  contestChanged(coordinator, contest.id);
  return entry;
};

/**
 * Lifts the ban of whoever entered it: they can enter and vote again, and their ballot counts. Their entries stay out
 * until they are approved.
 * @throws GramzoomError `contest-phase`, `contest-not-in`
 */
export const unbanEntrant = async (
  coordinator: Coordinator,
  contest: Contest,
  id: EntryId,
): Promise<Entry> => {
  requirePhase(contest, 'entering', 'voting');
  const entry = await entryIn(coordinator, contest, id);
  await coordinator.deps.store.contests.unban(contest.id, entry.user);
  return entry;
};

/**
 * Tells the moderators that something is wrong with an entry, once per person and entry.
 * @throws GramzoomError `contest-not-in`, `contest-phase`
 */
export const reportEntry = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry: id, reason, by }: { readonly entry: EntryId; readonly reason: string; readonly by: ContestActor },
): Promise<Entry> => {
  requirePhase(contest, 'entering', 'voting');
  const { contests } = coordinator.deps.store;
  const entry = await contests.entry(id);
  if (entry?.contest !== contest.id || entry.state !== 'in') throw new GramzoomError('contest-not-in', {});
  if (await contests.report(contest.id, { entry: id, reporter: by.actor.user, reason }))
    await noteHost(coordinator, contest.id);
  return entry;
};
