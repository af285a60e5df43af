import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MessageContent } from '../../src/domain/message.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aReport, jobIn, newJob } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** A store, and a hand that changes a field in the JSON of a column in every row. */
const opened = async () => {
  const folder = await createTempFolder();
  const open = await openStore(folder, { clock: createFakeClock() });
  const hand = new Sqlite(join(folder, 'gramzoom.db'));
  onTestFinished(async () => {
    hand.close();
    await open.close();
  });
  const forget = (table: string, column: string, path: string): number =>
    hand
      .prepare(
        `update ${table} set ${column} = json_remove(${column}, ?) where json_type(${column}, ?) is not null`,
      )
      .run(path, path).changes;
  const replace = (
    table: string,
    column: string,
    { path, value }: { readonly path: string; readonly value: string },
  ): number =>
    hand.prepare(`update ${table} set ${column} = json_set(${column}, ?, ?)`).run(path, value).changes;
  const rewrite = (table: string, column: string, path: string, value: object): number =>
    hand
      .prepare(`update ${table} set ${column} = json_set(${column}, ?, json(?))`)
      .run(path, JSON.stringify(value)).changes;
  return { ...open, forget, replace, rewrite };
};

describe('what was written before there were depths and qualities', () => {
  it('is a render at the depth that there was', async () => {
    const { store, forget } = await opened();
    const id = await jobIn(store, 'running', newJob());
    await store.jobs.move(id, 'running', 'delivering', { report: aReport });
    const before = await store.jobs.get(id);
    expect([forget('jobs', 'request', '$.depth'), forget('jobs', 'report', '$.depth')]).toEqual([1, 1]);
    expect(await store.jobs.get(id)).toEqual(before);
    expect(before).toMatchObject({ request: { depth: 'style' }, report: { depth: 'style' } });
  });

  it('is a render of the one shape and quality that there were', async () => {
    const { store, forget } = await opened();
    const id = await jobIn(store, 'running', newJob());
    await store.jobs.move(id, 'running', 'delivering', { report: aReport });
    const before = await store.jobs.get(id);
    for (const field of ['aspect', 'quality']) {
      expect(forget('jobs', 'request', `$.${field}`)).toBe(1);
    }
    expect(forget('jobs', 'report', '$.quality')).toBe(1);
    expect(await store.jobs.get(id)).toEqual(before);
    expect(before?.request).toMatchObject({
      aspect: 'square',
      quality: 'standard',
      steps: 2,
    });
  });

  it('is a file computed in the one precision that there was', async () => {
    const { store, forget } = await opened();
    const id = await jobIn(store, 'running', newJob());
    await store.jobs.move(id, 'running', 'delivering', { report: aReport });
    const before = await store.jobs.get(id);
    expect(forget('jobs', 'report', '$.precision')).toBe(1);
    expect(await store.jobs.get(id)).toEqual(before);
    expect(before).toMatchObject({ report: { precision: 'float' } });
  });

  it('is a message about a film of that depth', async () => {
    const { roomLog, forget } = await opened();
    const content: MessageContent = {
      subject: renderSubject('render'),
      body: {
        kind: 'result',
        renderKind: 'zoom',
        seed: 7,
        network: 'pocket',
        depth: 'style',
        quality: 'standard',
        sides: null,
        parent: null,
        bytes: 1,
        renderSeconds: 1,
      },
      attachments: [],
      actions: [],
      mentionsRequester: false,
    };
    await roomLog.append({ room: 'cats', thread: null, said: { kind: 'render', content }, key: null });
    const before = await roomLog.latest('cats', { limit: 9 });
    for (const field of ['depth', 'quality', 'sides']) {
      expect(forget('room_messages', 'said', `$.content.body.${field}`)).toBe(1);
    }
    expect(forget('room_messages', 'said', '$.content.mentionsRequester')).toBe(1);
    expect(await roomLog.latest('cats', { limit: 9 })).toEqual(before);
  });
});

