import {
  type ContestId,
  contestSubject,
  type Entry,
  type EntryState,
} from '../../../domain/contest/contest.ts';
import type { ContestPhase } from '../../../domain/contest/phase.ts';
import { subjectText } from '../../../domain/subject.ts';
import type { Coordinator } from '../coordinator.ts';
import { noteHost, oweEntrant, tellEntrant } from './owed-notices.ts';

/** The least time between two updates of numbers: hundreds of people may vote within a minute. */
const numbersMs = 15_000;

/** What everybody is told of a contest is out of date: its numbers of entries and voters, for example. */
export const contestChanged = ({ messageSync }: Coordinator, id: ContestId): void =>
  messageSync.schedule(subjectText(contestSubject(id)), { everyMs: numbersMs });

/**
 * Moves an entry on, and tells whoever entered it what has become of it; of a withdrawn one nobody has to be told.
 * @param options.reason why, in a moderator's words; null takes an earlier one back
 * @param options.during phases in which that may be done
 * @returns false where the entry, or its contest, has moved on meanwhile
 */
export const changeEntry = async (
  coordinator: Coordinator,
  { id, contest, state }: Entry,
  {
    to,
    ...changes
  }: {
    readonly to: EntryState;
    readonly reason?: string | null;
    readonly during?: readonly ContestPhase[];
  },
): Promise<boolean> => {
  const { contests } = coordinator.deps.store;
  const isTold = to !== 'withdrawn';
  if (isTold) await oweEntrant(coordinator, id);
  if (!(await contests.moveEntry(id, state, to, changes))) return false;
  contestChanged(coordinator, contest);
  if (isTold) tellEntrant(coordinator, id);
  if (to === 'waiting') await noteHost(coordinator, contest);
  return true;
};
