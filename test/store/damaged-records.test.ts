import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GramzoomError } from '../../src/domain/errors.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Reaction } from '../../src/ports/reactions.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aReport, blobNamed, jobIn, newJob, noLimits, originOf } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const opened = async () => {
  const folder = await createTempFolder();
  const told: GramzoomError[] = [];
  const open = await openStore(folder, { clock: createFakeClock(), onDamaged: (error) => told.push(error) });
  const hand = new Sqlite(join(folder, 'gramzoom.db'));
  hand.pragma('foreign_keys = ON');
  onTestFinished(async () => {
    hand.close();
    await open.close();
  });
  const damage = (
    id: string,
    { table = 'jobs', key = 'id', column = 'request', value = '{"size":' as unknown } = {},
  ): void => {
    const { changes } = hand.prepare(`update ${table} set ${column} = ? where ${key} = ?`).run(value, id);
    if (changes === 0) throw new Error('nothing was damaged');
  };
  const kept = () =>
    hand.prepare('select kind, id, record from damaged_records').all() as {
      kind: string;
      id: string;
      record: string;
    }[];
  return { ...open, ...open.store, told, damage, kept, hand };
};

const unfinished = ['fetching', 'queued', 'running'] as const;

/** Columns and values that no version reads. */
const poisons: readonly (readonly [string, unknown])[] = [
  ['request', '{"size":'],
  ['request', '{"size":64}'],
  ['request', 'null'],
  ['attachment', '{"platform":"web"}'],
  ['attachment', '{"platform":7,"ref":"1","name":"x"}'],
  ['reply_target', 'no'],
  ['reply_target', '{"platform":7,"ref":"1"}'],
  ['report', '{"format":"gif"}'],
  ['photo', '../../secret'],
  ['poster', 'x'],
  ['result', 'x'],
  ['failure', '[]'],
  ['attempt', 'often'],
  ['attempt', -1],
  ['frames_done', 1.5],
  ['created_at', 'yesterday'],
  ['finished_at', 'tomorrow'],
  ['claim', Buffer.from('x')],
  ['parent', Buffer.from('x')],
  ['sequence', 'first'],
];

