import type { ContestActor, Contests } from '../../app/contests.ts';
import type { ContestId } from '../../domain/contest/contest.ts';
import { isOpen } from '../../domain/contest/phase.ts';
import type { ContestView } from '../../domain/contest/view.ts';
import { GramzoomError, toFailure, toGramzoomError } from '../../domain/errors.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { onPage } from '../../messages/page-words.ts';
import type { BallotData } from './html/contest-ballot.ts';
import type { ShownContest } from './html/contest-page.ts';

type ViewOf<Kind extends ContestView['kind']> = Extract<ContestView, { readonly kind: Kind }>;

/** @throws GramzoomError `internal` for a view of another kind */
export const viewOf = <Kind extends ContestView['kind']>(view: ContestView, kind: Kind): ViewOf<Kind> => {
  if (view.kind !== kind) throw new GramzoomError('internal', { reason: `a view of ${view.kind}` });
  return view as ViewOf<Kind>;
};

/** All that somebody can vote for, in their own order. @throws GramzoomError `contest-phase`, `contest-not-eligible` */
export const wholeBallot = async (
  contests: Contests,
  contest: ContestId,
  by: ContestActor,
): Promise<BallotData> => {
  const { entries, ranks } = viewOf(await contests.ballot(contest, by), 'ballot');
  return { contest, entries, ranks };
};

/** The contest that commands in a room are about: the open one, else the newest that is over; undefined without one. */
export const newestContest = async (contests: Contests, by: ContestActor): Promise<ContestId | undefined> => {
  const all = await contests.inServer(by);
  const found = all.find(({ phase }) => isOpen(phase)) ?? all.find(({ phase }) => phase === 'closed');
  return found?.id;
};

/** A contest as somebody gets to see it. @throws GramzoomError `not-found` */
export const shownContest = async (
  contests: Contests,
  {
    contest,
    by,
    words,
    isNewest,
  }: {
    readonly contest: ContestId;
    readonly by: ContestActor;
    readonly words: ChatWords;
    readonly isNewest: boolean;
  },
): Promise<ShownContest> => {
  const status = viewOf(await contests.view(contest, by), 'status');
  const { phase } = status.facts;
  const shown = { status, isNewest, ballot: null, problem: null, results: null };
  if (phase === 'closed') return { ...shown, results: await contests.results(contest, by) };
  if (phase !== 'voting') return shown;
  try {
    return { ...shown, ballot: await wholeBallot(contests, contest, by) };
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    if (error.code !== 'contest-not-eligible' && error.code !== 'contest-phase') throw error;
    return { ...shown, problem: words.errorSentence(toFailure(error), onPage) };
  }
};
