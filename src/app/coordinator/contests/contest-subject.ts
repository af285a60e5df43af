import { type Contest, type ContestId, contestUnnaming } from '../../../domain/contest/contest.ts';
import type { ContestReminder } from '../../../domain/contest/moments.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import { type ReminderMoment, reminderMoments } from '../../../domain/contest/post.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import type { SubjectHandler, SubjectSnapshot } from '../subject-handler.ts';
import { contestActions } from './contest-actions.ts';
import { syncContest } from './contest-messages.ts';
import { checkFollowUp } from './follow-up.ts';
import { tellHost } from './host-note.ts';
import { endDeserted } from './manage.ts';
import { scheduleMoments } from './moments.ts';
import { advance } from './phases.ts';
import { remind } from './reminders.ts';
import { unnameFollowers } from './unname-followers.ts';

const open = async (coordinator: Coordinator, id: ContestId): Promise<SubjectSnapshot | undefined> => {
  const { contests } = coordinator.deps.store;
  const contest = await contests.get(id);
  if (!contest) return undefined;
  return {
    home: contest.home,
    isFinal: !isOpen(contest.phase),
    reportsRefusal: false,
    isCurrent: async () => (await contests.get(id))?.version === contest.version,
    sync: (pass) => syncContest({ coordinator, contest, pass }),
    giveUp: async () => {
      coordinator.toldContests.set(id, contest.version);
    },
  };
};

const endPhases = async (coordinator: Coordinator, contest: Contest): Promise<Performed> => {
  await advance(coordinator, contest);
  // Also where it was too early, since the end has been moved: the calendar has to know the new one.
  await scheduleMoments(coordinator, contest.id);
  return 'done';
};

const readReminder = (text: string): Pick<ContestReminder, 'ends' | 'left'> | undefined => {
  const [ends, left] = text.split('-');
  if (ends !== 'entering' && ends !== 'voting') return undefined;
  const isKnown = (reminderMoments as readonly string[]).includes(left ?? '');
  return isKnown ? { ends, left: left as ReminderMoment } : undefined;
};

const due = async (coordinator: Coordinator, id: ContestId, what: string): Promise<Performed> => {
  const contest = await coordinator.deps.store.contests.get(id);
  if (!contest) return 'done';
  if (what === 'phase') return await endPhases(coordinator, contest);
  if (what === 'follow-up') return await checkFollowUp(coordinator, id);
  if (what === contestUnnaming) return await unnameFollowers(coordinator, contest);
  if (what === 'host-note') return await tellHost(coordinator, contest);
  const reminder = what.startsWith('remind:') && readReminder(what.slice('remind:'.length));
  return reminder ? await remind(coordinator, contest, reminder) : 'done';
};

/** Contests as subjects: what is said about them, what their buttons do, and what happens at which time. */
export const contestHandler = (coordinator: Coordinator): SubjectHandler => ({
  kind: 'contest',
  open: (id) => open(coordinator, id as ContestId),
  deserted: (id) => endDeserted(coordinator, id as ContestId),
  actions: contestActions(coordinator),
  reactions: {},
  reactable: { role: 'announcement', isOpen: async () => false },
  due: (id, what) => due(coordinator, id as ContestId, what),
});
