import type { Contest, ContestId, Entry, EntryId, EntryState } from '../../src/domain/contest/contest.ts';
import type { ContestPhase } from '../../src/domain/contest/phase.ts';
import type { Contests, NewContest, NewEntry } from '../../src/ports/contests.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestFacts } from './contest-facts.ts';
import { jobIn, newJob, originOf } from './jobs.ts';

let made = 0;

/** A contest to insert, with an id of its own. */
export const newContest = (changes: Partial<NewContest> = {}): NewContest => {
  const { rules, zone, hostName, enterFrom, enterUntil, voteUntil } = contestFacts();
  return {
    id: `contest-${++made}` as ContestId,
    origin: originOf('room', 'host'),
    hostName,
    home: { platform: 'web', ref: 'room' },
    rules,
    zone,
    enterFrom,
    enterUntil,
    voteUntil,
    event: null,
    ...changes,
  };
};

/** The shortest way to each phase. */
const wayTo: Readonly<Record<ContestPhase, readonly ContestPhase[]>> = {
  draft: [],
  entering: ['entering'],
  voting: ['entering', 'voting'],
  closed: ['entering', 'voting', 'closed'],
  cancelled: ['cancelled'],
};

/** Inserts a contest and moves it to a phase. */
export const contestIn = async (
  contests: Contests,
  phase: ContestPhase,
  contest: NewContest = newContest(),
): Promise<Contest> => {
  const inserted = await contests.insert(contest);
  if (inserted.kind !== 'inserted') throw new Error(`the contest was not inserted: ${inserted.kind}`);
  let row: Contest | undefined = inserted.contest;
  for (const next of wayTo[phase]) row = row && (await contests.update(row.id, row.version, { phase: next }));
  if (!row) throw new Error('somebody else moved the contest');
  return row;
};

/** Moves a contest on, as it stands. */
export const moveContest = async (
  contests: Contests,
  id: ContestId,
  phase: ContestPhase,
): Promise<Contest> => {
  const version = (await contests.get(id))?.version ?? 0;
  const moved = await contests.update(id, version, { phase });
  if (!moved) throw new Error('somebody else moved the contest');
  return moved;
};

/** An entry to enter, with an id of its own. */
export const newEntry = (changes: Partial<NewEntry> & Pick<NewEntry, 'contest' | 'render'>): NewEntry => {
  const user = changes.user ?? 'ann';
  return {
    id: `entry-${++made}` as EntryId,
    user,
    userName: user.toUpperCase(),
    photoOwner: user,
    state: 'in',
    mostPerPerson: 1,
    replaces: null,
    ...changes,
  };
};

/** Enters a finished film of somebody. */
export const enterFilm = async (
  store: Store,
  contest: ContestId,
  changes: Partial<NewEntry> = {},
): Promise<Entry> => {
  const { user = 'ann' } = changes;
  const render = changes.render ?? (await jobIn(store, 'done', newJob({ origin: originOf('room', user) })));
  const entered = await store.contests.enter(newEntry({ ...changes, contest, render }));
  if (entered.kind !== 'entered') throw new Error(`the film was not entered: ${entered.kind}`);
  return entered.entry;
};

/** The shortest way to each state. */
const wayToEntry: Readonly<Record<EntryState, readonly EntryState[]>> = {
  rendering: ['rendering'],
  waiting: ['waiting'],
  in: ['in'],
  withdrawn: ['in', 'withdrawn'],
  rejected: ['waiting', 'rejected'],
  disqualified: ['in', 'disqualified'],
};

/** Enters a finished film of somebody and moves the entry to a state. */
export const entryIn = async (
  store: Store,
  contest: ContestId,
  state: EntryState,
  changes: Partial<NewEntry> = {},
): Promise<Entry> => {
  const [first = 'in', ...next] = wayToEntry[state];
  const entry = await enterFilm(store, contest, { ...changes, state: first as NewEntry['state'] });
  for (const to of next) await store.contests.moveEntry(entry.id, first, to);
  return { ...entry, state };
};
