import { describe, expect, it } from 'vitest';
import { contestSubject } from '../../../src/domain/contest/contest.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { messageKey } from '../../../src/domain/subject.ts';
import { codeOf, smallFilm, someone } from '../../support/app-world.ts';
import { createContestStage, viewed } from '../../support/contest-stage.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';
import { createGate } from '../../support/gate.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('entering a film', () => {
  it('answers that it is in, with its picture, and changes nothing the second time', async () => {
    const { contests, film, person, states } = await createContestStage();
    const render = await film('ann');
    const first = viewed(await contests.enter(render, person('ann')), 'entered');
    expect(first).toMatchObject({ isNew: true, entry: { number: 1, state: 'in', render, isOwn: true } });
    expect(first.entry.picture).toMatchObject({ format: 'gif', sides: { width: 64, height: 64 } });
    expect(first.facts.entries).toBe(1);
    const again = viewed(await contests.enter(render, person('ann')), 'entered');
    expect(again).toMatchObject({ isNew: false, entry: { id: first.entry.id } });
    expect(await states()).toEqual(['ann in']);
  });

  it('takes the place of the one before where each person may enter one', async () => {
    const { contests, film, person, states } = await createContestStage();
    const [first, second] = [await film('ann'), await film('ann')];
    await contests.enter(first, person('ann'));
    await contests.enter(second, person('ann'));
    expect(await states()).toEqual(['ann withdrawn', 'ann in']);
    // And back again.
    await contests.enter(first, person('ann'));
    expect(await states()).toEqual(['ann withdrawn', 'ann withdrawn', 'ann in']);
  });

  it('is refused beyond as many as each person may enter, until one is withdrawn', async () => {
    const { contests, film, person, states, take } = await createContestStage({
      rules: { entriesPerPerson: 2 },
    });
    const films = [await film('ann'), await film('ann'), await film('ann')] as const;
    const { entry } = viewed(await contests.enter(films[0], person('ann')), 'entered');
    await contests.enter(films[1], person('ann'));
    expect(await codeOf(contests.enter(films[2], person('ann')))).toBe('contest-entries');
    await take({ kind: 'withdraw', entry: entry.id }, person('ann'));
    await contests.enter(films[2], person('ann'));
    expect(await states()).toEqual(['ann withdrawn', 'ann in', 'ann in']);
  });

  it('leaves one entry of somebody who enters twenty films at once', async () => {
    const { contests, film, person, states } = await createContestStage();
    const films: JobId[] = [];
    for (let made = 0; made < 20; made++) films.push(await film('ann'));
    await Promise.all(films.map((render) => contests.enter(render, person('ann'))));
    const live = (await states()).filter((state) => state === 'ann in');
    expect(live).toHaveLength(1);
  });

  it('takes only films of whoever enters, made in that server and still there', async () => {
    const { contests, film, person, bot, world } = await createContestStage();
    const render = await film('ann');
    expect(await codeOf(contests.enter(render, person('bob')))).toBe('contest-film');
    const elsewhere = await film('ann', { origin: { ...someone, server: 'cellar' } });
    await expect(contests.enter(elsewhere, person('ann'))).rejects.toMatchObject({
      data: { problem: 'elsewhere' },
    });
    const message = world.chat.messages.find(({ key }) => key === `${render}:final`);
    await bot.renders.filmGone({ platform: 'web', ref: message?.id ?? '' });
    await expect(contests.enter(render, person('ann'))).rejects.toMatchObject({
      data: { problem: 'not-here' },
    });
    expect(await codeOf(contests.enter('nothing' as JobId, person('ann')))).toBe('not-found');
  });

  it('knows no contest in a server that has none', async () => {
    const { contests, film, person, id } = await createContestStage();
    const render = await film('ann', { origin: { ...someone, server: 'cellar' } });
    const elsewhere = person('ann', {}, 'cellar');
    expect(await codeOf(contests.enter(render, elsewhere))).toBe('contest-none');
    expect(await codeOf(contests.take({ kind: 'enter', contest: id, render }, elsewhere))).toBe('not-found');
  });

  it('is over once voting has begun', async () => {
    const { contests, film, person, moveTo } = await createContestStage();
    const render = await film('ann');
    await moveTo('voting');
    await expect(contests.enter(render, person('ann'))).rejects.toMatchObject({
      code: 'contest-phase',
      data: { phase: 'voting' },
    });
  });

  it('asks for the options that all films must have', async () => {
    const fixed = { size: 64, frames: 16, network: null };
    const { contests, film, person } = await createContestStage({ rules: { fixed } });
    const [short, right] = [await film('ann'), await film('ann', { options: { ...smallFilm, frames: 16 } })];
    await expect(contests.enter(short, person('ann'))).rejects.toMatchObject({
      code: 'contest-fixed',
      data: { field: 'frames', needs: '16', received: '8' },
    });
    expect(await contests.enter(right, person('ann'))).toMatchObject({ kind: 'entered' });
  });

  it('keeps out whoever the rules do not let take part', async () => {
    const rules = { role: { id: 'r1', name: 'Painters' }, memberDays: 30, accountDays: 7 };
    const { contests, film, person, start } = await createContestStage({ rules });
    const render = await film('ann');
    const roles = ['r1'];
    const why = async (facts: Parameters<typeof person>[1]) => {
      try {
        await contests.enter(render, person('ann', facts));
      } catch (error) {
        return (error as { readonly data: unknown }).data;
      }
      return null;
    };
    expect(await why({ roles: [] })).toEqual({ reason: 'role', needs: 'Painters' });
    expect(await why({ roles, memberSince: start - 3 * dayMs })).toEqual({ reason: 'member', needs: '30' });
    expect(await why({ roles, accountSince: start - dayMs })).toEqual({ reason: 'account', needs: '7' });
    expect(await why({ roles, isOutsider: true })).toEqual({ reason: 'outsider', needs: '' });
    expect(await why({ roles })).toBeNull();
  });

  it('cleans the name of whoever enters', async () => {
    const { contests, film, person, entry } = await createContestStage();
    const by = person('ann', { name: 'A\u202enn\n@everyone' });
    const view = viewed(await contests.enter(await film('ann'), by), 'entered');
    expect((await entry(view.entry.id)).userName).toBe('Ann @everyone');
  });
});

