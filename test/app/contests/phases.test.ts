import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/app-world.ts';
import { createContestCourse, dayMs, hourMs, person, until } from '../../support/contest-course.ts';

const mod = person('mod');

/** A contest that people vote in. */
const createVote = async (users: readonly string[] = ['ann', 'bob']) => {
  const course = await createContestCourse();
  await course.start({ theme: 'Cats' });
  const entries = [];
  for (const user of users) entries.push(await course.enter(user, await course.film(user)));
  await course.contests().close(mod);
  await until(() => course.post('gallery-1') !== undefined);
  return { ...course, id: course.id, entries };
};

describe('the phases of a contest', () => {
  it('are caught up with in order after an absence across both ends, and each thing is said once', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', voteUntil: '4 days' });
    await course.enter('ann', await course.film('ann'));
    await course.bot.stop();
    course.clock.advance(6 * dayMs);
    const noticed = await course.row();
    expect(noticed.phase).toBe('entering');
    await course.restart();
    await until(() => course.post('results') !== undefined);
    const { phase, outcome, version } = await course.row();
    expect({ phase, outcome: outcome?.kind }).toEqual({ phase: 'closed', outcome: 'too-few-voters' });
    expect(version).toBe(noticed.version + 2);
    expect(course.roles()).toEqual(['announcement', 'results']);
    expect(course.post('announcement')).toMatchObject({ contest: { phase: 'closed' } });
    await course.restart();
    course.clock.advance(hourMs);
    expect(course.roles()).toEqual(['announcement', 'results']);
  });

  it('end without voting where nobody has entered', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' });
    await course.passTo((await course.row()).enterUntil.at, () => course.post('results') !== undefined);
    expect(course.post('results')).toMatchObject({ outcome: 'no-entries', table: [] });
    expect((await course.row()).phase).toBe('closed');
  });

  it('count no ballot of somebody who is banned at the very end', async () => {
    let banned = '';
    const course = await createContestCourse({
      changes: ({ store }) => {
        const closeVoting: typeof store.contests.closeVoting = async (id, ...rest) => {
          await store.contests.ban(id, { user: banned, reason: 'a second account' });
          return await store.contests.closeVoting(id, ...rest);
        };
        return { store: { ...store, contests: { ...store.contests, closeVoting } } };
      },
    });
    await course.start({ theme: 'Cats' });
    const entry = await course.enter('ann', await course.film('ann'));
    await course.contests().close(mod);
    for (const user of ['bob', 'cem', 'dan', 'eva']) await course.rank(user, entry);
    banned = 'eva';
    await course.contests().close(mod);
    expect((await course.row()).outcome).toMatchObject({
      kind: 'winners',
      voters: 3,
      table: [{ points: 9 }],
    });
  });

  it('end once, and are extended once, by an event that comes again after its process has died', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' });
    await course.enter('ann', await course.film('ann'));
    const extend = () => course.contests().extend({ until: '5 days' }, { ...mod, event: 'event-1' });
    const close = () => course.contests().close({ ...mod, event: 'event-2' });
    await extend();
    const { enterUntil } = await course.row();
    await course.restart();
    course.clock.advance(dayMs);
    await extend();
    expect((await course.row()).enterUntil).toEqual(enterUntil);
    await close();
    await course.restart();
    const again = await close();
    expect(again).toMatchObject({ kind: 'status', facts: { phase: 'voting' } });
    expect((await course.row()).phase).toBe('voting');
    await course.contests().close({ ...mod, event: 'event-3' });
    expect((await course.row()).phase).toBe('closed');
    expect(await codeOf(course.contests().close({ ...mod, event: 'event-4' }))).toBe('contest-none');
    expect(await codeOf(course.contests().close(mod))).toBe('contest-none');
  });

  it('move on for whoever acts before the calendar has noticed', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' });
    const [mine, late] = [await course.film('ann'), await course.film('bob')];
    await course.enter('ann', mine);
    course.clock.advance((await course.row()).enterUntil.at - course.clock.wallTime());
    expect(await codeOf(course.contests().enter(late, person('bob')))).toBe('contest-phase');
  });

  it('end later where a host says so, and voting takes as long as before by the clock on the wall', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats', enterUntil: '2026-10-24 18:00', voteUntil: '2026-10-24 20:00' });
    expect(await codeOf(course.contests().extend({ until: '2026-10-23 18:00' }, mod))).toBe('contest-moment');
    const view = await course.contests().extend({ until: '2026-10-26 18:00' }, mod);
    expect(view).toMatchObject({ kind: 'status', what: 'extended', facts: { phase: 'entering' } });
    const { enterUntil, voteUntil } = await course.row();
    expect([enterUntil.wall, voteUntil.wall]).toEqual(['2026-10-26T18:00', '2026-10-26T20:00']);
    await course.enter('ann', await course.film('ann'));
    await course.passTo(Date.UTC(2026, 9, 24, 17), () => true);
    expect((await course.row()).phase).toBe('entering');
    await course.passTo(enterUntil.at, course.inPhase('voting'));
  });

  it('are voted on again where a contest ended without a winner, with results of their own', async () => {
    const course = await createVote();
    await course.contests().close(mod);
    await until(() => course.post('results') !== undefined);
    expect(course.post('results')).toMatchObject({ outcome: 'too-few-voters' });
    await course.contests().extend({ until: '2 days' }, mod);
    expect(await course.row()).toMatchObject({ phase: 'voting', round: 2, outcome: null, finishedAt: null });
    for (const user of ['xia', 'yan', 'zoe']) await course.rank(user, course.entries[0]!);
    await course.contests().close(mod);
    await until(() => course.post('results-2') !== undefined);
    expect(course.post('results-2')).toMatchObject({ outcome: 'winners', voters: 3 });
    expect(await codeOf(course.contests().extend({ until: '2 days' }, mod))).toBe('contest-phase');
  });

  it('end at a word of the host, and with a word for all where it is cancelled', async () => {
    const course = await createVote();
    expect((await course.row()).phase).toBe('voting');
    await course.contests().cancel(mod);
    await until(() => course.content('announcement')?.actions.length === 0);
    expect(course.post('announcement')).toMatchObject({ contest: { phase: 'cancelled' } });
    expect(await codeOf(course.contests().cancel(mod))).toBe('contest-none');
  });

  it('are the business of host, moderators and operators alone', async () => {
    const course = await createVote();
    const { contests } = course;
    for (const act of [
      () => contests().close(person('ann')),
      () => contests().cancel(person('ann')),
      () => contests().extend({ until: '9 days' }, person('ann')),
      () => contests().export(person('ann')),
    ]) {
      expect(await codeOf(act())).toBe('contest-right');
    }
    expect(await codeOf(contests().close({ ...person('mod', 'elsewhere') }))).toBe('contest-none');
    expect((await course.row()).phase).toBe('voting');
  });

  it('end without a word where the channel is gone', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' });
    const render = await course.film('ann');
    course.chat.close('lounge');
    await course.chat.remove({ platform: 'web', ref: course.message('announcement')!.id });
    await course.enter('ann', render);
    course.clock.advance(20_000);
    await until(course.inPhase('cancelled'));
    expect(course.roles()).toEqual([]);
  });

  it('end without a word where the bot has left the server', async () => {
    const course = await createContestCourse();
    await course.start({ theme: 'Cats' });
    expect(await course.bot.renders.busyServers('web')).toEqual(['lounge']);
    await course.bot.renders.leave('web', 'lounge');
    expect((await course.row()).phase).toBe('cancelled');
    course.clock.advance(hourMs);
    expect(course.post('announcement')).toMatchObject({ contest: { phase: 'entering' } });
  });
});

describe('films of a server', () => {
  it('have a button to enter them for as long as that is possible', async () => {
    const course = await createContestCourse();
    const before = await course.film('ann');
    const actions = (render: string) =>
      course.chat.messages.find(({ key }) => key === `${render}:final`)?.history.at(-1)?.actions ?? [];
    expect(actions(before)).not.toContain('enter');
    await course.start({ theme: 'Cats' });
    await until(() => actions(before).includes('enter'));
    const during = await course.film('bob');
    await until(() => actions(during).includes('enter'));
    await course.enter('bob', during);
    await course.contests().close(mod);
    await until(() => ![before, during].some((render) => actions(render).includes('enter')));
  });
});
