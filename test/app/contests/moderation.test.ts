import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/app-world.ts';
import { createContestStage, viewed } from '../../support/contest-stage.ts';

const withApproval = { rules: { needsApproval: true, entriesPerPerson: 3 } };

describe('the queue of moderators', () => {
  it('has those that wait first, then reported ones, then all that are in, and last those that were taken out', async () => {
    const { enter, take, person } = await createContestStage(withApproval);
    const [a, b, c, d, e] = [
      await enter('ann'),
      await enter('bob'),
      await enter('cem'),
      await enter('dan'),
      await enter('eva'),
    ];
    for (const entry of [a, b, c]) await take({ kind: 'approve', entry }, person('mod'));
    await take({ kind: 'reject', entry: d }, { ...person('mod'), text: 'not a cat' });
    await take({ kind: 'report', entry: b }, { ...person('zoe'), text: 'my photo' });
    const queue: unknown[] = [];
    for (let position = 0; position < 5; position++) {
      const view = viewed(await take({ kind: 'review', position }, person('mod')), 'review');
      expect(view).toMatchObject({ position, total: 5, waiting: 1 });
      queue.push([view.entry?.id, view.reports]);
    }
    expect(queue).toEqual([
      [e, []],
      [b, ['my photo']],
      [a, []],
      [c, []],
      [d, []],
    ]);
    const last = viewed(await take({ kind: 'review', position: 99 }, person('mod')), 'review');
    expect(last).toMatchObject({ position: 4, entry: { id: d, reason: 'not a cat' } });
  });

  it('tells moderators whose an entry is, and is for host and moderators only', async () => {
    const { enter, take, person, contests } = await createContestStage(withApproval);
    await enter('ann');
    for (const user of ['mod', 'host']) {
      const view = viewed(await take({ kind: 'review', position: 0 }, person(user)), 'review');
      expect(view.entry).toMatchObject({ by: { user: 'ann', name: 'Name of ann' }, state: 'waiting' });
      expect(view.entry?.picture).not.toBeNull();
    }
    expect(await codeOf(take({ kind: 'review', position: 0 }, person('ann')))).toBe('contest-right');
    expect(await codeOf(contests.entries(person('ann')))).toBe('contest-right');
    expect(viewed(await contests.entries(person('mod')), 'review')).toMatchObject({ total: 1, position: 0 });
  });

  it('goes on to the next one after each decision, and is empty at last', async () => {
    const { enter, take, person } = await createContestStage({ rules: { needsApproval: true } });
    const empty = viewed(await take({ kind: 'review', position: 0 }, person('mod')), 'review');
    expect(empty).toMatchObject({ entry: null, total: 0, position: 0 });
    const [a, b] = [await enter('ann'), await enter('bob')];
    const first = viewed(await take({ kind: 'approve', entry: a }, person('mod')), 'review');
    expect(first).toMatchObject({ done: { number: 1, what: 'approve' }, entry: { id: b }, waiting: 1 });
    const second = viewed(
      await take({ kind: 'reject', entry: b }, { ...person('mod'), text: 'blurred' }),
      'review',
    );
    expect(second).toMatchObject({ done: { number: 2, what: 'reject' }, waiting: 0 });
  });
});

