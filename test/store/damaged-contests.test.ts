import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { contestFollowUp, contestSubject } from '../../src/domain/contest/contest.ts';
import type { GramzoomError } from '../../src/domain/errors.ts';
import { openStore } from '../../src/store/open-store.ts';
import { databaseFile } from '../../src/store/sqlite/open-database.ts';
import { contestIn, enterFilm, moveContest, newContest } from '../support/contests.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const opened = async () => {
  const folder = await createTempFolder();
  const told: GramzoomError[] = [];
  const { store, close } = await openStore(folder, {
    clock: createFakeClock(),
    onDamaged: (error) => told.push(error),
  });
  const hand = new Sqlite(join(folder, databaseFile));
  hand.pragma('foreign_keys = ON');
  onTestFinished(async () => {
    hand.close();
    await close();
  });
  const damage = (table: string, id: string, column: string, value: unknown): void => {
    const { changes } = hand.prepare(`update ${table} set ${column} = ? where id = ?`).run(value, id);
    if (changes !== 1) throw new Error('nothing was damaged');
  };
  const kept = () => hand.prepare('select kind, id from damaged_records').all();
  return { store, contests: store.contests, damage, kept, told };
};

/** Columns without which nobody knows what was announced, and values that no version reads. */
const poisons: readonly (readonly [string, unknown])[] = [
  ['home', 'no'],
  ['rules', '{"theme":7}'],
  ['enter_until', '{"at":"noon"}'],
  ['vote_until', '['],
  ['phase', 'asleep'],
  ['phase_since', 'yesterday'],
  ['round', 0],
];

/** Columns that a contest can do without. */
const scratches: readonly (readonly [string, unknown])[] = [
  ['sequence', 'first'],
  ['outcome', '{"kind":"tie"}'],
  ['poster', '../secret'],
  ['host_name', Buffer.from('x')],
  ['created_at', 'yesterday'],
  ['version', 'newest'],
];

describe("a contest's row damaged by hand", () => {
  it.each(poisons)(
    'is cancelled while it is open with %s = %j, so that its server can have another one',
    async (column, value) => {
      const { store, contests, damage, kept, told } = await opened();
      const other = await contestIn(
        contests,
        'entering',
        newContest({ origin: { ...newContest().origin, server: 'attic' } }),
      );
      const { id } = await contestIn(contests, 'entering');
      damage('contests', id, column, value);
      for (let look = 0; look < 2; look++) expect(await contests.open()).toEqual([other]);
      expect(await contests.get(id)).toMatchObject({ id, phase: 'cancelled' });
      expect(told).toMatchObject([{ code: 'record-damaged', data: { record: `contest ${id}` } }]);
      expect(kept()).toEqual([{ kind: 'contest', id }]);
      expect(await store.calendar.has({ subject: contestSubject(id), what: contestFollowUp })).toBe(true);
      expect(await contests.insert(newContest())).toMatchObject({ kind: 'inserted' });
    },
  );

  it.each(scratches)('goes on with %s = %j', async (column, value) => {
    const { contests, damage, kept } = await opened();
    const { id } = await contestIn(contests, 'entering');
    damage('contests', id, column, value);
    expect(await contests.openIn('web', 'room')).toMatchObject({ id, phase: 'entering' });
    expect(await moveContest(contests, id, 'voting')).toMatchObject({ phase: 'voting' });
    expect(kept()).toHaveLength(1);
  });

  it.each([...scratches, ['home', 'no'], ['rules', 'null']] as const)(
    'stays closed with %s = %j',
    async (column, value) => {
      const { contests, damage } = await opened();
      const { id } = await contestIn(contests, 'closed');
      damage('contests', id, column, value);
      expect(await contests.ofServer('web', 'room', { limit: 9 })).toMatchObject([{ id, phase: 'closed' }]);
    },
  );

  it('makes way for another one where nobody knows where it was', async () => {
    const { contests, damage, kept } = await opened();
    const { id } = await contestIn(contests, 'entering');
    damage('contests', id, 'server', Buffer.from('room'));
    expect(await contests.get(id)).toBeUndefined();
    expect(await contests.insert(newContest())).toMatchObject({ kind: 'inserted' });
    expect(kept()).toEqual([{ kind: 'contest', id }]);
  });

  it('is not changed by whoever knew it as it was', async () => {
    const { contests, damage } = await opened();
    const { id, version } = await contestIn(contests, 'entering');
    damage('contests', id, 'poster', 'x');
    expect(await contests.update(id, version, { phase: 'voting' })).toBeUndefined();
    expect(await contests.get(id)).toMatchObject({ phase: 'entering', version: version + 1 });
  });
});

describe("an entry's row damaged by hand", () => {
  it.each([
    ['number', 'first', { number: 3, state: 'in' }],
    ['user_name', Buffer.from('x'), { userName: '', state: 'in' }],
    ['photo_owner', Buffer.from('x'), { photoOwner: 'ann', state: 'in' }],
    ['state', 'asleep', { state: 'waiting' }],
    ['created_at', 'yesterday', { state: 'in' }],
  ])('is kept with %s = %j, without what cannot be read', async (column, value, expected) => {
    const { store, contests, damage, kept } = await opened();
    const { id } = await contestIn(contests, 'entering');
    const [entry, other] = [await enterFilm(store, id), await enterFilm(store, id, { user: 'bob' })];
    damage('contest_entries', entry.id, column, value);
    const entries = await contests.entries(id);
    expect(entries.find((each) => each.id === entry.id)).toMatchObject(expected);
    expect(entries).toContainEqual(other);
    expect(kept()).toEqual([{ kind: 'entry', id: entry.id }]);
  });

  it('is gone, with the votes for it, where nobody knows whose it was', async () => {
    const { store, contests, damage } = await opened();
    const { id } = await contestIn(contests, 'entering');
    const [entry, other] = [await enterFilm(store, id), await enterFilm(store, id, { user: 'bob' })];
    await moveContest(contests, id, 'voting');
    await contests.vote(id, { voter: 'cid', voterName: 'Cid', ranks: [entry.id, other.id], doubts: [] });
    damage('contest_entries', entry.id, 'user_id', Buffer.from('ann'));
    expect(await contests.entries(id)).toEqual([other]);
    expect(await contests.ballotOf(id, 'cid')).toEqual([other.id]);
  });
});
