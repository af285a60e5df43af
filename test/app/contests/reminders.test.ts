import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { createContestCourse, dayMs, hourMs, person, until } from '../../support/contest-course.ts';
import { createFakeChat, type FakeChat } from '../../support/fake-chat.ts';

type Course = Awaited<ReturnType<typeof createContestCourse>>;

const remindersOf = (course: Course) =>
  course.roles().flatMap((role) => {
    const found = /^remind-(?<ends>\w+)-(?<left>\w+)-/.exec(role)?.groups;
    return found ? [`${found['ends']} ${found['left']}`] : [];
  });

const contentOf = (course: Course, prefix: string) =>
  course.content(course.roles().find((role) => role.startsWith(prefix)) ?? '');

/** Lets time pass in pieces, so that whatever is due has its turn. */
const pass = async (course: Course, moment: number): Promise<void> => {
  const { calendar } = course.world.opened.store;
  while (course.clock.wallTime() < moment) {
    course.clock.advance(Math.min(5 * 60_000, moment - course.clock.wallTime()));
    await until(
      async () => ((await calendar.nextDueAt()) ?? Number.POSITIVE_INFINITY) > course.clock.wallTime(),
    );
  }
};

describe('reminders of a contest', () => {
  it('come half-way, a day and an hour before each end, once each and in the thread', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '4 days', voteUntil: '8 days' });
    await course.enter('ann', await course.film('ann'));
    const { enterUntil, voteUntil } = await course.row();
    await pass(course, enterUntil.at - 1000);
    expect(remindersOf(course)).toEqual(['entering half', 'entering day', 'entering hour']);
    await course.restart();
    await pass(course, voteUntil.at - 1000);
    expect(remindersOf(course)).toEqual([
      ...['entering half', 'entering day', 'entering hour'],
      ...['voting begins', 'voting half', 'voting day', 'voting hour'],
    ]);
    const reminder = course.chat.messages.find(({ key }) => key.includes(':remind-voting-hour'));
    expect(reminder?.target).toBe(`thread:${course.message('announcement')?.id}`);
    expect(contentOf(course, 'remind-voting')?.actions).toEqual(['vote', 'follow']);
  });

  it('leave out what would come soon after the beginning, or together with another one', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '2 days', voteUntil: '51 hours' });
    await course.enter('ann', await course.film('ann'));
    await pass(course, (await course.row()).voteUntil.at - 1000);
    expect(remindersOf(course)).toEqual(['entering day', 'entering hour', 'voting begins', 'voting hour']);
  });

  it('tell when entering begins where that was later than the announcement, and when voting begins', async () => {
    const course = await createContestCourse();
    const times = { enterFrom: '2 days', enterUntil: '5 days', voteUntil: '6 days' };
    await course.start({ theme: 'Cats', ...times });
    await course.contests().take({ kind: 'follow', contest: course.id, on: true }, person('ann'));
    const { enterFrom } = await course.row();
    await pass(course, enterFrom.at + 60_000);
    await until(() => remindersOf(course).length > 0);
    expect(remindersOf(course)).toEqual(['entering begins']);
    const content = contentOf(course, 'remind-entering-begins');
    expect(content).toMatchObject({ actions: ['enter', 'follow'], mentions: ['ann'] });
    expect(content?.body).toMatchObject({ post: { contest: { phase: 'entering' } } });
    // A new end is none of the beginning's business, nor is a restart.
    await course.contests().extend({ until: '6 days' }, person('mod'));
    await course.restart();
    await course.enter('bob', await course.film('bob'));
    await course.contests().close(person('mod'));
    await pass(course, course.clock.wallTime() + 60_000);
    await until(() => remindersOf(course).length > 1);
    await course.contests().extend({ until: '9 days' }, person('mod'));
    await pass(course, course.clock.wallTime() + 60_000);
    expect(remindersOf(course)).toEqual(['entering begins', 'voting begins']);
    expect(contentOf(course, 'remind-voting-begins')).toMatchObject({
      actions: ['vote', 'follow'],
      mentions: ['ann'],
    });
  });

  it('name nobody any more once somebody whom they have named was forgotten', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '3 hours' });
    for (const user of ['ann', 'bob'])
      await course.contests().take({ kind: 'follow', contest: course.id, on: true }, person(user));
    await pass(course, (await course.row()).enterUntil.at - hourMs + 60_000);
    await until(() => remindersOf(course).length > 0);
    expect(contentOf(course, 'remind-entering-hour')?.mentions).toEqual(['ann', 'bob']);
    await course.bot.renders.erase('everything', person('ann').actor);
    await course.restart();
    await until(() => contentOf(course, 'remind-entering-hour')?.mentions === undefined);
    const content = contentOf(course, 'remind-entering-hour');
    expect(content).toMatchObject({ actions: ['enter', 'follow'], body: { post: { followers: [] } } });
  });

  it('do not tell of a beginning that the bot could not tell of in time', async () => {
    const chat = createFakeChat();
    let [isDown, tries] = [true, 0];
    const send: FakeChat['send'] = async (target, content, options) => {
      if (!isDown || !options.key.includes(':remind-')) return await chat.send(target, content, options);
      tries += 1;
      throw new GramzoomError('chat-unreachable', { platform: 'web', reason: null });
    };
    const course = await createContestCourse({ chat: { ...chat, send } });
    await course.start({ theme: 'Cats', enterFrom: '1 day', enterUntil: '9 days' });
    const { enterFrom } = await course.row();
    await course.passTo(enterFrom.at, () => tries > 0);
    await course.bot.stop();
    isDown = false;
    expect(remindersOf(course)).toEqual([]);
    course.clock.advance(20 * 60_000);
    await course.restart();
    await pass(course, course.clock.wallTime() + hourMs);
    expect(remindersOf(course)).toEqual([]);
  });

  it('call everybody who follows, some in each message, and ask of a few at a time whether they are there', async () => {
    const chat = createFakeChat();
    let [asking, most] = [0, 0];
    const isMember: FakeChat['isMember'] = async (place, user) => {
      most = Math.max(most, ++asking);
      await new Promise((resolve) => setImmediate(resolve));
      asking -= 1;
      return await chat.isMember(place, user);
    };
    const course = await createContestCourse({ chat: { ...chat, isMember } });
    await course.start({ theme: 'Cats', enterUntil: '3 hours' });
    const users = Array.from({ length: 95 }, (_, index) => `fan-${String(index).padStart(2, '0')}`);
    for (const user of users) await course.rows.follow(course.id, { user, name: user }, true);
    await pass(course, (await course.row()).enterUntil.at - hourMs);
    const called = () =>
      course
        .roles()
        .filter((role) => role.startsWith('remind-entering-hour'))
        .map((role) => course.content(role)?.mentions ?? []);
    for (const messages of [1, 2, 3]) {
      await until(() => called().length === messages);
      course.clock.advance(60_000);
    }
    const contents = called();
    expect(contents.map(({ length }) => length)).toEqual([40, 40, 15]);
    expect(contents.flat()).toEqual(users);
    expect(most).toBe(5);
  });

  it('are not made up for where the bot was off', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '4 days' });
    await course.bot.stop();
    course.clock.advance(3 * dayMs + 30 * 60_000);
    await course.restart();
    await pass(course, (await course.row()).enterUntil.at - 1000);
    expect(remindersOf(course)).toEqual(['entering hour']);
  });

  it('come a few minutes late where the bot was off for a moment, and not again after the next start', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '3 hours' });
    const { at } = (await course.row()).enterUntil;
    await pass(course, at - hourMs - 60_000);
    await course.bot.stop();
    course.clock.advance(5 * 60_000);
    await course.restart();
    await pass(course, at - 50 * 60_000);
    expect(remindersOf(course)).toEqual(['entering hour']);
    await course.restart();
    await pass(course, at - 1000);
    expect(remindersOf(course)).toEqual(['entering hour']);
  });

  it('notify those who follow, but for those who have left', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '3 hours' });
    for (const user of ['ann', 'bob', 'cem']) {
      await course.contests().take({ kind: 'follow', contest: course.id, on: true }, person(user));
    }
    await course.contests().take({ kind: 'follow', contest: course.id, on: false }, person('cem'));
    course.chat.leave('bob');
    await pass(course, (await course.row()).enterUntil.at - 30 * 60_000);
    const content = contentOf(course, 'remind-entering-hour');
    expect(content?.mentions).toEqual(['ann']);
    expect(content?.body).toMatchObject({ post: { followers: [{ user: 'ann', name: 'Name of ann' }] } });
  });

  it('follow an end that is moved, which has reminders of its own', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '3 hours' });
    await course.enter('ann', await course.film('ann'));
    const { at } = (await course.row()).enterUntil;
    await pass(course, at - 30 * 60_000);
    expect(remindersOf(course)).toEqual(['entering hour']);
    await course.contests().extend({ until: '4 hours' }, person('mod'));
    await pass(course, at - 30 * 60_000 + 4 * hourMs - 1000);
    expect(remindersOf(course)).toEqual(['entering hour', 'entering half', 'entering hour']);
  });
});