describe('a decision about an entry', () => {
  it('lets it in, takes it out with a reason that its entrant sees, and can be taken back', async () => {
    const {
      enter,
      take,
      person,
      states,
      facts,
      entry: rowOf,
    } = await createContestStage(withApproval).then((stage) => ({
      ...stage,
      facts: async () => viewed(await stage.take({ kind: 'status' }, stage.person('ann')), 'status'),
    }));
    const entry = await enter('ann');
    await take({ kind: 'reject', entry }, { ...person('mod'), text: '  not\u202e a\n cat ' });
    expect(await states()).toEqual(['ann rejected']);
    expect((await facts()).entries).toMatchObject([{ state: 'rejected', reason: 'not a cat' }]);
    await take({ kind: 'approve', entry }, person('mod'));
    expect(await rowOf(entry)).toMatchObject({ state: 'in', reason: null });
    await take({ kind: 'disqualify', entry }, { ...person('mod'), text: 'bought' });
    await take({ kind: 'disqualify', entry }, { ...person('mod'), text: 'bought' });
    expect(await rowOf(entry)).toMatchObject({ state: 'disqualified', reason: 'bought' });
    await take({ kind: 'approve', entry }, person('mod'));
    expect(await states()).toEqual(['ann in']);
  });

  it('does not bring back a rejected entry beside another one, where each person may enter one', async () => {
    const { enter, take, person, states } = await createContestStage({ rules: { needsApproval: true } });
    const first = await enter('ann');
    await take({ kind: 'reject', entry: first }, { ...person('mod'), text: 'blurred' });
    const second = await enter('ann');
    expect(await codeOf(take({ kind: 'approve', entry: first }, person('mod')))).toBe('contest-not-in');
    await take({ kind: 'withdraw', entry: second }, person('ann'));
    await take({ kind: 'approve', entry: first }, person('mod'));
    expect(await states()).toEqual(['ann in', 'ann withdrawn']);
  });

  it('does not bring back an entry whose film was deleted, or whose entrant was forgotten, while it was out', async () => {
    const { bot, enter, entry, take, person, states } = await createContestStage(withApproval);
    const [deleted, forgotten] = [await enter('ann'), await enter('bob')];
    for (const out of [deleted, forgotten]) {
      await take({ kind: 'approve', entry: out }, person('mod'));
      await take({ kind: 'disqualify', entry: out }, { ...person('mod'), text: 'bought' });
    }
    await bot.renders.remove((await entry(deleted)).render, person('ann'));
    await bot.renders.erase('everything', person('bob').actor);
    expect(await codeOf(take({ kind: 'approve', entry: deleted }, person('mod')))).toBe('contest-film');
    expect(await codeOf(take({ kind: 'approve', entry: forgotten }, person('mod')))).toBe('contest-not-in');
    expect(await codeOf(take({ kind: 'ban', entry: forgotten }, { ...person('mod'), text: 'bought' }))).toBe(
      'contest-not-in',
    );
    expect(await states()).toEqual(['ann disqualified', ' disqualified']);
  });

  it('lets one of two rejected entries back in where moderators approve both at once', async () => {
    const { enter, take, person, states } = await createContestStage({ rules: { needsApproval: true } });
    const entries = [];
    for (let count = 0; count < 2; count++) {
      const entry = await enter('ann');
      await take({ kind: 'reject', entry }, { ...person('mod'), text: 'blurred' });
      entries.push(entry);
    }
    await Promise.allSettled(entries.map((entry) => take({ kind: 'approve', entry }, person('mod'))));
    expect((await states()).toSorted()).toEqual(['ann in', 'ann rejected']);
  });

  it('needs a reason where it takes something out', async () => {
    const { enter, take, person, states } = await createContestStage(withApproval);
    const entry = await enter('ann');
    for (const kind of ['reject', 'disqualify', 'ban', 'report'] as const) {
      for (const text of [undefined, '', ' \u200b\n']) {
        const by = { ...person('mod'), ...(text !== undefined && { text }) };
        expect(await codeOf(take({ kind, entry }, by))).toBe('request-field');
      }
    }
    expect(await states()).toEqual(['ann waiting']);
  });

  it('is for nobody but the host and moderators', async () => {
    const { enter, take, person, states } = await createContestStage(withApproval);
    const entry = await enter('ann');
    for (const kind of ['approve', 'reject', 'disqualify', 'ban', 'unban'] as const) {
      for (const user of ['ann', 'bob'])
        expect(await codeOf(take({ kind, entry }, { ...person(user), text: 'why' }))).toBe('contest-right');
    }
    await take({ kind: 'approve', entry }, person('host'));
    expect(await states()).toEqual(['ann in']);
  });

  it('is possible while people vote and no more once the contest is closed', async () => {
    const { enter, take, person, states, moveTo } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    await take({ kind: 'disqualify', entry }, { ...person('mod'), text: 'bought' });
    expect(await states()).toEqual(['ann disqualified']);
    await moveTo('closed');
    expect(await codeOf(take({ kind: 'approve', entry }, person('mod')))).toBe('contest-phase');
    expect(await states()).toEqual(['ann disqualified']);
  });

  it('leaves a withdrawn entry withdrawn', async () => {
    const { enter, take, person, states } = await createContestStage();
    const entry = await enter('ann');
    await take({ kind: 'withdraw', entry }, person('ann'));
    expect(await codeOf(take({ kind: 'approve', entry }, person('mod')))).toBe('contest-not-in');
    expect(await states()).toEqual(['ann withdrawn']);
  });
});

