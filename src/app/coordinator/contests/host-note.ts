import { type Contest, type ContestId, contestSubject } from '../../../domain/contest/contest.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import type { Post } from '../../../ports/outbox.ts';
import type { Performed } from '../calendar-sweep.ts';
import type { Coordinator } from '../coordinator.ts';
import { StaleSubject, sayOnce } from '../outbox.ts';
import { factsOf } from './contest-of.ts';
import { directPass } from './direct-pass.ts';
import { hostNoteEntry } from './moments.ts';
import { contestKey, contestMessage } from './posts.ts';
import { isUnwelcome, privatePlace } from './private-place.ts';

const hourMs = 60 * 60 * 1000;
/** So long others may come in that are told of together. */
const gatherMs = 60_000;

const roleOf = (hour: number): string => `host-note-${hour}`;

/** The hour, counted from 1970, of the last note to the host; null: there was none. */
const lastNote = (posts: readonly Post[]): { readonly hour: number; readonly isSent: boolean } | null => {
  const notes = posts.flatMap(({ role, message }) => {
    const hour = /^host-note-(\d+)$/.exec(role)?.[1];
    return hour === undefined ? [] : [{ hour: Number(hour), isSent: message !== null }];
  });
  return notes.at(-1) ?? null;
};

const notesOf = async ({ deps }: Coordinator, id: ContestId) =>
  lastNote(await deps.store.outbox.ofSubject(contestSubject(id)));

/** Something waits for the host: they are told soon, but once in an hour at most. */
export const noteHost = async (coordinator: Coordinator, id: ContestId): Promise<void> => {
  const { deps, calendar } = coordinator;
  const entry = hostNoteEntry(id);
  if (await deps.store.calendar.has(entry)) return;
  const last = await notesOf(coordinator, id);
  const soon = deps.clock.wallTime() + gatherMs;
  await calendar.schedule(entry, { dueAt: Math.max(soon, last ? (last.hour + 2) * hourMs : 0) });
};

/** Tells the host privately what waits for them. */
export const tellHost = async (coordinator: Coordinator, contest: Contest): Promise<Performed> => {
  const { deps } = coordinator;
  const { contests } = deps.store;
  const { id, origin, home, phase } = contest;
  if (!isOpen(phase) || origin.user === '') return 'done';
  const waiting = (await contests.entries(id)).filter(({ state }) => state === 'waiting').length;
  const reports = (await contests.reports(id)).length;
  const doubtful = (await contests.ballots(id)).filter(({ doubts }) => doubts.length > 0).length;
  if (waiting + reports + doubtful === 0) return 'done';
  const last = await notesOf(coordinator, id);
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
    await sayOnce(pass, [place], { key: contestKey(contest, roleOf(hour)), content });
  } catch (error) {
    if (error instanceof StaleSubject) return 'done';
    if (!isUnwelcome(error)) throw error;
    deps.log.forJob(pass.subject).info('contest: the host cannot be told privately', { error });
  }
  return 'done';
};