describe("a render's row damaged by hand", () => {
  it.each(poisons.flatMap(([column, value]) => unfinished.map((state) => [column, value, state] as const)))(
    'fails with %s = %j in state %s: kept as it was found, told of once, and owed to whoever asked',
    async (column, value, state) => {
      const { store, jobs, damage, told, kept, hand } = await opened();
      const [id, other] = [await jobIn(store, state), await jobIn(store, state)];
      damage(id, { column, value });
      const before = hand.prepare('select * from jobs where id = ?').get(id);
      for (let sweep = 0; sweep < 2; sweep++) {
        expect((await jobs.inState(state)).map((job) => job.id)).toEqual([other]);
      }
      expect(await jobs.get(id)).toMatchObject({
        id,
        state: 'failed',
        failure: { code: 'record-damaged', data: { record: `render ${id}` } },
      });
      expect(told).toMatchObject([{ data: { problem: expect.stringContaining(column) } }]);
      expect(kept()).toEqual([{ kind: 'job', id, record: JSON.stringify(before) }]);
      expect((await jobs.failedUntold()).map((job) => job.id)).toEqual([id]);
      expect([await jobs.noteTold(id), await jobs.noteTold(id)]).toEqual([true, false]);
      expect(await jobs.failedUntold()).toEqual([]);
    },
  );

  it('fails with a state that nobody knows', async () => {
    const { store, jobs, damage } = await opened();
    const id = await jobIn(store, 'queued');
    damage(id, { column: 'state', value: 'asleep' });
    expect(await jobs.get(id)).toMatchObject({ state: 'failed', failure: { code: 'record-damaged' } });
    expect(await jobs.failedUntold()).toHaveLength(1);
  });

  it.each(poisons)('stays finished with %s = %j, and owes nothing', async (column, value) => {
    const { store, jobs, damage, told } = await opened();
    const id = await jobIn(store, 'done');
    damage(id, { column, value });
    expect(await jobs.ofUser(originOf('room', 'ann'), { limit: 9 })).toMatchObject([{ id, state: 'done' }]);
    expect(await jobs.get(id)).toMatchObject({ id, state: 'done' });
    expect(told).toHaveLength(1);
    expect(await jobs.failedUntold()).toEqual([]);
  });

  it('is delivered all the same where only its report is damaged', async () => {
    const { store, jobs, damage } = await opened();
    const id = await jobIn(store, 'running');
    const result = blobNamed('a');
    await jobs.move(id, 'running', 'delivering', { result, report: aReport });
    damage(id, { column: 'report', value: '{}' });
    expect(await jobs.get(id)).toMatchObject({ state: 'delivering', result, report: null });
  });

  it('goes with all that was said about it where nobody knows whose it is', async () => {
    const { store, jobs, outbox, damage, told, kept } = await opened();
    const [id, other] = [await jobIn(store, 'queued'), await jobIn(store, 'queued')];
    await outbox.begin(`${id}:answer`);
    damage(id, { column: 'platform', value: '' });
    expect((await jobs.inState('queued')).map((job) => job.id)).toEqual([other]);
    expect(await jobs.get(id)).toBeUndefined();
    expect(await outbox.unfinished()).toEqual([]);
    expect(told).toHaveLength(1);
    expect(JSON.parse(kept()[0]!.record)).toMatchObject({ id, posts: [{ key: `${id}:answer` }] });
  });

  it('is left out of the line, and the others stand in it', async () => {
    const { store, jobs, damage, told } = await opened();
    const [first, second, third] = [
      await jobIn(store, 'queued'),
      await jobIn(store, 'queued'),
      await jobIn(store, 'queued'),
    ];
    damage(second);
    expect((await jobs.waiting()).map(({ id }) => id)).toEqual([first, third]);
    expect(told).toHaveLength(1);
  });

  it('does not stop the line: it fails, and the next one is taken', async () => {
    const { store, jobs, damage, told } = await opened();
    const [first, second] = [await jobIn(store, 'queued'), await jobIn(store, 'queued')];
    damage(first);
    expect(await store.leases.claimNext()).toMatchObject({ id: second });
    expect(await store.leases.claimNext()).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(await jobs.get(first)).toMatchObject({ state: 'failed', failure: { code: 'record-damaged' } });
  });

  it('holds no place among those that its user may have, before anybody has read it', async () => {
    const { store, jobs, damage } = await opened();
    damage(await jobIn(store, 'queued'));
    damage(await jobIn(store, 'fetching'), { column: 'attachment', value: '' });
    expect(await jobs.insert(newJob(), { perUser: 1, perServer: 1 })).toMatchObject({ kind: 'inserted' });
    expect(await jobs.insert(newJob(), { perUser: 1, perServer: 9 })).toMatchObject({ kind: 'user-limit' });
  });

  it('is known by the event that it came from', async () => {
    const { store, jobs, damage } = await opened();
    const job = newJob({ event: 'click-1' });
    damage(await jobIn(store, 'queued', job));
    const again = await jobs.insert(newJob({ event: 'click-1' }), noLimits);
    expect(again).toMatchObject({ kind: 'known', job: { id: job.id, state: 'failed' } });
    expect(await jobs.ofEvent('web', 'click-1')).toMatchObject({ id: job.id });
  });

  it('can be removed', async () => {
    const { store, jobs, damage } = await opened();
    const id = await jobIn(store, 'done');
    damage(id);
    await jobs.remove(id);
    expect(await jobs.get(id)).toBeUndefined();
  });
});

describe('whose turn it is', () => {
  it('is found although what was noted about it is damaged', async () => {
    const { store, jobs, hand } = await opened();
    const of = (server: string) => newJob({ origin: originOf(server, 'ann') });
    for (const server of ['one', 'two']) await jobIn(store, 'queued', of(server));
    for (let i = 0; i < 2; i++) await store.leases.claimNext();
    const [first, second] = [
      await jobIn(store, 'queued', of('two')),
      await jobIn(store, 'queued', of('one')),
    ];
    hand.exec("update served_servers set claim = 'x'; update served_users set claim = 'x'");
    expect((await jobs.waiting()).map(({ id }) => id)).toEqual([first, second]);
    expect(await store.leases.claimNext()).toMatchObject({ id: first });
  });
});