describe('a ban', () => {
  it('disqualifies all entries of that person, who can neither enter nor vote any more', async () => {
    const { enter, film, contests, take, person, states, moveTo } = await createContestStage(withApproval);
    const [first, , other] = [await enter('ann'), await enter('ann'), await enter('bob')];
    await take({ kind: 'approve', entry: other }, person('mod'));
    await take({ kind: 'ban', entry: first }, { ...person('mod'), text: 'two accounts' });
    expect(await states()).toEqual(['ann disqualified', 'ann disqualified', 'bob in']);
    const why = { code: 'contest-not-eligible', data: { reason: 'banned' } };
    await expect(contests.enter(await film('ann'), person('ann'))).rejects.toMatchObject(why);
    await moveTo('voting');
    const vote = take({ kind: 'rank', entry: other, rank: 1, page: 0 }, person('ann'));
    await expect(vote).rejects.toMatchObject(why);
  });

  it('can be lifted: they enter and vote again, and their entries come back once they are approved', async () => {
    const { enter, contests, film, take, person, states, moveTo } = await createContestStage({
      rules: { entriesPerPerson: 3 },
    });
    const [first, other] = [await enter('ann'), await enter('bob')];
    const banned = viewed(
      await take({ kind: 'ban', entry: first }, { ...person('mod'), text: 'a mistake' }),
      'review',
    );
    expect([banned.isBanned, banned.entry?.id]).toEqual([false, other]);
    expect(await codeOf(take({ kind: 'approve', entry: first }, person('mod')))).toBe('contest-not-in');
    const review = viewed(await take({ kind: 'review', position: 1 }, person('mod')), 'review');
    expect(review).toMatchObject({ isBanned: true, entry: { id: first } });
    const lifted = viewed(await take({ kind: 'unban', entry: first }, person('mod')), 'review');
    expect(lifted.done).toEqual({ number: 1, what: 'unban' });
    expect(await states()).toEqual(['ann disqualified', 'bob in']);
    await contests.enter(await film('ann'), person('ann'));
    await take({ kind: 'approve', entry: first }, person('mod'));
    expect(await states()).toEqual(['ann in', 'bob in', 'ann in']);
    await moveTo('voting');
    await take({ kind: 'rank', entry: other, rank: 1, page: 0 }, person('ann'));
  });
});

describe('a report', () => {
  it('counts once for each person and entry, is shown to moderators, and says nothing to others', async () => {
    const { enter, take, person, store, id, world } = await createContestStage();
    const entry = await enter('ann');
    for (const user of ['zoe', 'zoe', 'yan']) {
      const view = await take({ kind: 'report', entry }, { ...person(user), text: `from ${user}` });
      expect(view).toMatchObject({ kind: 'reported', number: 1 });
      world.storeClock.advance(1);
    }
    expect(await store.contests.reports(id)).toHaveLength(2);
    const review = viewed(await take({ kind: 'review', position: 0 }, person('mod')), 'review');
    expect(review.reports).toEqual(['from zoe', 'from yan']);
    const shown = await take({ kind: 'show', entry }, person('ann'));
    expect(JSON.stringify(shown)).not.toContain('from zoe');
  });
});
