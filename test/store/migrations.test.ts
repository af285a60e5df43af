import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import { type Migrations, migrations } from '../../src/store/migrations/list.ts';
import { openStore } from '../../src/store/open-store.ts';
import { databaseFile, openDatabase } from '../../src/store/sqlite/open-database.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { blobNamed, newJob, noLimits } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const first: Migrations = { '0001-renders-and-rooms': migrations['0001-renders-and-rooms']! };

/** What the first version wrote for a render and the messages about it. */
const writeAsBefore = (
  folder: string,
  id: string,
  messages: Readonly<Record<string, string | null>>,
  later: Readonly<Record<string, string>> = {},
): void => {
  const database = new Sqlite(join(folder, databaseFile));
  const { request, attachment, replyTarget } = newJob();
  database
    .prepare(
      `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
        attempt, frames_done, created_at) values (?, 1, 'web', 'room', 'ann', ?, ?, ?, 'queued', 0, 0, 5)`,
    )
    .run(id, JSON.stringify(request), JSON.stringify(attachment), JSON.stringify(replyTarget));
  for (const [column, value] of Object.entries(later)) {
    database.prepare(`update jobs set ${column} = ?`).run(value);
  }
  database.exec("update counters set value = 1 where name = 'job'");
  Object.entries(messages).forEach(([key, message], sequence) => {
    database.prepare('insert into posts values (?, ?, ?, ?)').run(key, sequence, id, message);
  });
  database.close();
};