describe('a film that is still being rendered', () => {
  const heldStage = async (rules: Parameters<typeof createContestStage>[0] = {}) => {
    const { held, pass } = createGate();
    const stage = await createContestStage({ ...rules, renderer: createFakeRenderer({ before: pass }) });
    const { id } = await stage.bot.renders.submit(stage.world.submission());
    return { ...stage, held, render: id };
  };

  it('is entered, and in once it is done', async () => {
    const { contests, person, held, render, until, states } = await heldStage();
    const view = viewed(await contests.enter(render, person('ann')), 'entered');
    expect(view.entry).toMatchObject({ state: 'rendering', picture: null });
    expect(view.facts.entries).toBe(0);
    held.release();
    await until(['ann in']);
    expect(await states()).toEqual(['ann in']);
  });

  it('comes into the gallery and the announcement where it is done after voting has begun', async () => {
    const { contests, person, held, render, until, world, id } = await heldStage();
    const mine = viewed(await contests.enter(render, person('ann')), 'entered').entry.number;
    await contests.close(person('mod'));
    const postOf = (role: string) => {
      const message = world.chat.messages.find(({ key }) => key === messageKey(contestSubject(id), role));
      const body = message?.history.at(-1)?.body;
      return body?.kind === 'contest' ? body.post : undefined;
    };
    const facts = () => {
      const post = postOf('announcement');
      return post?.kind === 'announcement' ? post.contest : undefined;
    };
    await world.chat.until(() => facts()?.phase === 'voting');
    expect(facts()?.entries).toBe(0);
    expect(postOf('gallery-1')).toBeUndefined();
    held.release();
    await until(['ann in']);
    world.storeClock.advance(15_000);
    await world.chat.until(() => postOf('gallery-1') !== undefined);
    expect(postOf('gallery-1')).toMatchObject({ numbers: [mine] });
    expect(facts()).toMatchObject({ phase: 'voting', entries: 1 });
  });

  it('waits for a moderator once it is done where films need to be let in', async () => {
    const { contests, person, held, render, until } = await heldStage({ rules: { needsApproval: true } });
    await contests.enter(render, person('ann'));
    held.release();
    await until(['ann waiting']);
  });

  it('is withdrawn where it is cancelled', async () => {
    const { contests, person, render, until, bot } = await heldStage();
    await contests.enter(render, person('ann'));
    await bot.renders.cancel(render, person('ann'));
    await until(['ann withdrawn']);
  });

  it('is in although voting has begun meanwhile, and withdrawn where the contest is over', async () => {
    const late = await heldStage();
    await late.contests.enter(late.render, late.person('ann'));
    await late.moveTo('voting');
    late.held.release();
    await late.until(['ann in']);
    const tooLate = await heldStage();
    await tooLate.contests.enter(tooLate.render, tooLate.person('ann'));
    await tooLate.moveTo('closed');
    tooLate.held.release();
    await tooLate.until(['ann withdrawn']);
  });

  it('is looked after by the next process where one dies before its entry follows', async () => {
    const { world, bot, contests, person, render, id, states, store } = await heldStage();
    await contests.enter(render, person('ann'));
    bot.bury();
    await store.jobs.move(render, 'running', 'queued');
    const next = world.start();
    await next.renders.resume();
    await next.finished(render);
    await next.renders.sweep();
    expect(await states()).toEqual(['ann in']);
    expect(await store.contests.entries(id)).toHaveLength(1);
  });
});

