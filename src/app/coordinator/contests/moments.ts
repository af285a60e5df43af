import { type ContestId, contestFollowUp, contestSubject } from '../../../domain/contest/contest.ts';
import { type ContestReminder, lateMs, phaseEnd, remindersOf } from '../../../domain/contest/moments.ts';
import { reminderMoments } from '../../../domain/contest/post.ts';
import type { CalendarEntry } from '../../../ports/calendar.ts';
import type { Coordinator } from '../coordinator.ts';

/** Whoever changes a contest has so long to say so before the calendar does. */
const followUpMs = 30_000;

/** In the calendar: the phase of a contest ends. */
export const phaseEntry = (id: ContestId): CalendarEntry => ({ subject: contestSubject(id), what: 'phase' });

/** In the calendar: what a change of a contest leads to has to be done. */
export const followUpEntry = (id: ContestId): CalendarEntry => ({
  subject: contestSubject(id),
  what: contestFollowUp,
});

/** In the calendar: the host is told what waits for them. */
export const hostNoteEntry = (id: ContestId): CalendarEntry => ({
  subject: contestSubject(id),
  what: 'host-note',
});

/** In the calendar: a reminder. */
export const reminderEntry = (
  id: ContestId,
  { ends, left }: Pick<ContestReminder, 'ends' | 'left'>,
): CalendarEntry => ({ subject: contestSubject(id), what: `remind:${ends}-${left}` });

/** Noted before a change of a contest: whoever dies after the change leaves what follows to the next process. */
export const scheduleFollowUp = async ({ deps, calendar }: Coordinator, id: ContestId): Promise<void> => {
  await calendar.schedule(followUpEntry(id), { dueAt: deps.clock.wallTime() + followUpMs });
};

/**
 * Makes the calendar say when the phase of a contest ends and when people are reminded; what it said before goes. The
 * row is read while nobody else does the same: the last one to look writes the newest.
 */
export const scheduleMoments = (coordinator: Coordinator, id: ContestId): Promise<void> =>
  coordinator.contestLock.run(id, async () => {
    const { deps, calendar } = coordinator;
    const contest = await deps.store.contests.get(id);
    if (!contest) return;
    const now = deps.clock.wallTime();
    const reminders = remindersOf(contest).filter(({ at }) => at + lateMs > now);
    for (const ends of ['entering', 'voting'] as const) {
      for (const left of reminderMoments) {
        const reminder = reminders.find((each) => each.ends === ends && each.left === left);
        const entry = reminderEntry(id, { ends, left });
        if (reminder) await calendar.schedule(entry, { dueAt: reminder.at });
        else await deps.store.calendar.cancel(entry);
      }
    }
    const end = phaseEnd(contest);
    if (end === null) await deps.store.calendar.cancel(phaseEntry(id));
    else await calendar.schedule(phaseEntry(id), { dueAt: end });
  });
