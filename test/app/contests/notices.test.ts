import { describe, expect, it } from 'vitest';
import { entrySubject } from '../../../src/domain/contest/contest.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { messageKey } from '../../../src/domain/subject.ts';
import { createContestCourse, hourMs, person, postOf, until } from '../../support/contest-course.ts';

const mod = person('mod');
const minuteMs = 60_000;

/** A contest in which a moderator lets films in, and a film of ann's that waits. */
const createWaiting = async () => {
  const course = await createContestCourse();
  await course.start({ theme: 'Cats', approval: 'on' });
  const entry = await course.enter('ann', await course.film('ann'));
  const notice = (state: string) =>
    course.chat.messages.find(({ key }) => key === messageKey(entrySubject(entry), state));
  const hostNotes = () => course.roles().filter((role) => role.startsWith('host-note'));
  return { ...course, id: course.id, entry, notice, hostNotes };
};

describe('private words about a contest', () => {
  it('tell an entrant alone that their film is in, and why it is out', async () => {
    const { contests, id, entry, notice } = await createWaiting();
    await contests().take({ kind: 'approve', contest: id, entry }, mod);
    await until(() => notice('in') !== undefined);
    expect(notice('in')?.target).toBe('alone:ann');
    await contests().take({ kind: 'disqualify', contest: id, entry }, { ...mod, text: 'a dog' });
    await until(() => notice('disqualified') !== undefined);
    expect(postOf(notice('disqualified'))).toMatchObject({ state: 'disqualified', reason: 'a dog' });
  });

  it('are left out for somebody who cannot be told anything alone, without an end', async () => {
    const { contests, id, entry, chat, notice, world } = await createWaiting();
    chat.failNext('privately', new GramzoomError('messages-closed', {}));
    await contests().take({ kind: 'approve', contest: id, entry }, mod);
    const { outbox } = world.opened.store;
    await until(async () => (await outbox.get(messageKey(entrySubject(entry), 'in'))) !== undefined);
    expect(notice('in')).toBe(undefined);
  });

  it('tell the host what waits, once in an hour at most', async () => {
    const course = await createWaiting();
    const { world, chat, clock, hostNotes } = course;
    const { calendar } = world.opened.store;
    const isIdle = async () => ((await calendar.nextDueAt()) ?? Number.POSITIVE_INFINITY) > clock.wallTime();
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += minuteMs) {
        clock.advance(minuteMs);
        await until(isIdle);
      }
    };
    await pass(2 * minuteMs);
    await until(() => hostNotes().length === 1);
    expect(chat.messages.find(({ key }) => key.includes('host-note'))?.target).toBe('alone:mod');
    expect(course.post(hostNotes()[0]!)).toMatchObject({ kind: 'host-note', waiting: 1 });
    await course.enter('bob', await course.film('bob'));
    await pass(50 * minuteMs);
    expect(hostNotes()).toHaveLength(1);
    await pass(2 * hourMs);
    expect(hostNotes()).toHaveLength(2);
    expect(course.post(hostNotes()[1]!)).toMatchObject({ waiting: 2 });
  });

  it('are still owed to an entrant when a process dies between a decision and telling of it', async () => {
    const { contests, id, entry, chat, notice, restart, clock } = await createWaiting();
    const unreachable = new GramzoomError('chat-unreachable', { platform: 'web', reason: null });
    chat.failNext('privately', unreachable, { times: 1 });
    await contests().take({ kind: 'reject', contest: id, entry }, { ...mod, text: 'a dog' });
    await restart();
    clock.advance(hourMs);
    await until(() => notice('rejected') !== undefined);
    expect(chat.messages.filter(({ key }) => key.endsWith(':rejected'))).toHaveLength(1);
  });
});
