import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import { migrations } from '../../src/store/migrations/list.ts';
import { openStore } from '../../src/store/open-store.ts';
import { databaseFile, openDatabase } from '../../src/store/sqlite/open-database.ts';
import { contestIn, enterFilm, moveContest } from '../support/contests.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { newJob } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

describe('a folder from before there were contests', () => {
  it('takes contests, entries and votes, beside the renders that it has', async () => {
    const folder = await createTempFolder();
    const before = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0012'));
    await (await openDatabase(folder, { migrations: before })).destroy();
    const database = new Sqlite(join(folder, databaseFile));
    const { request, attachment, replyTarget } = newJob();
    const texts = [request, attachment, replyTarget].map((value) => JSON.stringify(value));
    database
      .prepare(
        `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
          attempt, frames_done, created_at, root, owner_platform, owner_server, owner_user)
          values ('old', 1, 'web', 'room', 'ann', ?, ?, ?, 'done', 1, 8, 5, 'old', 'web', 'room', 'ann')`,
      )
      .run(...texts);
    database.close();
    const { store, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const { id } = await contestIn(store.contests, 'entering');
    const entry = await enterFilm(store, id, { render: 'old' as JobId });
    await moveContest(store.contests, id, 'voting');
    const ballot = { voter: 'bob', voterName: 'Bob', ranks: [entry.id], doubts: [] };
    expect(await store.contests.vote(id, ballot)).toEqual({ kind: 'cast', changes: 0 });
  });
});

describe('the database itself', () => {
  it('refuses a second open contest of a server, a second entry of a film, and a second vote on a rank or for an entry', async () => {
    const folder = await createTempFolder();
    const { store, close } = await openStore(folder, { clock: createFakeClock() });
    onTestFinished(close);
    const { id } = await contestIn(store.contests, 'entering');
    const [entry, other] = [await enterFilm(store, id), await enterFilm(store, id, { user: 'bob' })];
    const database = new Sqlite(join(folder, databaseFile));
    onTestFinished(() => void database.close());
    /** Copies a row with other values of some columns. */
    const copy = (table: string, values: Readonly<Record<string, unknown>>) => () => {
      const row = database.prepare(`select * from ${table} limit 1`).get() as Record<string, unknown>;
      const changed = { ...row, ...values };
      const names = Object.keys(changed);
      database
        .prepare(`insert into ${table} (${names}) values (${names.map(() => '?')})`)
        .run(...Object.values(changed));
    };
    expect(copy('contests', { id: 'two', sequence: 2 })).toThrow(/UNIQUE.*open_server/);
    copy('contests', { id: 'two', sequence: 2, open_server: null })();
    expect(copy('contest_entries', { id: 'two', number: 9 })).toThrow(/UNIQUE.*held_render/);
    copy('contest_entries', { id: 'two', number: 9, held_render: null })();
    database.prepare('insert into contest_votes values (?, ?, ?, ?)').run(id, 'cid', 1, entry.id);
    expect(copy('contest_votes', { entry: other.id })).toThrow(/UNIQUE.*rank/);
    expect(copy('contest_votes', { rank: 2 })).toThrow(/UNIQUE.*entry/);
    copy('contest_votes', { rank: 2, entry: other.id })();
  });
});
