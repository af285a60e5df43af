import { describe, expect, it } from 'vitest';
import { createContestCourse, dayMs, person, until } from '../../support/contest-course.ts';

const prize = {
  findRole: async (text: string) => (text === 'Champion' ? { id: 'role-1', name: 'Champion' } : null),
};

describe('a contest', () => {
  it('is announced, pinned, voted on and ended with results, films, the prize and a reel', async () => {
    const course = await createContestCourse();
    const { chat, world } = course;
    await course.start({ theme: 'Scariest  cat', prize: 'Champion' }, { ...person('mod'), ...prize });
    await until(() => chat.pinned.length === 1);
    expect(course.post('announcement')).toMatchObject({ contest: { phase: 'entering', entries: 0 } });
    expect(course.content('announcement')?.actions).toEqual(['enter', 'status', 'follow']);

    const entries = [];
    for (const user of ['ann', 'bob', 'cem']) entries.push(await course.enter(user, await course.film(user)));
    const [ann, bob, cem] = entries as [never, never, never];
    const { enterUntil, voteUntil } = await course.row();
    expect(enterUntil.at - course.clock.wallTime()).toBe(3 * dayMs);
    await course.passTo(enterUntil.at, () => course.post('gallery-1') !== undefined);
    expect(course.post('announcement')).toMatchObject({ contest: { phase: 'voting', entries: 3 } });
    expect(course.post('gallery-1')).toMatchObject({ numbers: [1, 2, 3], page: 1, pages: 1 });
    expect(course.content('gallery-1')).toMatchObject({ actions: ['vote'], attachments: [{}, {}, {}] });

    await course.rank('zoe', ann, bob);
    await course.rank('yan', ann);
    await course.rank('xia', bob, cem);
    await course.passTo(voteUntil.at, async () => (await course.row()).reel !== null);
    const { reel, outcome } = await course.row();
    expect(outcome?.table.map(({ number, place, points }) => [number, place, points])).toEqual([
      [1, 1, 6],
      [2, 2, 5],
      [3, 3, 2],
    ]);
    expect(course.post('results')).toMatchObject({ outcome: 'winners', voters: 3, prize: 'given' });
    expect(course.roles().filter((role) => !role.startsWith('remind-'))).toEqual([
      'announcement',
      'gallery-1',
      'results',
      'winner-1',
      'winner-2',
      'winner-3',
    ]);
    expect(chat.roles).toEqual([{ user: 'ann', role: 'role-1' }]);
    const job = await world.job(reel!);
    expect(job.request).toMatchObject({ kind: 'zoom', through: [{}, {}] });
    await course.bot.finished(reel!);
  });
});
