/** What happens to a contest at which moment. All moments are milliseconds since 1970, by the wall clock. */
import type { Contest } from './contest.ts';
import { type ContestPhase, isRunning } from './phase.ts';
import { type ReminderMoment, reminderMoments } from './post.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

type Times = Pick<Contest, 'phase' | 'phaseSince' | 'enterFrom' | 'enterUntil' | 'voteUntil'>;
type Dated = Times & Pick<Contest, 'createdAt'>;

/** When the phase that a contest is in ends by itself; null: never. */
export const phaseEnd = ({ phase, enterFrom, enterUntil, voteUntil }: Times): number | null => {
  switch (phase) {
    case 'draft':
      return enterFrom.at;
    case 'entering':
      return enterUntil.at;
    case 'voting':
      return voteUntil.at;
    case 'closed':
    case 'cancelled':
      return null;
    default:
      return phase satisfies never;
  }
};

/** Whether the time of the phase that a contest is in is over. */
export const isDue = (times: Times, now: number): boolean => {
  const end = phaseEnd(times);
  return end !== null && end <= now;
};

export type ContestReminder = {
  readonly ends: Extract<ContestPhase, 'entering' | 'voting'>;
  readonly left: ReminderMoment;
  /** When it is said. */
  readonly at: number;
  /** The end that it is about. */
  readonly end: number;
};

/** A phase shorter than that has no such reminder: it would come soon after the beginning. */
const leastLengths: Readonly<Record<ReminderMoment, number>> = {
  begins: 0,
  half: 4 * hourMs,
  day: 36 * hourMs,
  hour: 2 * hourMs,
};
/** Half-way is left out where another reminder comes within this time. */
const leastDistanceMs = 2 * hourMs;

/** Whether the announcement says already that films can be entered, since there was no time before that. */
const isAnnouncedWithBeginning = ({ phase, enterFrom, createdAt }: Dated): boolean =>
  phase === 'entering' && enterFrom.at <= createdAt;

/**
 * The reminders of the phase that a contest is in, the earliest first: when it has begun, half-way, a day and an hour
 * before its end.
 */
export const remindersOf = (times: Dated): readonly ContestReminder[] => {
  const { phase, phaseSince } = times;
  const end = phaseEnd(times);
  if (!isRunning(phase) || end === null) return [];
  const length = end - phaseSince;
  const moments: Readonly<Record<ReminderMoment, number>> = {
    begins: phaseSince,
    half: phaseSince + Math.floor(length / 2),
    day: end - dayMs,
    hour: end - hourMs,
  };
  const long = reminderMoments.filter((left) => length >= leastLengths[left]);
  const isCrowded = long.some(
    (left) => left !== 'half' && Math.abs(moments[left] - moments.half) < leastDistanceMs,
  );
  return long
    .filter((left) => left !== 'half' || !isCrowded)
    .filter((left) => left !== 'begins' || !isAnnouncedWithBeginning(times))
    .map((left) => ({ ends: phase, left, at: moments[left], end }))
    .toSorted((a, b) => a.at - b.at);
};

/** A reminder that comes later than that says what is not true any more. */
export const lateMs = 15 * 60 * 1000;
