import { cleanName } from '../../../domain/contest/clean-text.ts';
import type { Contest, EntryId } from '../../../domain/contest/contest.ts';
import type { ContestRight } from '../../../domain/contest/rights.ts';
import type { ContestStep, ContestStepKind } from '../../../domain/contest/step.ts';
import type { ContestView } from '../../../domain/contest/view.ts';
import type { JobId } from '../../../domain/job.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { rankEntry } from './ballots.ts';
import { factsOf } from './contest-facts.ts';
import { contestById, latestContest, openContest, requireRight } from './contest-of.ts';
import { enterFilm, withdrawEntry } from './entries.ts';
import { banEntrant, decide, reasonOf, reportEntry, unbanEntrant } from './moderation.ts';
import { requirePhase } from './requirements.ts';
import { positionOf, reviewView } from './review-view.ts';
import { ballotView, chooseView, enteredView, showView, statusView } from './views.ts';

/** What somebody needs for each step; whether it is the time for it, and theirs, each step knows itself. */
const rightFor = {
  status: 'status',
  choose: 'enter',
  enter: 'enter',
  // Of one's own only.
  withdraw: 'status',
  ballot: 'vote',
  rank: 'vote',
  show: 'status',
  report: 'report',
  follow: 'follow',
  review: 'review',
  approve: 'review',
  reject: 'review',
  disqualify: 'disqualify',
  ban: 'ban',
  unban: 'ban',
} as const satisfies Record<ContestStepKind, ContestRight>;

type Decision = Extract<
  ContestStep,
  { readonly kind: 'approve' | 'reject' | 'disqualify' | 'ban' | 'unban' }
>;
type Typing = { readonly by: ContestActor & { readonly text?: string } };

const decideStep = async (
  coordinator: Coordinator,
  contest: Contest,
  { step, by }: Typing & { readonly step: Decision },
): Promise<ContestView> => {
  const { entry, kind } = step;
  const position = await positionOf(coordinator, contest, entry);
  const take = async () => {
    switch (kind) {
      case 'approve':
        return await decide(coordinator, contest, { entry, to: 'in', reason: null });
      case 'reject':
        return await decide(coordinator, contest, { entry, to: 'rejected', reason: reasonOf(by.text) });
      case 'disqualify':
        return await decide(coordinator, contest, { entry, to: 'disqualified', reason: reasonOf(by.text) });
      case 'ban':
        return await banEntrant(coordinator, contest, { entry, reason: reasonOf(by.text) });
      case 'unban':
        return await unbanEntrant(coordinator, contest, entry);
      default:
        return kind satisfies never;
    }
  };
  const { number } = await take();
  // The entry goes to the end of the queue, so that the next one is where it was.
  return await reviewView(coordinator, contest, { position, done: { number, what: kind }, by });
};

const enterIn = async (
  coordinator: Coordinator,
  contest: Contest,
  order: { readonly render: JobId; readonly by: ContestActor },
): Promise<ContestView> => {
  const entered = await enterFilm(coordinator, contest, order);
  return await enteredView(coordinator, contest, { ...entered, by: order.by });
};

const reportStep = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry, by }: Typing & { readonly entry: EntryId },
): Promise<ContestView> => {
  const { number } = await reportEntry(coordinator, contest, { entry, reason: reasonOf(by.text), by });
  return { kind: 'reported', contest: contest.id, facts: await factsOf(coordinator, contest), number };
};

const followStep = async (
  coordinator: Coordinator,
  contest: Contest,
  { on, by }: { readonly on: boolean; readonly by: ContestActor },
): Promise<ContestView> => {
  const { user } = by.actor;
  // Whoever wants to hear no more of it may say so at any time.
  if (on) requirePhase(contest, 'draft', 'entering', 'voting');
  const person = { user, name: cleanName(by.person.name, { otherwise: user }) };
  await coordinator.deps.store.contests.follow(contest.id, person, on);
  return await statusView(coordinator, contest, { by, what: on ? 'followed' : 'unfollowed' });
};

/** See `Contests.take`. @throws GramzoomError `not-found` for a contest of another server; those of the step */
export const takeStep = async (
  coordinator: Coordinator,
  step: ContestStep,
  by: Typing['by'],
): Promise<ContestView> => {
  const contest = await contestById(coordinator, step.contest, by);
  await requireRight(coordinator, rightFor[step.kind], { contest, by });
  switch (step.kind) {
    case 'status':
      return await statusView(coordinator, contest, { by });
    case 'choose':
      return await chooseView(coordinator, contest, by);
    case 'enter':
      return await enterIn(coordinator, contest, { render: step.render, by });
    case 'withdraw':
      await withdrawEntry(coordinator, contest, { entry: step.entry, by });
      return await statusView(coordinator, contest, { by, what: 'withdrawn' });
    case 'ballot':
      return await ballotView(coordinator, contest, { page: step.page, by });
    case 'rank': {
      const isChanged = await rankEntry(coordinator, contest, { step, by });
      return await ballotView(coordinator, contest, { page: step.page, by, isChanged });
    }
    case 'show':
      return await showView(coordinator, contest, { entry: step.entry, by });
    case 'report':
      return await reportStep(coordinator, contest, { entry: step.entry, by });
    case 'follow':
      return await followStep(coordinator, contest, { on: step.on, by });
    case 'review':
      return await reviewView(coordinator, contest, { position: step.position, by });
    case 'approve':
    case 'reject':
    case 'disqualify':
    case 'ban':
    case 'unban':
      return await decideStep(coordinator, contest, { step, by });
    default:
      return step satisfies never;
  }
};

/** See `Contests.enter`. */
export const enterRender = async (
  coordinator: Coordinator,
  render: JobId,
  by: ContestActor,
): Promise<ContestView> => await enterIn(coordinator, await openContest(coordinator, by), { render, by });

/** See `Contests.entries`. */
export const review = async (coordinator: Coordinator, by: ContestActor): Promise<ContestView> => {
  const contest = await latestContest(coordinator, by);
  await requireRight(coordinator, 'review', { contest, by });
  return await reviewView(coordinator, contest, { position: 0, by });
};
