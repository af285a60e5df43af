import type { Contest } from '../../../domain/contest/contest.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import { StaleSubject, sayOnce } from '../outbox.ts';
import { doubtsAbout } from './ballots.ts';
import { factsOf } from './contest-facts.ts';
import { directPass } from './direct-pass.ts';
import { hourMs, lastHostNote, roleOfHostNote } from './owed-notices.ts';
import { contestKey } from './post-keys.ts';
import { contestMessage } from './posts.ts';
import { isUnwelcome, privatePlace } from './private-place.ts';

/** Tells the host privately what waits for them. */
export const tellHost = async (coordinator: Coordinator, contest: Contest): Promise<Performed> => {
  const { deps } = coordinator;
  const { contests } = deps.store;
  const { id, origin, home, phase } = contest;
  if (!isOpen(phase) || origin.user === '') return 'done';
  const waiting = (await contests.entries(id)).filter(({ state }) => state === 'waiting').length;
  const reports = (await contests.reports(id)).length;
  const doubtful = (await contests.ballots(id)).filter(
    (ballot) => doubtsAbout(contest, ballot).length > 0,
  ).length;
  if (waiting + reports + doubtful === 0) return 'done';
  const last = await lastHostNote(coordinator, id);
  const hour = last && !last.isSent ? last.hour : Math.floor(deps.clock.wallTime() / hourMs);
  const pass = directPass(coordinator, contest, async () => {
    const now = await contests.get(id);
    return now !== undefined && isOpen(now.phase);
  });
  const facts = await factsOf(coordinator, contest);
  const content = contestMessage(contest, { kind: 'host-note', contest: facts, waiting, reports, doubtful });
  try {
    const place = await privatePlace(pass.chat, origin.user, home);
    if (!place) return 'done';
    await sayOnce(pass, [place], { key: contestKey(contest, roleOfHostNote(hour)), content });
  } catch (error) {
    if (error instanceof StaleSubject) return 'done';
    if (!isUnwelcome(error)) throw error;
    deps.log.forJob(pass.subject).info('contest: the host cannot be told privately', { error });
  }
  return 'done';
};
