import {
  type ContestId,
  contestSubject,
  type EntryId,
  entrySubject,
} from '../../../domain/contest/contest.ts';
import { subjectText } from '../../../domain/subject.ts';
import type { CalendarEntry } from '../../../ports/calendar.ts';
import type { Post } from '../../../ports/outbox.ts';
import { type Coordinator, inBackground } from '../coordinator.ts';
import { hostNoteEntry } from './moments.ts';

/** Whoever changes an entry has so long to tell whoever entered it before the calendar does. */
const tellingMs = 30_000;

const tellingEntry = (id: EntryId): CalendarEntry => ({ subject: entrySubject(id), what: 'tell' });

/**
 * To be called before an entry is changed in a way that whoever entered it is told of: where the process dies in
 * between, the next one tells them.
 */
export const oweEntrant = async ({ deps, calendar }: Coordinator, id: EntryId): Promise<void> => {
  await calendar.schedule(tellingEntry(id), { dueAt: deps.clock.wallTime() + tellingMs });
};

/** Tells whoever entered it what has become of it: in the background, until it is said. */
export const tellEntrant = (coordinator: Coordinator, id: EntryId): void =>
  inBackground(coordinator, 'contest: failed to tell an entrant', async () => {
    const subject = subjectText(entrySubject(id));
    const { messageSync } = coordinator;
    if ((await messageSync.runNow(subject)) !== 'stopped') await messageSync.drop(subject);
  });

export const hourMs = 60 * 60 * 1000;
/** So long others may come in that are told of together. */
const gatherMs = 60_000;

/** The name of the note of an hour, counted from 1970. */
export const roleOfHostNote = (hour: number): string => `host-note-${hour}`;

/** The hour, counted from 1970, of the last note to the host; null: there was none. */
const lastNote = (posts: readonly Post[]): { readonly hour: number; readonly isSent: boolean } | null => {
  const notes = posts.flatMap(({ role, message }) => {
    const hour = /^host-note-(\d+)$/.exec(role)?.[1];
    return hour === undefined ? [] : [{ hour: Number(hour), isSent: message !== null }];
  });
  return notes.at(-1) ?? null;
};

/** The last note to the host of a contest. */
export const lastHostNote = async ({ deps }: Coordinator, id: ContestId) =>
  lastNote(await deps.store.outbox.ofSubject(contestSubject(id)));

/** Something waits for the host: they are told soon, but once in an hour at most. */
export const noteHost = async (coordinator: Coordinator, id: ContestId): Promise<void> => {
  const { deps, calendar } = coordinator;
  const entry = hostNoteEntry(id);
  if (await deps.store.calendar.has(entry)) return;
  const last = await lastHostNote(coordinator, id);
  const soon = deps.clock.wallTime() + gatherMs;
  await calendar.schedule(entry, { dueAt: Math.max(soon, last ? (last.hour + 2) * hourMs : 0) });
};
