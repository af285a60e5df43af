import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import type { MessageBody, MessageContent } from '../../src/domain/message.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { RoomLog, RoomMessage } from '../../src/ports/room-log.ts';
import { contestFacts } from '../support/contest-facts.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { blobNamed } from '../support/jobs.ts';

/** An empty log for each test. */
export type OpenRoomLog = (options: { readonly clock: Clock }) => Promise<RoomLog>;

const render = 'render-1' as JobId;
const words = (text: string): RoomMessage['said'] => ({ kind: 'words', text });
const person = {
  kind: 'person',
  name: 'Ann <b>',
  text: '/gramzoom size:256',
  photo: blobNamed('a'),
  preview: { blob: blobNamed('b'), width: 40, height: 30 },
} as const satisfies RoomMessage['said'];
const about = (body: MessageBody, changes: Partial<MessageContent> = {}): RoomMessage['said'] => ({
  kind: 'render',
  content: {
    subject: renderSubject(render),
    body,
    attachments: [],
    actions: [],
    mentionsRequester: false,
    ...changes,
  },
});

/** One of each kind; the type sees to it that none is missing. */
const bodies: { readonly [K in MessageBody['kind']]: Extract<MessageBody, { kind: K }> } = {
  fetching: { kind: 'fetching' },
  waiting: { kind: 'waiting', position: 2, total: 3, etaSeconds: null, isReel: true },
  running: {
    kind: 'running',
    renderKind: 'zoom',
    progress: { done: 1, total: 8, unit: 'frame' },
    share: 0.25,
    etaSeconds: 12.5,
    isReel: true,
  },
  'no-room': { kind: 'no-room', renderKind: 'zoom', progress: { done: 8, total: 8, unit: 'frame' } },
  progress: {
    kind: 'progress',
    renderKind: 'zoom',
    progress: { done: 1, total: 8, unit: 'frame' },
    seed: 7,
    network: 'pocket',
    parent: render,
  },
  result: {
    kind: 'result',
    renderKind: 'zoom',
    seed: 7,
    network: 'pocket',
    depth: 'scene',
    quality: 'fine',
    sides: { width: 320, height: 208 },
    parent: render,
    bytes: 12_345,
    renderSeconds: 4.5,
    isReel: true,
  },
  copy: { kind: 'copy', renderKind: 'zoom', bytes: 12_345 },
  failed: { kind: 'failed', failure: { code: 'user-limit', data: { limit: 2 } } },
  cancelled: { kind: 'cancelled' },
  expired: { kind: 'expired', renderKind: 'zoom' },
  contest: { kind: 'contest', post: { kind: 'announcement', contest: contestFacts() } },
};

const saidIn = (messages: readonly RoomMessage[]) =>
  messages.map(({ said }) => (said.kind === 'words' ? said.text : said.kind));