describe('a folder of the first version', () => {
  it('goes on with its renders, and its messages can be found by where they stand', async () => {
    const folder = await createTempFolder();
    await (await openDatabase(folder, { migrations: first })).destroy();
    const message = { platform: 'web', ref: 'message-1' } as const;
    writeAsBefore(folder, 'old', {
      'old:answer': JSON.stringify(message),
      'old:progress': null,
      'old:nowhere': '{"platform":"web","ref":""}',
      'old:final': 'no JSON',
    });

    const { store, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    expect(await readdir(folder)).toContain(`backup-before-${Object.keys(migrations).length}.db`);
    const id = 'old' as JobId;
    expect(await store.jobs.get(id)).toMatchObject({ id, state: 'queued', createdAt: 5 });
    expect(await store.outbox.get('old:answer')).toEqual(message);
    expect(await store.outbox.of(message)).toMatchObject({
      key: 'old:answer',
      subject: { kind: 'render', id },
    });
    expect(await store.outbox.of({ platform: 'web', ref: '' })).toBeUndefined();
    expect(await store.outbox.latest('web', { kind: 'render', role: 'answer', limit: 9 })).toEqual([message]);
    expect(await store.outbox.latest('web', { kind: 'render', role: 'final', limit: 9 })).toEqual([]);
    expect((await store.outbox.unfinished()).map(({ key }) => key)).toEqual(['old:progress']);

    const next = newJob({ event: 'interaction:1' });
    expect(await store.jobs.insert(next, noLimits)).toMatchObject({ job: { sequence: 2 } });
    const reaction = { message, kind: 'reroll', user: 'ann' } as const;
    expect(await store.reactions.add(reaction)).toEqual({ sequence: 1, isSettled: false });
  });

  it('has in the calendar what its processes would have taken away, and its reactions lead where they led', async () => {
    const folder = await createTempFolder();
    const before = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0009'));
    await (await openDatabase(folder, { migrations: before })).destroy();
    writeAsBefore(
      folder,
      'old',
      {},
      { root: 'old', owner_platform: 'web', owner_server: '', owner_user: '' },
    );
    const database = new Sqlite(join(folder, databaseFile));
    const post = database.prepare("insert into posts values (?, ?, 'old', null, null)");
    for (const [sequence, role] of ['answer', 'notice', 'withdrawn', 'copy-3'].entries()) {
      post.run(`old:${role}`, sequence);
    }
    database.exec("insert into reactions values ('web message-1', 'reroll', 'bob', 1, 1, 'again', 1, 0)");
    database.exec("insert into tries values ('old', 'fetch', 4)");
    database.close();

    const { store, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const subject = renderSubject('old');
    expect((await store.outbox.ofSubject(subject)).map(({ role }) => role)).toEqual([
      'answer',
      'notice',
      'copy-3',
    ]);
    const due = await store.calendar.takeDue({ limit: 9, retryMs: () => 1000 });
    expect(due.map(({ what }) => what).sort()).toEqual(['remove-withdrawn', 'remove:notice']);
    expect(due[0]?.subject).toEqual(subject);
    const message = { platform: 'web', ref: 'message-1' } as const;
    expect(await store.reactions.take({ message, kind: 'reroll', user: 'bob' })).toEqual({
      ledTo: renderSubject('again'),
    });
    expect(await store.tries.count('old', 'fetch')).toBe(4);
  });

  it('keeps the ages that its files have, by the newest thing that it knows', async () => {
    const folder = await createTempFolder();
    await (await openDatabase(folder, { migrations: first })).destroy();
    const clock = createFakeClock();
    const dayMs = 86_400_000;
    const database = new Sqlite(join(folder, databaseFile));
    const { request, attachment, replyTarget } = newJob();
    const insert = database.prepare(
      `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
        attempt, frames_done, created_at, finished_at, finish, result)
        values (?, ?, 'web', 'room', 'ann', ?, ?, ?, 'done', 0, 0, ?, ?, ?, ?)`,
    );
    const [old, fromTheFuture, young] = ['a', 'b', 'c'].map(blobNamed);
    const ages = [
      [old, 20],
      [fromTheFuture, -400],
      [young, 5],
    ] as const;
    ages.forEach(([blob, days], index) => {
      const at = clock.wallTime() - days * dayMs;
      const texts = [request, attachment, replyTarget].map((value) => JSON.stringify(value));
      insert.run(`job-${index}`, index + 1, ...texts, at, at, index + 1, blob);
    });
    database.close();
    const { store, close } = await openStore(folder, { clock });
    onTestFinished(close);
    const { now, jumpMs } = await store.retention.passTime();
    // Off for five days, which count as one.
    expect(jumpMs).toBe(5 * dayMs);
    const olderThan = async (days: number) =>
      (await store.retention.films({ after: 0, limit: 9, before: now - days * dayMs })).blobs;
    expect(await olderThan(17)).toEqual([]);
    expect(await olderThan(15)).toEqual([old]);
    expect(await olderThan(0.5)).toEqual([old, fromTheFuture, young]);
  });

  it('counts people across servers from then on, and guests under the person', async () => {
    const folder = await createTempFolder();
    const before = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0005'));
    await (await openDatabase(folder, { migrations: before })).destroy();
    const database = new Sqlite(join(folder, databaseFile));
    const { request, attachment } = newJob();
    const insert = database.prepare(
      `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
        attempt, frames_done, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, 0, 5)`,
    );
    const rows = [
      ['discord', 'g1', 'ann', false],
      ['discord', 'g2', 'ann', true],
      ['discord', 'dm:4', 'ann', false],
      ['discord', 'g3', 'bob', false],
    ] as const;
    rows.forEach(([platform, server, user, isGuest], index) => {
      const target = { platform, ref: JSON.stringify({ isGuest }) };
      const texts = [request, attachment, target].map((value) => JSON.stringify(value));
      insert.run(`job-${index}`, index + 1, platform, server, user, ...texts);
    });
    const served = database.prepare('insert into served_users values (?, ?, ?, ?, 5)');
    served.run('discord', 'g7', 'ann', 8);
    served.run('discord', 'dm:4', 'ann', 3);
    database.prepare("insert into served_servers values ('discord', 'dm:4', 3, 5)").run();
    database.prepare("insert into served_servers values ('discord', 'g3', 4, 5)").run();
    database.prepare("update counters set value = 9 where name in ('job', 'claim')").run();
    database.close();

    const { store, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const waiting = await store.jobs.waiting();
    const [g1, guest, dm, g3] = rows.map((_, index) => `job-${index}`);
    expect(waiting.map(({ id }) => id)).toEqual([g3, g1, guest, dm]);
    const serverOf = (id: string | undefined) => waiting.find((job) => job.id === id)?.origin.server;
    expect([g1, guest, dm].map(serverOf)).toEqual(['g1', 'user:ann', 'user:ann']);
    const ann = { platform: 'discord', server: 'elsewhere', user: 'ann' } as const;
    expect(await store.jobs.reachedLimit(ann, { perUser: 3, perServer: 9 })).toBe('user-limit');
  });

  it('knows whose photos its renders are of, and who said what', async () => {
    const folder = await createTempFolder();
    await (await openDatabase(folder, { migrations: first })).destroy();
    const database = new Sqlite(join(folder, databaseFile));
    const { request, attachment, replyTarget } = newJob();
    const texts = [request, attachment, replyTarget].map((value) => JSON.stringify(value));
    const insert = database.prepare(
      `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
        attempt, frames_done, created_at, parent, photo)
        values (?, ?, 'web', 'room', ?, ?, ?, ?, 'failed', 0, 0, 5, ?, ?)`,
    );
    insert.run('own', 1, 'ann', ...texts, null, blobNamed('a'));
    insert.run('again', 2, 'bob', ...texts, 'own', null);
    insert.run('same', 3, 'bob', ...texts, null, blobNamed('a'));
    insert.run('other', 4, 'bob', ...texts, null, blobNamed('b'));
    const say = database.prepare(
      `insert into room_messages (id, sequence, version, room, said, created_at) values (?, ?, ?, 'room', ?, 5)`,
    );
    say.run('hello', 1, 1, JSON.stringify({ kind: 'person', name: 'ann', text: 'hello', photo: null }));
    say.run('words', 2, 2, JSON.stringify({ kind: 'words', text: 'ann' }));
    database.close();
    const { store, roomLog, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const sources = ['own', 'again', 'same', 'other'].map(
      async (id) => (await store.jobs.get(id as JobId))?.source,
    );
    expect((await Promise.all(sources)).map((source) => [source?.root, source?.owner.user])).toEqual([
      ['own', 'ann'],
      ['own', 'ann'],
      ['same', 'bob'],
      ['other', 'bob'],
    ]);
    expect((await roomLog.ofPerson('ann')).map(({ id }) => id)).toEqual(['hello']);
  });

  it('continues what a process of before ran, and knows what was begun', async () => {
    const folder = await createTempFolder();
    const before = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0010'));
    await (await openDatabase(folder, { migrations: before })).destroy();
    const database = new Sqlite(join(folder, databaseFile));
    const { request, attachment, replyTarget } = newJob();
    const insert = database.prepare(
      `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
        attempt, boot_id, frames_done, created_at, root, owner_platform, owner_server, owner_user)
        values (?, ?, 'web', 'room', 'ann', ?, ?, ?, ?, 1, ?, 3, 5, ?, 'web', 'room', 'ann')`,
    );
    const texts = [request, attachment, replyTarget].map((value) => JSON.stringify(value));
    insert.run('ran', 1, ...texts, 'running', 'a boot of before', 'ran');
    insert.run('waits', 2, ...texts, 'queued', null, 'waits');
    database.prepare("update counters set value = 9 where name in ('job', 'claim')").run();
    database.close();
    const { store, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const [ran, waits] = ['ran' as JobId, 'waits' as JobId];
    expect(await store.jobs.get(ran)).toMatchObject({ state: 'running', claim: 0, unitsDone: 3 });
    expect(await store.jobs.get(waits)).toMatchObject({ state: 'queued', claim: null });
    expect(await store.leases.claimNext()).toMatchObject({ id: ran, claim: 10, attempt: 2 });
    expect(await store.leases.claimNext()).toMatchObject({ id: waits, claim: 11 });
  });
});
