import { describe, expect, it } from 'vitest';
import { contestSubject, type EntryId } from '../../../src/domain/contest/contest.ts';
import type { ContestStep } from '../../../src/domain/contest/step.ts';
import type { JobId } from '../../../src/domain/job.ts';
import type { MessageAction } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { codeOf } from '../../support/app-world.ts';
import { createContestStage, viewed } from '../../support/contest-stage.ts';

const stepsAbout = (
  entry: EntryId,
): readonly Parameters<Awaited<ReturnType<typeof createContestStage>>['take']>[0][] => [
  { kind: 'status' },
  { kind: 'choose' },
  { kind: 'enter', render: 'render-1' as JobId },
  { kind: 'withdraw', entry },
  { kind: 'ballot', page: 0 },
  { kind: 'rank', entry, rank: 1, page: 0 },
  { kind: 'show', entry },
  { kind: 'report', entry },
  { kind: 'follow', on: true },
  { kind: 'review', position: 0 },
  { kind: 'approve', entry },
  { kind: 'reject', entry },
  { kind: 'disqualify', entry },
  { kind: 'ban', entry },
  { kind: 'unban', entry },
];

describe('a step', () => {
  it('is unknown to people of other servers, whoever they are there', async () => {
    const { enter, take, person, states, moveTo } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    for (const step of stepsAbout(entry)) {
      for (const user of ['ann', 'zoe', 'mod', 'host']) {
        const by = { ...person(user, {}, 'cellar'), isModerator: true, text: 'why' };
        expect(await codeOf(take(step, by)), `${step.kind} by ${user}`).toBe('not-found');
      }
    }
    expect(await states()).toEqual(['ann in']);
  });

  it('knows entries of its own contest only', async () => {
    const { enter, take, person, moveTo, id, contests, store, row } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    await moveTo('closed');
    const { sequence: _, ...first } = await row();
    const second = 'contest-2' as typeof id;
    await store.contests.insert({ ...first, id: second, event: null });
    await store.contests.update(second, 1, { phase: 'entering' });
    const inSecond = (step: ContestStep) => codeOf(contests.take(step, { ...person('mod'), text: 'why' }));
    for (const kind of ['show', 'report', 'approve', 'reject', 'disqualify', 'ban', 'unban'] as const) {
      expect(await inSecond({ kind, contest: second, entry }), kind).toBe('contest-not-in');
    }
    expect(await inSecond({ kind: 'withdraw', contest: second, entry })).toBe('contest-not-in');
    await store.contests.update(second, 2, { phase: 'voting' });
    expect(await inSecond({ kind: 'rank', contest: second, entry, rank: 1, page: 0 })).toBe('contest-not-in');
    expect(viewed(await take({ kind: 'show', entry }, person('zoe')), 'show').entry.id).toBe(entry);
  });
});

describe('a button', () => {
  it('under a contest takes a step, which is answered to whoever pressed it', async () => {
    const { bot, enter, film, moveTo, person, id } = await createContestStage();
    const press = async (action: MessageAction, user = 'zoe') => {
      const pressed = await bot.renders.press({ ...person(user), subject: contestSubject(id), action });
      return pressed.kind === 'contest' ? pressed.view : pressed.kind;
    };
    await enter('ann');
    const render = await film('zoe');
    expect(await press('enter')).toMatchObject({ kind: 'choose', films: [{ render }] });
    expect(await press('follow')).toMatchObject({ kind: 'status', what: 'followed' });
    expect(await press('follow')).toMatchObject({ kind: 'status', isFollowing: true });
    expect(await press('status')).toMatchObject({ kind: 'status', what: null });
    expect(await codeOf(press('vote'))).toBe('contest-phase');
    await moveTo('voting');
    expect(await press('vote')).toMatchObject({ kind: 'ballot', page: 0, pages: 1 });
  });

  it('under a film enters it for whoever it is of', async () => {
    const { bot, film, person, states } = await createContestStage();
    const subject = renderSubject(await film('ann'));
    const press = (user: string) => bot.renders.press({ ...person(user), subject, action: 'enter' });
    expect(await press('ann')).toMatchObject({ kind: 'contest', view: { kind: 'entered', isNew: true } });
    expect(await codeOf(press('bob'))).toBe('contest-film');
    expect(await states()).toEqual(['ann in']);
  });
});

