import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GramzoomError } from '../../src/domain/errors.ts';
import type { JobId } from '../../src/domain/job.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { jobIn, originOf } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const opened = async () => {
  const folder = await createTempFolder();
  const told: GramzoomError[] = [];
  const open = await openStore(folder, { clock: createFakeClock(), onDamaged: (error) => told.push(error) });
  const hand = new Sqlite(join(folder, 'gramzoom.db'));
  onTestFinished(async () => {
    hand.close();
    await open.close();
  });
  const damage = (id: string, { table = 'jobs', column = 'request', value = '{"size":' } = {}): void => {
    hand
      .prepare(`update ${table} set ${column} = ? where ${table === 'posts' ? 'key' : 'id'} = ?`)
      .run(value, id);
  };
  return { ...open, ...open.store, told, damage };
};

describe('a row damaged by hand', () => {
  it.each([
    ['no JSON', { column: 'request', value: '{"size":' }, 'request: it is no JSON'],
    ['JSON of something else', { column: 'attachment', value: '{"platform":"web"}' }, 'attachment.ref: '],
    ['a report with a hole', { column: 'report', value: '{"format":"gif"}' }, 'report.width: '],
    ['a state that nobody knows', { column: 'state', value: 'asleep' }, 'state: '],
    ["a blob's id that leads elsewhere", { column: 'photo', value: '../../secret' }, 'photo: '],
  ])('is named with what is wrong: %s', async (_what, how, problem) => {
    const { store, jobs, damage } = await opened();
    const id = await jobIn(store, 'queued');
    damage(id, how);
    await expect(jobs.get(id)).rejects.toMatchObject({
      code: 'record-damaged',
      data: { record: `render ${id}`, problem: expect.stringContaining(problem) },
    });
  });

  it('is left out of lists, which say so and give the others', async () => {
    const { store, jobs, damage, told } = await opened();
    const [first, second, third] = [
      await jobIn(store, 'queued'),
      await jobIn(store, 'queued'),
      await jobIn(store, 'queued'),
    ];
    damage(second);
    const ids = async (list: Promise<readonly { readonly id: JobId }[]>) => (await list).map(({ id }) => id);
    expect(await ids(jobs.waiting())).toEqual([first, third]);
    expect(await ids(jobs.inState('queued'))).toEqual([first, third]);
    expect(await ids(jobs.ofUser(originOf('room', 'ann'), { limit: 9 }))).toEqual([third, first]);
    expect(told.map(({ data }) => data)).toEqual(
      Array.from({ length: 3 }, () => ({ record: `render ${second}`, problem: 'request: it is no JSON' })),
    );
  });

  it('does not stop the line: it fails, and the next one is taken', async () => {
    const { store, jobs, damage, told } = await opened();
    const [first, second] = [await jobIn(store, 'queued'), await jobIn(store, 'queued')];
    damage(first);
    expect(await jobs.claimNext({ bootId: 'boot' })).toMatchObject({ id: second });
    expect(await jobs.claimNext({ bootId: 'boot' })).toBeUndefined();
    expect(told).toHaveLength(1);
    // With its request mended it can be read again, and says what happened.
    damage(first, { value: JSON.stringify((await jobs.get(second))?.request) });
    expect(await jobs.get(first)).toMatchObject({ state: 'failed', failure: { code: 'record-damaged' } });
  });

  it('can be removed', async () => {
    const { store, jobs, damage } = await opened();
    const id = await jobIn(store, 'done');
    damage(id);
    await jobs.remove(id);
    expect(await jobs.get(id)).toBeUndefined();
  });

  it('of the outbox or of a room leaves the others alone', async () => {
    const { store, posts, roomLog, damage, told } = await opened();
    const job = await jobIn(store, 'running');
    await posts.begin('one', job);
    await posts.begin('two', job);
    damage('one', { table: 'posts', column: 'message', value: 'no' });
    await expect(posts.get('one')).rejects.toMatchObject({ data: { record: 'post one' } });
    expect((await posts.ofJob(job)).map(({ key }) => key)).toEqual(['two']);

    const say = (text: string) =>
      roomLog.append({ room: 'room', thread: null, key: null, said: { kind: 'words', text } });
    const [first, second] = [await say('one'), await say('two')];
    damage(first.id, { table: 'room_messages', column: 'said', value: '{"kind":"shout"}' });
    await expect(roomLog.get(first.id)).rejects.toMatchObject({ data: { record: `message ${first.id}` } });
    expect(await roomLog.latest('room', { limit: 9 })).toEqual([second]);
    expect(told).toHaveLength(2);
  });
});