describe('a photo that is sent for the contest', () => {
  it('becomes a film with the options that all must have, and is entered before it is fetched', async () => {
    const fixed = { size: 128, frames: 16, network: null };
    const { world, bot, person, until, states } = await createContestStage({ rules: { fixed } });
    const refused = new GramzoomError('chat-unreachable', { platform: 'web', reason: null });
    world.chat.failNext('openAttachment', refused, { times: 1000 });
    const entrant = person('ann');
    const options = { steps: 2 };
    const submitted = bot.renders.submit(world.submission({ options, entrant, answersFirst: true }));
    await until(['ann rendering']);
    const [job] = await bot.renders.mine(entrant.actor);
    expect(job).toMatchObject({ size: 128, progress: { total: 16 } });
    await bot.renders.cancel(job!.id, entrant);
    await submitted;
    await until(['ann withdrawn']);
    expect(await states()).toEqual(['ann withdrawn']);
  });

  it('becomes a film also where it cannot be entered', async () => {
    const { world, bot, person, states, moveTo, contests } = await createContestStage();
    await moveTo('voting');
    const entrant = person('ann');
    const { id } = await bot.renders.submit(world.submission({ entrant }));
    await bot.finished(id);
    expect(await states()).toEqual([]);
    expect(await codeOf(contests.enter(id, entrant))).toBe('contest-phase');
  });
});

