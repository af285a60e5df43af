import { cleanText } from '../../../domain/contest/clean-text.ts';
import {
  type Contest,
  type Entry,
  type EntryId,
  type EntryState,
  isLegalEntryMove,
} from '../../../domain/contest/contest.ts';
import { mostReasonLetters } from '../../../domain/contest/rules.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { changeEntry, contestChanged } from './change-entry.ts';
import { isCounted, isLive } from './entries.ts';
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
 * Returns where an entry may come back: one that was rejected does not count, so that its entrant may have entered
 * another one meanwhile.
 * @throws GramzoomError `contest-not-in`
 */
const requireRoom = async (coordinator: Coordinator, contest: Contest, entry: Entry): Promise<void> => {
  const entries = await coordinator.deps.store.contests.entries(contest.id);
  const others = entries.filter(
    (other) => other.user === entry.user && other.id !== entry.id && isCounted(other),
  );
  if (others.length >= contest.rules.entriesPerPerson) throw new GramzoomError('contest-not-in', {});
};

/**
 * Moves an entry as a moderator decides. The same decision again changes nothing.
 * @throws GramzoomError `contest-phase` once the contest is over; `contest-not-in` where it is not there (any more),
 * or cannot become that
 */
export const decide = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry: id, to, reason }: Decision,
): Promise<Entry> => {
  requirePhase(contest, 'entering', 'voting');
  const { contests } = coordinator.deps.store;
  for (;;) {
    const entry = await contests.entry(id);
    if (entry?.contest !== contest.id) throw new GramzoomError('contest-not-in', {});
    if (entry.state === to) return entry;
    if (!isLegalEntryMove(entry.state, to)) throw new GramzoomError('contest-not-in', {});
    if (entry.state === 'rejected') await requireRoom(coordinator, contest, entry);
    if (await changeEntry(coordinator, entry, { to, reason, during: ['entering', 'voting'] })) return entry;
    const now = await contests.get(contest.id);
    if (now?.phase !== 'entering' && now?.phase !== 'voting') throw await phaseError(coordinator, contest.id);
  }
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
  const entry = await contests.entry(id);
  if (entry?.contest !== contest.id) throw new GramzoomError('contest-not-in', {});
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