describe('choosing a film', () => {
  it('offers no film that a moderator decided against, but one that was withdrawn', async () => {
    const { enter, take, person } = await createContestStage({ rules: { entriesPerPerson: 2 } });
    const [refused, withdrawn] = [await enter('ann'), await enter('ann')];
    await take({ kind: 'disqualify', entry: refused }, { ...person('mod'), text: 'no cat' });
    await take({ kind: 'withdraw', entry: withdrawn }, person('ann'));
    const { films } = viewed(await take({ kind: 'choose' }, person('ann')), 'choose');
    expect(films).toHaveLength(1);
  });
});

describe('the status of a contest', () => {
  it('has what is one’s own: entries, ballot and what one may do now', async () => {
    const { enter, take, person, moveTo } = await createContestStage({ rules: { entriesPerPerson: 2 } });
    const [first, second] = [await enter('ann'), await enter('ann')];
    await enter('bob');
    await take({ kind: 'withdraw', entry: first }, person('ann'));
    const statusOf = async (user: string) => viewed(await take({ kind: 'status' }, person(user)), 'status');
    const ann = await statusOf('ann');
    expect(ann.entries).toMatchObject([{ id: second, number: 2, by: { user: 'ann' } }]);
    expect(ann).toMatchObject({ role: 'entrant', ballot: [], isFollowing: false, what: null });
    expect(ann.rights).toEqual(['status', 'enter', 'withdraw', 'follow', 'report', 'hall']);
    await moveTo('voting');
    const zoe = await statusOf('zoe');
    expect(zoe).toMatchObject({ role: 'everyone', entries: [] });
    expect(zoe.rights).toEqual(['status', 'vote', 'follow', 'report', 'hall']);
    await take({ kind: 'rank', entry: second, rank: 1, page: 0 }, person('zoe'));
    expect((await statusOf('zoe')).ballot).toEqual([2]);
    const keepers = ['review', 'disqualify', 'ban', 'extend', 'close', 'cancel'];
    expect((await statusOf('host')).rights).toEqual(expect.arrayContaining(keepers));
    expect(await statusOf('mod')).toMatchObject({ role: 'moderator' });
  });

  it('does not tell a ballot to anybody else, nor whose entries are whose', async () => {
    const { enter, take, person, moveTo } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    await take({ kind: 'rank', entry, rank: 1, page: 0 }, person('zoe'));
    for (const user of ['ann', 'mod', 'host', 'yan']) {
      const view = viewed(await take({ kind: 'status' }, person(user)), 'status');
      expect(view.ballot).toEqual([]);
      expect(JSON.stringify(view)).not.toContain('zoe');
    }
    const shown = viewed(await take({ kind: 'show', entry }, person('mod')), 'show');
    expect(shown.entry.by).toBeNull();
  });
});

describe('the film of an entry', () => {
  it('is shown to everybody once it is in, and before to whoever entered it', async () => {
    const { enter, take, person } = await createContestStage({ rules: { needsApproval: true } });
    const entry = await enter('ann');
    expect(await codeOf(take({ kind: 'show', entry }, person('zoe')))).toBe('contest-not-in');
    const own = viewed(await take({ kind: 'show', entry }, person('ann')), 'show');
    expect(own).toMatchObject({ entry: { state: 'waiting', isOwn: true }, canReport: false });
    await take({ kind: 'approve', entry }, person('mod'));
    const shown = viewed(await take({ kind: 'show', entry }, person('zoe')), 'show');
    expect(shown).toMatchObject({ entry: { state: 'in', by: null, isOwn: false }, canReport: true });
    expect(shown.entry.picture).not.toBeNull();
  });

  it('is named once the contest is closed', async () => {
    const { enter, take, person, moveTo } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    await moveTo('closed');
    const shown = viewed(await take({ kind: 'show', entry }, person('zoe')), 'show');
    expect(shown).toMatchObject({ entry: { by: { user: 'ann', name: 'Name of ann' } }, canReport: false });
  });
});

describe('following a contest', () => {
  it('is turned on and off, and on only while there is something to come', async () => {
    const { take, person, store, id, moveTo } = await createContestStage();
    const follow = async (on: boolean) => viewed(await take({ kind: 'follow', on }, person('zoe')), 'status');
    expect(await follow(true)).toMatchObject({ what: 'followed', isFollowing: true });
    expect(await store.contests.followers(id)).toEqual([{ user: 'zoe', name: 'Name of zoe' }]);
    expect(await follow(false)).toMatchObject({ what: 'unfollowed', isFollowing: false });
    await moveTo('voting');
    await moveTo('closed');
    expect(await codeOf(take({ kind: 'follow', on: true }, person('zoe')))).toBe('contest-phase');
    expect(await follow(false)).toMatchObject({ isFollowing: false });
  });
});