/** What every log of the rooms does. */
export const describeRoomLog = (name: string, open: OpenRoomLog): void => {
  describe(name, () => {
    let log: RoomLog;
    let clock: ReturnType<typeof createFakeClock>;
    beforeEach(async () => {
      clock = createFakeClock();
      log = await open({ clock });
    });

    const say = (text: string, where: Partial<{ room: string; thread: string | null; key: string }> = {}) =>
      log.append({ room: 'room', thread: null, key: null, ...where, said: words(text) });

    it('keeps what a person said', async () => {
      const message = await log.append({ room: 'room', thread: null, key: null, said: person });
      expect(message).toMatchObject({
        room: 'room',
        thread: null,
        said: person,
        createdAt: clock.wallTime(),
      });
      expect(await log.get(message.id)).toEqual(message);
    });

    it.each(Object.values(bodies))('keeps a message about a render that is $kind', async (body) => {
      const said = about(body, {
        attachments: [
          {
            blob: blobNamed('b'),
            name: 'zoom-1.gif',
            format: 'gif',
            alt: 'a zoom',
            sides: { width: 4, height: 3 },
          },
        ],
        actions: ['cancel', 'download'],
      });
      const message = await log.append({ room: 'room', thread: null, key: null, said });
      expect(await log.get(message.id)).toEqual(message);
      expect(message.said).toEqual(said);
    });

    it('gives each message an id that cannot be guessed, and a version above all before', async () => {
      const [first, second] = [await say('one'), await say('two', { room: 'elsewhere' })];
      // 128 bits are 22 letters of 6 bits.
      expect(first.id).toMatch(/^[\w-]{22,}$/);
      expect(second.id).not.toBe(first.id);
      expect(second.version).toBeGreaterThan(first.version);
    });

    it('says a thing with a key once in a place', async () => {
      const first = await say('one', { key: 'k' });
      expect(await say('another', { key: 'k' })).toEqual(first);
      const others = [
        await say('two', { key: 'other' }),
        await say('three', { key: 'k', room: 'elsewhere' }),
        await say('four', { key: 'k', thread: first.id }),
        await say('five'),
        await say('five'),
      ];
      expect(new Set(others.map(({ id }) => id)).size).toBe(5);
      expect(await log.find({ room: 'room', thread: null }, 'k')).toEqual(first);
      expect((await log.find({ room: 'room', thread: first.id }, 'k'))?.id).toBe(others[2]?.id);
      expect(await log.find({ room: 'room', thread: null }, 'unknown')).toBeUndefined();
    });

    it('says it once when it is asked twice at the same moment', async () => {
      const both = await Promise.all([say('one', { key: 'k' }), say('two', { key: 'k' })]);
      expect(both[0]?.id).toBe(both[1]?.id);
    });

    it('finds a message by its key after it was edited', async () => {
      const first = await say('one', { key: 'k' });
      const edited = await log.edit(first.id, words('two'));
      expect(await log.find({ room: 'room', thread: null }, 'k')).toEqual(edited);
    });

    it('replaces what was said, and counts that as new', async () => {
      const [first, second] = [await say('one'), await say('two')];
      const edited = await log.edit(first.id, about(bodies.fetching));
      expect(edited).toMatchObject({
        id: first.id,
        createdAt: first.createdAt,
        said: about(bodies.fetching),
      });
      expect(edited?.version).toBeGreaterThan(second.version);
      expect(await log.get(first.id)).toEqual(edited);
    });

    it('edits nothing that is gone', async () => {
      expect(await log.edit('nothing', words('one'))).toBeUndefined();
      expect(await log.get('nothing')).toBeUndefined();
    });

    it('shows a photo by its preview in every message that has none, and takes out one without', async () => {
      const place = { room: 'room', thread: null, key: null };
      const bare = { ...person, preview: null } as const;
      const first = await log.append({ ...place, said: bare });
      await log.append({ ...place, said: person });
      const second = await log.append({ ...place, room: 'elsewhere', said: bare });
      const preview = { blob: blobNamed('c'), width: 4, height: 3 };
      const edited = await log.showPhoto(bare.photo, preview);
      expect(edited.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
      for (const message of edited) expect(await log.get(message.id)).toEqual(message);
      expect(edited[0]).toMatchObject({ said: { ...bare, preview } });
      expect(edited[0]?.version).toBeGreaterThan(second.version);
      expect(await log.showPhoto(bare.photo, null)).toEqual([]);

      const last = await log.append({ ...place, said: bare });
      await log.showPhoto(bare.photo, null);
      expect((await log.get(last.id))?.said).toEqual({ ...bare, photo: null });
    });

    it('removes a message with its thread, and gives what went', async () => {
      const first = await say('one');
      const inThread = await say('below', { thread: first.id, key: 'k' });
      const second = await say('two');
      expect(await log.remove(first.id)).toEqual([first, inThread]);
      expect(await log.remove(first.id)).toEqual([]);
      expect(await log.get(inThread.id)).toBeUndefined();
      expect(await log.find({ room: 'room', thread: first.id }, 'k')).toBeUndefined();
      expect(await log.latest('room', { limit: 9 })).toEqual([second]);
    });

    it('opens no thread under a message that is gone', async () => {
      await expect(say('below', { thread: 'nothing' })).rejects.toMatchObject({ code: 'not-found' });
    });

    it('lists the newest of a room, oldest first, each followed by its thread', async () => {
      const [one, two] = [await say('one'), await say('two')];
      await say('elsewhere', { room: 'elsewhere' });
      await say('two.1', { thread: two.id });
      await say('three');
      await say('one.1', { thread: one.id });
      await say('two.2', { thread: two.id });
      await log.edit(one.id, words('one, edited'));
      expect(saidIn(await log.latest('room', { limit: 2 }))).toEqual(['two', 'two.1', 'two.2', 'three']);
      expect(saidIn(await log.latest('room', { limit: 9 }))).toEqual([
        'one, edited',
        'one.1',
        'two',
        'two.1',
        'two.2',
        'three',
      ]);
      expect(await log.latest('nowhere', { limit: 9 })).toEqual([]);
    });

    it('does not care when the clock is set back an hour', async () => {
      await say('one');
      clock.advance(-3_600_000);
      await say('two');
      expect(saidIn(await log.latest('room', { limit: 9 }))).toEqual(['one', 'two']);
    });
  });
};