describe('a counter damaged by hand', () => {
  it.each([
    ["update counters set value = 'x'", 'no number'],
    ['delete from counters', 'gone'],
    ['update counters set value = -7', 'below 0'],
  ])('goes on behind what was counted: %s', async (statement) => {
    const folder = await createTempFolder();
    const first = await openStore(folder, { clock: createFakeClock() });
    for (let i = 0; i < 3; i++) await jobIn(first.store, 'queued');
    await first.store.leases.claimNext();
    await first.roomLog.append({ room: 'room', thread: null, key: null, said: { kind: 'words', text: '1' } });
    await first.close();
    const hand = new Sqlite(join(folder, 'gramzoom.db'));
    hand.exec(statement);
    hand.exec("update folder_time set seen = 'x'");
    hand.close();
    const { store, roomLog, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const id = await jobIn(store, 'done');
    expect(await store.jobs.get(id)).toMatchObject({ sequence: 4 });
    const said = { kind: 'words', text: '2' } as const;
    expect(await roomLog.append({ room: 'room', thread: null, key: null, said })).toMatchObject({
      version: 2,
    });
    await store.check();
  });
});

describe('a post damaged by hand', () => {
  const message = { platform: 'discord', ref: '12/34', grant: 'secret' } as const;

  it('is still known by where it stands', async () => {
    const { store, outbox, damage, told, kept } = await opened();
    const job = await jobIn(store, 'running');
    const [one, two] = [`${job}:one`, `${job}:two`];
    for (const key of [one, two]) await outbox.begin(key);
    await outbox.finish(one, message);
    damage(one, { table: 'outbox', key: 'key', column: 'message', value: 'no' });
    const { platform, ref } = message;
    expect(await outbox.begin(one)).toEqual({ message: { platform, ref }, begunBefore: true });
    expect(await outbox.get(one)).toEqual({ platform, ref });
    expect((await outbox.ofSubject(renderSubject(job))).map(({ key }) => key)).toEqual([one, two]);
    expect(told).toHaveLength(1);
    expect(kept()).toMatchObject([{ kind: 'post', id: one }]);
  });

  it.each([null, '', 'nowhere', ' 12/34'])('counts as begun where it stands at %j', async (place) => {
    const { store, outbox, damage } = await opened();
    const job = await jobIn(store, 'running');
    const key = `${job}:final`;
    await outbox.begin(key);
    await outbox.finish(key, message);
    for (const [column, value] of [
      ['message', '{"platform":"icq"}'],
      ['place', place],
    ] as const) {
      damage(key, { table: 'outbox', key: 'key', column, value });
    }
    expect(await outbox.latest('discord', { kind: 'render', role: 'final', limit: 9 })).toEqual([]);
    expect(await outbox.ofSubject(renderSubject(job))).toMatchObject([{ key, message: null }]);
    expect(await outbox.begin(key)).toEqual({ message: null, begunBefore: true });
  });
});

describe('a reaction damaged by hand', () => {
  const reaction: Reaction = {
    message: { platform: 'discord', ref: '12/34' },
    kind: 'reroll',
    user: 'ann',
  };

  it.each([
    ['settled', 'perhaps'],
    ['sequence', 'first'],
  ])('counts as dealt with where its %s is, so that nothing is done twice', async (column, value) => {
    const { reactions, damage, told } = await opened();
    await reactions.add(reaction);
    damage('ann', { table: 'reactions', key: 'user_id', column, value });
    expect(await reactions.on(reaction.message)).toMatchObject([{ user: 'ann', isSettled: true }]);
    expect(await reactions.add(reaction)).toMatchObject({ isSettled: true });
    expect(told).toHaveLength(1);
  });

  it('is gone where nobody knows what it was', async () => {
    const { reactions, damage, told, kept } = await opened();
    await reactions.add(reaction);
    await reactions.add({ ...reaction, user: 'bob' });
    damage('ann', { table: 'reactions', key: 'user_id', column: 'kind', value: 'applause' });
    for (let look = 0; look < 2; look++) {
      expect((await reactions.on(reaction.message)).map(({ user }) => user)).toEqual(['bob']);
    }
    expect(told).toHaveLength(1);
    expect(kept()).toMatchObject([{ kind: 'reaction' }]);
  });
});

describe("a room's message damaged by hand", () => {
  it.each(['{"kind":"shout"}', '{', '{"kind":"render","content":{}}'])(
    'keeps its place, and what stands under it: %s',
    async (value) => {
      const { roomLog, damage, told, kept } = await opened();
      const say = (text: string, thread: string | null = null) =>
        roomLog.append({ room: 'room', thread, key: text, said: { kind: 'words', text } });
      const first = await say('one');
      const [below, second] = [await say('below', first.id), await say('two')];
      damage(first.id, { table: 'room_messages', column: 'said', value });
      for (let look = 0; look < 2; look++) {
        const said = await roomLog.latest('room', { limit: 9 });
        expect(said).toMatchObject([{ id: first.id, said: { kind: 'damaged' } }, below, second]);
      }
      expect(told).toHaveLength(1);
      expect(kept()).toMatchObject([{ kind: 'message', id: first.id }]);
      expect(await say('one')).toMatchObject({ id: first.id });
      expect(await roomLog.edit(first.id, { kind: 'words', text: 'again' })).toMatchObject({
        said: { text: 'again' },
      });
    },
  );

  it.each([
    ['version', 'newest'],
    ['created_at', 'yesterday'],
  ])('is shown all the same where its %s is', async (column, value) => {
    const { roomLog, damage } = await opened();
    const said = { kind: 'words', text: 'one' } as const;
    const { id } = await roomLog.append({ room: 'room', thread: null, key: null, said });
    damage(id, { table: 'room_messages', column, value });
    expect(await roomLog.latest('room', { limit: 9 })).toMatchObject([{ id, said }]);
    expect(await roomLog.get(id)).toMatchObject({ id, said });
  });
});

describe('what was set aside', () => {
  it('goes with the age of rows', async () => {
    const { jobs, retention, damage, kept } = await opened();
    const id = await jobIn({ jobs } as Store, 'queued', newJob());
    damage(id);
    await jobs.get(id);
    const { now } = await retention.passTime();
    expect(await retention.removeRows({ before: now, limit: 9 })).toMatchObject({ damaged: 0 });
    expect(kept()).toHaveLength(1);
    expect(await retention.removeRows({ before: now + 1, limit: 9 })).toMatchObject({ damaged: 1 });
    expect(kept()).toEqual([]);
  });

  it('goes with a person who is forgotten, and not with one whose name only begins so', async () => {
    const { jobs, erasures, damage, kept } = await opened();
    const store = { jobs } as Store;
    const of = (user: string) => newJob({ origin: originOf('room', user) });
    const [ann, annabel] = [await jobIn(store, 'done', of('Ann')), await jobIn(store, 'done', of('Annabel'))];
    const called = await jobIn(
      store,
      'done',
      newJob({ origin: originOf('room', 'bob'), replyTarget: { platform: 'web', ref: '{"user":"Ann"}' } }),
    );
    for (const id of [ann, annabel, called]) {
      damage(id);
      await jobs.get(id);
    }
    await erasures.begin({ kind: 'person', person: originOf('room', 'Ann') });
    expect(kept().map(({ id }) => id)).toEqual([annabel]);
  });
});

describe('a reaction to what no row knows any more', () => {
  it('goes at once', async () => {
    const { reactions, retention } = await opened();
    const message = { platform: 'web', ref: 'gone' } as const;
    await reactions.add({ message, kind: 'reroll', user: 'ann' });
    await retention.removeRows({ before: 0, limit: 9 });
    expect(await reactions.on(message)).toEqual([]);
  });
});
