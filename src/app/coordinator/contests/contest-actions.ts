import { type ContestId, personUnknown } from '../../../domain/contest/contest.ts';
import type { ContestStep } from '../../../domain/contest/step.ts';
import type { JobId } from '../../../domain/job.ts';
import type { ContestActor } from '../../contests.ts';
import type { Press, Pressed } from '../../renders.ts';
import type { Coordinator } from '../coordinator.ts';
import type { SubjectHandler } from '../subject-handler.ts';
import { enterRender, takeStep } from './take.ts';

type Action = (id: string, press: Press) => Promise<Pressed>;

const actorOf = ({ actor, isModerator, person, replyTarget }: Press): ContestActor => ({
  ...{ actor, replyTarget, person: person ?? personUnknown(actor.user) },
  ...(isModerator !== undefined && { isModerator }),
});

/** The step that a button under a contest takes; each is answered to whoever pressed it, alone. */
const stepping =
  (coordinator: Coordinator, stepOf: (contest: ContestId) => ContestStep): Action =>
  async (id, press) => ({
    kind: 'contest',
    view: await takeStep(coordinator, stepOf(id as ContestId), actorOf(press)),
  });

/** What the buttons under a contest do. Following is turned off in the answer: a press that comes twice is harmless. */
export const contestActions = (coordinator: Coordinator): SubjectHandler['actions'] => ({
  enter: stepping(coordinator, (contest) => ({ kind: 'choose', contest })),
  vote: stepping(coordinator, (contest) => ({ kind: 'ballot', contest, page: 0 })),
  status: stepping(coordinator, (contest) => ({ kind: 'status', contest })),
  follow: stepping(coordinator, (contest) => ({ kind: 'follow', contest, on: true })),
});

/** Enters the film that the button is under. */
export const enterAction =
  (coordinator: Coordinator): Action =>
  async (id, press) => ({
    kind: 'contest',
    view: await enterRender(coordinator, id as JobId, actorOf(press)),
  });
