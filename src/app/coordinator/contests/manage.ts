import { type Contest, type ContestId, isExtensible } from '../../../domain/contest/contest.ts';
import { isDue } from '../../../domain/contest/moments.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { Platform } from '../../../domain/job.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { changeContest } from './change-contest.ts';
import { latestContest, openContest, requireRight } from './contest-of.ts';
import { extendedTimes, thisMoment } from './contest-times.ts';
import { scheduleMoments } from './moments.ts';
import { advance, follow } from './phases.ts';
import { wasDone } from './repeated-events.ts';

type Asking = ContestActor & { readonly event?: string };

const phaseError = ({ phase }: Contest): GramzoomError => new GramzoomError('contest-phase', { phase });

/** See `Contests.close`: the phase ends now, which does the rest. */
export const closeContest = async (coordinator: Coordinator, by: Asking): Promise<Contest> => {
  const contest = await latestContest(coordinator, by);
  await requireRight(coordinator, 'close', { contest, by });
  if (await wasDone(coordinator, contest, by.event)) return contest;
  if (!isOpen(contest.phase)) throw new GramzoomError('contest-none', {});
  const { phase: closed } = contest;
  const moment = thisMoment({ zone: contest.zone, now: coordinator.deps.clock.wallTime() });
  const changed = await changeContest(coordinator, contest.id, (now) => {
    // Whoever closes means the phase that they saw.
    if (now.phase !== closed) throw phaseError(now);
    switch (closed) {
      case 'draft':
        throw phaseError(now);
      case 'entering':
        return { enterUntil: moment };
      case 'voting':
        return { voteUntil: moment };
      default:
        throw phaseError(now);
    }
  });
  if (!isDue(changed, coordinator.deps.clock.wallTime())) await follow(coordinator, changed);
  return await advance(coordinator, changed);
};

/** See `Contests.extend`. */
export const extendContest = async (
  coordinator: Coordinator,
  { until }: { readonly until: string },
  by: Asking,
): Promise<Contest> => {
  const contest = await latestContest(coordinator, by);
  await requireRight(coordinator, 'extend', { contest, by });
  if (await wasDone(coordinator, contest, by.event)) return contest;
  const { phase } = contest;
  const changed = await changeContest(coordinator, contest.id, (current) => {
    if (current.phase !== phase || !isExtensible(current)) throw phaseError(current);
    const times = extendedTimes(current, { until, now: coordinator.deps.clock.wallTime() });
    if (isOpen(phase)) return times;
    return { ...times, phase: 'voting', round: current.round + 1, outcome: null, poster: null };
  });
  await follow(coordinator, changed);
  return changed;
};

const cancelled = (now: Contest) => {
  if (!isOpen(now.phase)) throw phaseError(now);
  return { phase: 'cancelled' } as const;
};

/** See `Contests.cancel`. */
export const cancelContest = async (coordinator: Coordinator, by: ContestActor): Promise<Contest> => {
  const contest = await openContest(coordinator, by);
  await requireRight(coordinator, 'cancel', { contest, by });
  const changed = await changeContest(coordinator, contest.id, cancelled);
  await follow(coordinator, changed);
  coordinator.deps.log.info('contest: cancelled by a person', { contest: contest.id });
  return changed;
};

/** Cancels a contest of which nobody can be told anything any more, without a word. */
const cancelQuietly = async (coordinator: Coordinator, id: ContestId): Promise<boolean> => {
  const { deps, toldContests } = coordinator;
  const contest = await deps.store.contests.get(id);
  if (!contest || !isOpen(contest.phase)) return false;
  const changed = await changeContest(coordinator, id, (now) =>
    isOpen(now.phase) ? { phase: 'cancelled' } : null,
  );
  toldContests.set(id, changed.version);
  await scheduleMoments(coordinator, id);
  return changed.phase === 'cancelled';
};

/** Its channel is gone. */
export const endDeserted = async (coordinator: Coordinator, id: ContestId): Promise<void> => {
  if (await cancelQuietly(coordinator, id))
    coordinator.deps.log.warn('contest: cancelled, because its channel is gone', { contest: id });
};

/** Servers of a platform with a contest that runs. */
export const contestServers = async ({ deps }: Coordinator, platform: Platform): Promise<readonly string[]> =>
  (await deps.store.contests.open())
    .filter(({ origin }) => origin.platform === platform)
    .map(({ origin }) => origin.server);

/** The bot is in a server no more. */
export const leaveContest = async (
  coordinator: Coordinator,
  platform: Platform,
  server: string,
): Promise<void> => {
  const contest = await coordinator.deps.store.contests.openIn(platform, server);
  if (!contest || !(await cancelQuietly(coordinator, contest.id))) return;
  coordinator.deps.log.info('contest: cancelled, because the bot has left the server', {
    contest: contest.id,
  });
};

/** Takes up every contest that runs: what is due meanwhile is done, and everybody is told. */
export const resumeContests = async (coordinator: Coordinator): Promise<void> => {
  const { clock, log, store } = coordinator.deps;
  for (const contest of await store.contests.open()) {
    try {
      if (isDue(contest, clock.wallTime())) await advance(coordinator, contest);
      else await follow(coordinator, contest);
    } catch (error) {
      // The calendar tries again what it knows of; one contest does not keep the others.
      log.error('contest: failed to resume it', { contest: contest.id, error });
    }
  }
};
