import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/app-world.ts';
import { createContestCourse, dayMs, hourMs, person, until } from '../../support/contest-course.ts';

const refusal = async (options: unknown, by = person('mod')): Promise<unknown> => {
  const { contests } = await createContestCourse();
  return await contests()
    .start(options, by)
    .then(
      () => 'started',
      (error: { readonly code: string; readonly data: object }) => [error.code, error.data],
    );
};

describe('starting a contest', () => {
  it('takes entries at once for three days and votes for two more where no times are named', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' });
    await until(course.inPhase('entering'));
    const { enterFrom, enterUntil, voteUntil, zone, rules } = await course.row();
    const now = course.clock.wallTime();
    expect([enterFrom.at - now, enterUntil.at - now, voteUntil.at - now]).toEqual([
      0,
      3 * dayMs,
      5 * dayMs + hourMs,
    ]);
    expect({ zone, enterUntil: enterUntil.wall, voteUntil: voteUntil.wall }).toEqual({
      zone: 'Europe/Berlin',
      enterUntil: '2026-10-23T14:00',
      // Clocks are set back in between: the time on the wall is what people go by.
      voteUntil: '2026-10-25T14:00',
    });
    expect(rules).toMatchObject({
      entriesPerPerson: 1,
      needsApproval: false,
      isAnonymous: true,
      accountDays: 7,
    });
  });

  it.each([
    ['Europe/Berlin', [22, 17, 17]],
    // Clocks are set back on 1 November in New York.
    ['America/New_York', [4, 22, 23]],
  ])('goes by the clock on the wall in %s at Halloween', async (timezone, hours) => {
    const course = await createContestCourse();
    await course.start({ preset: 'halloween', timezone });
    const { enterFrom, enterUntil, voteUntil, rules, phase } = await course.row();
    expect({ theme: rules.theme, phase }).toEqual({ theme: 'Halloween', phase: 'draft' });
    expect([enterFrom, enterUntil, voteUntil].map(({ wall }) => wall)).toEqual([
      '2026-10-24T00:00',
      '2026-10-31T18:00',
      '2026-11-01T18:00',
    ]);
    expect([enterFrom, enterUntil, voteUntil].map(({ at }) => new Date(at).getUTCHours())).toEqual(hours);
    expect(course.post('announcement')).toMatchObject({ contest: { phase: 'draft' } });
    await course.passTo(enterFrom.at, course.inPhase('entering'));
  });

  it('means the next Halloween once nobody can enter this year’s any more', async () => {
    const course = await createContestCourse({ now: Date.UTC(2026, 9, 31, 20) });
    await course.start({ preset: 'halloween' });
    expect((await course.row()).enterUntil.wall).toBe('2027-10-31T18:00');
  });

  it('goes by the zone of the last contest there, else by that of whoever asks', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' }, { ...person('mod'), zone: 'Asia/Tokyo' } as never);
    expect((await course.row()).zone).toBe('Asia/Tokyo');
    await course.contests().cancel(person('mod'));
    await course.start({ theme: 'Dogs' }, { ...person('mod'), zone: 'America/Chicago' } as never);
    expect((await course.row()).zone).toBe('Asia/Tokyo');
  });

  it('gives the same contest for the same event again, and is refused while another one runs', async () => {
    const course = await createContestCourse();
    const by = { ...person('mod'), event: 'event-1' } as never;
    const id = await course.start({ theme: 'Cats' }, by);
    expect(await course.start({ theme: 'Cats' }, by)).toBe(id);
    expect(await codeOf(course.contests().start({ theme: 'Dogs' }, person('mod')))).toBe('contest-running');
    expect(course.chat.messages.filter(({ key }) => key.endsWith(':announcement'))).toHaveLength(1);
  });

  it('gives the contest of an event that comes again after the times that it names', async () => {
    const course = await createContestCourse();
    const ask = { theme: 'Cats', enterUntil: '2026-10-20 16:00' };
    const by = { ...person('mod'), event: 'event-1' };
    const id = await course.start(ask, by);
    await course.passTo(course.clock.wallTime() + 3 * 60 * 60 * 1000, course.inPhase('closed'));
    expect(await course.contests().start(ask, by)).toMatchObject({ contest: id, facts: { phase: 'closed' } });
    expect(await codeOf(course.contests().start(ask, person('mod')))).toBe('contest-moment');
  });

  it('is for moderators alone', async () => {
    expect(await refusal({ theme: 'Cats' }, person('ann'))).toEqual([
      'contest-right',
      { needs: 'moderator' },
    ]);
  });

  it.each([
    [{}, 'request-field', { field: 'theme' }],
    [{ theme: '\u202e\u200b' }, 'request-field', { field: 'theme' }],
    [{ theme: 'x'.repeat(101) }, 'request-field', { field: 'theme' }],
    [{ theme: 'Cats', timezone: 'Atlantis' }, 'request-field', { field: 'timezone' }],
    [{ theme: 'Cats', enterUntil: 'soon' }, 'request-field', { field: 'enterUntil' }],
    [{ theme: 'Cats', enterUntil: '2026-10-19' }, 'contest-moment', { field: 'enterUntil', problem: 'past' }],
    [{ theme: 'Cats', enterFrom: '2025-10-19' }, 'contest-moment', { field: 'enterFrom', problem: 'past' }],
    [
      { theme: 'Cats', enterUntil: '2026-10-25', voteUntil: '2026-10-24' },
      'contest-moment',
      { field: 'voteUntil', problem: 'order', received: '2026-10-24' },
    ],
    [{ theme: 'Cats', voteUntil: '2029-10-24' }, 'contest-moment', { field: 'voteUntil', problem: 'far' }],
    [{ theme: 'Cats', prize: 'Champion' }, 'contest-role', { received: null }],
    [{ theme: 'Cats', size: 100 }, 'request-field', { field: 'size' }],
    [{ theme: 'Cats', network: 'nobody' }, 'network-unknown', { name: 'nobody' }],
  ])('refuses %j with a reason', async (options, code, data) => {
    expect(await refusal(options)).toEqual([code, expect.objectContaining(data)]);
  });

  it('keeps nothing of a theme that could turn other text around or stand in its place', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats\u202e\n\n @everyone' });
    expect((await course.row()).rules.theme).toBe('Cats @everyone');
  });

  it('lets an operator start one anywhere on their platform', async () => {
    const course = await createContestCourse({
      changes: () => ({ operators: [{ platform: 'web', user: 'ann' }] }),
    });
    await course.start({ theme: 'Cats' }, person('ann'));
    expect((await course.row()).origin.user).toBe('ann');
  });
});