describe('an entry whose render fails', () => {
  it('is withdrawn', async () => {
    const renderer = createFakeRenderer({ before: () => Promise.reject(new Error('broken')) });
    const { contests, person, bot, world, until } = await createContestStage({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await contests.enter(id, person('ann')).catch(() => {});
    await bot.finished(id);
    await until(['ann withdrawn']);
  });
});

describe('deleting a film that is entered', () => {
  it('withdraws it, whether it is removed or its message is deleted', async () => {
    const { contests, film, person, bot, world, states } = await createContestStage();
    const [removed, deleted] = [await film('ann'), await film('bob')];
    await contests.enter(removed, person('ann'));
    await contests.enter(deleted, person('bob'));
    await bot.renders.remove(removed, person('ann'));
    const message = world.chat.messages.find(({ key }) => key === `${deleted}:final`);
    await bot.renders.filmGone({ platform: 'web', ref: message?.id ?? '' });
    expect(await states()).toEqual(['ann withdrawn', 'bob withdrawn']);
  });

  it('changes nothing once the contest is closed', async () => {
    const { contests, film, person, bot, moveTo, states, take } = await createContestStage();
    const render = await film('ann');
    const { entry } = viewed(await contests.enter(render, person('ann')), 'entered');
    await moveTo('voting');
    await moveTo('closed');
    await bot.renders.remove(render, person('ann'));
    expect(await states()).toEqual(['ann in']);
    const shown = viewed(await take({ kind: 'show', entry: entry.id }, person('bob')), 'show');
    expect(shown.entry.picture).toBeNull();
  });

  it('leaves a re-roll of it alone, which is a film of its own', async () => {
    const { contests, film, person, bot, states } = await createContestStage({
      rules: { entriesPerPerson: 2 },
    });
    const render = await film('ann');
    const { id: again } = await bot.renders.reroll(render, person('ann'));
    await bot.finished(again);
    await contests.enter(render, person('ann'));
    await contests.enter(again, person('ann'));
    await bot.renders.remove(render, person('ann'));
    expect(await states()).toEqual(['ann withdrawn', 'ann in']);
  });
});

describe('withdrawing', () => {
  it('is for whoever entered it, also while people vote, and changes nothing the second time', async () => {
    const { enter, person, take, states, moveTo } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    for (const other of ['bob', 'mod', 'host'])
      expect(await codeOf(take({ kind: 'withdraw', entry }, person(other)))).toBe('not-yours');
    for (let times = 0; times < 2; times++) {
      const view = viewed(await take({ kind: 'withdraw', entry }, person('ann')), 'status');
      expect(view).toMatchObject({ what: 'withdrawn', entries: [] });
    }
    expect(await states()).toEqual(['ann withdrawn']);
  });

  it('is over once the contest is closed', async () => {
    const { enter, person, take, states, moveTo } = await createContestStage();
    const entry = await enter('ann');
    await moveTo('voting');
    await moveTo('closed');
    expect(await codeOf(take({ kind: 'withdraw', entry }, person('ann')))).toBe('contest-phase');
    expect(await states()).toEqual(['ann in']);
  });
});

describe('whether somebody may enter what they are about to ask for', () => {
  it('is asked of phase, options, rules and how many there are', async () => {
    const rules = { fixed: { size: 64, frames: null, network: null }, entriesPerPerson: 2 };
    const { contests, person, enter, moveTo } = await createContestStage({ rules });
    const admit = (user: string, options: unknown = { size: 64 }) =>
      codeOf(contests.admit(options, person(user)));
    expect(await admit('ann')).toBe('none');
    expect(await admit('ann', {})).toBe('none');
    expect(await admit('ann', { size: 128 })).toBe('contest-fixed');
    expect(await admit('ann', { size: 'huge' })).toBe('request-field');
    await enter('ann');
    expect(await admit('ann')).toBe('none');
    await enter('ann');
    expect(await admit('ann')).toBe('contest-entries');
    expect(await codeOf(contests.admit({ size: 64 }, person('eve', { isOutsider: true })))).toBe(
      'contest-not-eligible',
    );
    await moveTo('voting');
    expect(await admit('bob')).toBe('contest-phase');
    expect(await codeOf(contests.admit({ size: 64 }, person('bob', {}, 'cellar')))).toBe('contest-none');
  });
});

describe('an event that comes again', () => {
  it('is answered with the entry that it has led to, also once nothing more can be entered', async () => {
    const { contests, film, person, states, moveTo } = await createContestStage({
      rules: { entriesPerPerson: 2 },
    });
    await contests.enter(await film('ann'), person('ann'));
    const render = await film('ann', { event: 'event-2' });
    await contests.enter(render, person('ann'));
    const admit = (event: string) => codeOf(contests.admit(smallFilm, { ...person('ann'), event }));
    expect([await admit('event-2'), await admit('event-3')]).toEqual(['none', 'contest-entries']);
    await moveTo('voting');
    expect([await admit('event-2'), await admit('event-3')]).toEqual(['none', 'contest-phase']);
    const again = viewed(await contests.enter(render, person('ann')), 'entered');
    expect(again).toMatchObject({ isNew: false, entry: { number: 2 } });
    expect(await states()).toEqual(['ann in', 'ann in']);
  });
});

describe('the films that can be entered', () => {
  it('are the latest finished ones of that person and server, with pictures, without those that do not fit', async () => {
    const rules = { fixed: { size: 64, frames: null, network: null } };
    const { film, person, take, contests } = await createContestStage({ rules });
    const [first, second] = [await film('ann'), await film('ann')];
    await film('ann', { options: { ...smallFilm, size: 128 } });
    await film('ann', { origin: { ...someone, server: 'cellar' } });
    await film('bob');
    await contests.enter(first, person('ann'));
    const view = viewed(await take({ kind: 'choose' }, person('ann')), 'choose');
    expect(view.films).toMatchObject([
      { render: second, number: null, name: 'cat.jpg', seed: smallFilm.seed },
      { render: first, number: 1 },
    ]);
    expect(view.films.every(({ picture }) => picture?.format === 'gif')).toBe(true);
    expect(view.left).toBe(0);
  });
});