describe('what was written before a picture so far named its seed', () => {
  it('is a message all the same', async () => {
    const { roomLog, forget } = await opened();
    const content: MessageContent = {
      subject: renderSubject('render'),
      body: {
        kind: 'progress',
        renderKind: 'zoom',
        progress: { done: 1, total: 8, unit: 'frame' },
        seed: 7,
        network: 'pocket',
        parent: null,
      },
      attachments: [],
      actions: [],
      mentionsRequester: false,
    };
    await roomLog.append({ room: 'cats', thread: null, said: { kind: 'render', content }, key: null });
    for (const field of ['seed', 'network', 'parent']) {
      expect(forget('room_messages', 'said', `$.content.body.${field}`)).toBe(1);
    }
    expect(await roomLog.latest('cats', { limit: 9 })).toMatchObject([
      {
        said: {
          content: {
            body: {
              kind: 'progress',
              renderKind: 'zoom',
              progress: { done: 1, total: 8, unit: 'frame' },
              parent: null,
            },
          },
        },
      },
    ]);
  });
});

describe('what was written before an option’s limits were values', () => {
  it('is a failure with the words that were stored', async () => {
    const { store, replace } = await opened();
    const id = await jobIn(store, 'running', newJob());
    const data = { field: 'size', expected: { kind: 'network' }, received: '1' } as const;
    await store.jobs.move(id, 'running', 'failed', { failure: { code: 'request-field', data } });
    expect(replace('jobs', 'failure', { path: '$.data.expected', value: 'a number' })).toBe(1);
    const { failure } = (await store.jobs.get(id)) ?? {};
    expect(failure?.data).toEqual({ ...data, expected: { kind: 'words', words: 'a number' } });
  });
});

describe('what was written before there were kinds', () => {
  it('is a message about a film and its frames', async () => {
    const { roomLog, rewrite } = await opened();
    const body = {
      kind: 'no-room',
      renderKind: 'zoom',
      progress: { done: 3, total: 8, unit: 'frame' },
    } as const;
    const content: MessageContent = {
      subject: renderSubject('render'),
      body,
      attachments: [],
      actions: [],
      mentionsRequester: false,
    };
    await roomLog.append({ room: 'cats', thread: null, said: { kind: 'render', content }, key: null });
    rewrite('room_messages', 'said', '$.content.body', { kind: 'no-room', framesDone: 3, frames: 8 });
    const said = { kind: 'render', content: { body } };
    expect(await roomLog.latest('cats', { limit: 9 })).toMatchObject([{ said }]);
    const facts = { seed: 7, network: 'pocket', parent: null, bytes: 1, renderSeconds: 1 };
    rewrite('room_messages', 'said', '$.content.body', { kind: 'film', ...facts });
    const film = { content: { body: { kind: 'result', renderKind: 'zoom', ...facts } } };
    expect(await roomLog.latest('cats', { limit: 9 })).toMatchObject([{ said: film }]);
  });

  it('is a render of a film that was too much work', async () => {
    const { store, rewrite } = await opened();
    const id = await jobIn(store, 'failed');
    const failure = {
      code: 'too-much-work',
      data: { work: 9, most: 6, fitting: { size: 512, frames: 48, steps: 4 } },
    } as const;
    await store.jobs.update(id, { failure });
    rewrite('jobs', 'failure', '$.data', { work: 9, most: 6, size: 512, frames: 48, steps: 4 });
    expect((await store.jobs.get(id))?.failure).toEqual(failure);
  });

  it('is a request and a report of a zoom', async () => {
    const { store, forget } = await opened();
    const id = await jobIn(store, 'done');
    await store.jobs.update(id, { report: aReport });
    const before = await store.jobs.get(id);
    expect(forget('jobs', 'request', '$.kind')).toBe(1);
    expect(forget('jobs', 'report', '$.kind')).toBe(1);
    expect(await store.jobs.get(id)).toEqual(before);
  });
});
