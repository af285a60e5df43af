import { describe, expect, it } from 'vitest';
import { createContestCourse, dayMs, hourMs, person, until } from '../../support/contest-course.ts';

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
      ...['voting half', 'voting day', 'voting hour'],
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
    expect(remindersOf(course)).toEqual(['entering day', 'entering hour', 'voting hour']);
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
