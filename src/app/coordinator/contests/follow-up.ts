import { type Contest, type ContestId, contestSubject } from '../../../domain/contest/contest.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import { subjectText } from '../../../domain/subject.ts';
import type { Performed } from '../calendar-sweep.ts';
import { type Coordinator, inBackground } from '../coordinator.ts';
import { showEnterButtons } from './film-buttons.ts';
import { finishContest } from './finish-contest.ts';
import { isReelOrdered, orderReel } from './reel.ts';

const textOf = (id: ContestId): string => subjectText(contestSubject(id));

/** Does and says everything that follows from how a contest stands by now; what has been done is not done again. */
const followUp = (coordinator: Coordinator, id: ContestId): Promise<void> =>
  coordinator.contestLock.run(`follow-up ${id}`, async () => {
    const contest = await coordinator.deps.store.contests.get(id);
    if (!contest) return;
    await showEnterButtons(coordinator, contest);
    await finishContest(coordinator, contest);
    await coordinator.messageSync.runNow(textOf(id));
    // The last, so that nobody waits for it: its network may have to be fetched first.
    await orderReel(coordinator, (await coordinator.deps.store.contests.get(id)) ?? contest);
  });

/** The same in the background. What is not done is left to the calendar. */
export const followUpSoon = (coordinator: Coordinator, id: ContestId): void => {
  const { followingUp } = coordinator;
  inBackground(coordinator, 'contest: failed to do what follows from a change', async () => {
    followingUp.add(id);
    try {
      await followUp(coordinator, id);
    } finally {
      followingUp.delete(id);
    }
  });
};

/** Whether everybody has been told how it stands, and nothing is left to do. */
const isFollowedUp = async (coordinator: Coordinator, contest: Contest): Promise<boolean> => {
  const { id, version, phase } = contest;
  if ((coordinator.toldContests.get(id) ?? 0) < version) return false;
  return phase !== 'closed' || (await isReelOrdered(coordinator, contest));
};

/** Looks whether what follows has been done, and does it where a process died first. */
export const checkFollowUp = async (coordinator: Coordinator, id: ContestId): Promise<Performed> => {
  const contest = await coordinator.deps.store.contests.get(id);
  if (!contest) return 'done';
  if (!(await isFollowedUp(coordinator, contest))) {
    if (!coordinator.followingUp.has(id)) followUpSoon(coordinator, id);
    return 'later';
  }
  if (!isOpen(contest.phase)) {
    coordinator.toldContests.delete(id);
    await coordinator.messageSync.drop(textOf(id));
  }
  return 'done';
};
