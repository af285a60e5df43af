import { type Ballot, type Contest, type Entry, mostRanks } from '../../../domain/contest/contest.ts';
import type { NamedPerson } from '../../../domain/contest/post.ts';
import type { EntryView } from '../../../domain/contest/view.ts';
import type { Coordinator } from '../coordinator.ts';
import { isOwnEntry } from './ballots.ts';
import { entryFilm } from './entry-pictures.ts';

/** Who looks at entries, and what they may see of them. */
export type Looker = {
  readonly user: string;
  /** Empty where it is not to be seen. */
  readonly ballot: Ballot;
  /** Whether they look as a moderator, who is told whose each entry is. */
  readonly isReviewing: boolean;
};

/** Whether everybody may know whose film is whose. */
export const isNamed = ({ rules, phase }: Pick<Contest, 'rules' | 'phase'>): boolean =>
  !rules.isAnonymous || phase === 'closed';

export const rankOf = (ballot: Ballot, { id, state }: Pick<Entry, 'id' | 'state'>): EntryView['rank'] => {
  const index = state === 'in' ? ballot.indexOf(id) : -1;
  return index < 0 || index >= mostRanks ? null : ((index + 1) as 1 | 2 | 3);
};

/** Nobody where whoever entered it was forgotten since. */
const entrantOf = ({ user, userName }: Entry): NamedPerson | null =>
  user === '' ? null : { user, name: userName };

/** An entry as somebody may see it. `isOwn` is also so where the photo is theirs: they cannot vote for it. */
export const entryView = async (
  { deps }: Coordinator,
  entry: Entry,
  { contest, looker }: { readonly contest: Contest; readonly looker: Looker },
): Promise<EntryView> => {
  const { id, number, state, render } = entry;
  const isTheirs = entry.user === looker.user;
  const isKnown = isTheirs || looker.isReviewing || isNamed(contest);
  return {
    ...{ id, number, state },
    render: isKnown ? render : null,
    // What a moderator wrote is for whoever entered it.
    reason: isTheirs || looker.isReviewing ? entry.reason : null,
    by: isKnown ? entrantOf(entry) : null,
    isOwn: isOwnEntry(entry, looker.user),
    rank: rankOf(looker.ballot, entry),
    picture: entryFilm(entry, await deps.store.jobs.get(render)),
  };
};
