import { describe, expect, it, onTestFinished } from 'vitest';
import { createLiveRooms } from '../../../src/chat/web/live-rooms.ts';
import { nobodys } from '../../../src/chat/web/owners.ts';
import { createRoomEvents } from '../../../src/chat/web/room-events.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import type { RoomMessage } from '../../../src/ports/room-log.ts';
import { formWith, openWebChat, type WebHarness } from '../../support/web-chat.ts';

type Event = { readonly event: string; readonly data: string; readonly id?: string; readonly retry?: string };

const parseEvent = (text: string): Event => {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, field = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    const before = fields.get(field);
    if (field !== '') fields.set(field, before === undefined ? value : `${before}\n${value}`);
  }
  return { event: '', data: '', ...Object.fromEntries(fields) };
};

/** A tab that is open on a room: its events, one at a time. */
const openTab = async (harness: WebHarness, room: string, headers: Record<string, string> = {}) => {
  const response = await harness.ask(`/rooms/${room}/events`, { headers });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader.cancel().catch(() => {}));
  let text = '';
  const raw = async (): Promise<string> => {
    while (!text.includes('\n\n')) {
      const { done, value } = await reader.read();
      if (done) return '';
      text += value;
    }
    const end = text.indexOf('\n\n');
    const block = text.slice(0, end);
    text = text.slice(end + 2);
    return block;
  };
  return {
    response,
    raw,
    next: async () => parseEvent(await raw()),
    close: () => reader.cancel(),
  };
};

const say = (harness: WebHarness, text: string, room = 'cats') =>
  harness.ask(`/rooms/${room}/messages`, {
    method: 'POST',
    body: formWith({ text }, { photo: null }),
    headers: { cookie: 'gramzoom-name=Ann', 'hx-request': 'true' },
  });

const idOf = ({ data }: Event): string | undefined => /id="message-([^"]+)"/.exec(data)?.[1];

const newest = async (harness: WebHarness, room = 'cats'): Promise<RoomMessage> =>
  (await harness.store.roomLog.latest(room, { limit: 9 })).at(-1)!;

describe('the stream of a room', () => {
  it('is a stream of events that nobody keeps or holds back', async () => {
    const { response, next } = await openTab(await openWebChat(), 'cats');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(await next()).toEqual({ event: 'present', data: '[]', retry: '2000' });
  });

  it('shows each tab on the room what is said, as HTML that finds its place', async () => {
    const harness = await openWebChat();
    const tabs = [await openTab(harness, 'cats'), await openTab(harness, 'cats')];
    const elsewhere = await openTab(harness, 'dogs');
    for (const tab of [...tabs, elsewhere]) await tab.next();
    await say(harness, 'hello <b>there</b>');
    for (const tab of tabs) {
      const event = await tab.next();
      expect(event.event).toBe('message');
      expect(event.data).toContain('data-list="messages"');
      expect(event.data).toContain('hx-swap-oob="true"');
      expect(event.data).toContain('hello &lt;b&gt;there&lt;/b&gt;');
      expect(event.id).toBe(String((await newest(harness)).version));
    }
    await say(harness, 'only dogs', 'dogs');
    expect((await elsewhere.next()).data).toContain('only dogs');
  });

  it('follows an answer as it changes, and its thread', async () => {
    const harness = await openWebChat();
    const tab = await openTab(harness, 'cats', { cookie: 'gramzoom-name=Ann' });
    await tab.next();
    await harness.ask('/api/renders', { method: 'POST', body: formWith({ user: 'Ann', server: 'cats' }) });
    const [asked, answer] = [await tab.next(), await tab.next()];
    expect(asked.data).toContain('class="photo"');
    expect(answer.data).toContain('Next in the queue, about 10 s until it is done.');
    expect(answer.data).toContain('id="cancel-');

    const row = harness.renders.rows[0]!;
    await harness.renders.start(row.id, 3);
    const edited = await tab.next();
    expect(idOf(edited)).toBe(idOf(answer));
    expect(edited.data).toContain('<progress max="48" value="3"');

    // What comes before the first frame is work, too.
    const early = {
      kind: 'running',
      renderKind: 'zoom',
      progress: { done: 0, total: 48, unit: 'frame' },
      share: 0.125,
      etaSeconds: 70,
    } as const;
    const running = {
      subject: renderSubject(row.id),
      body: early,
      attachments: [],
      actions: [],
      mentionsRequester: false,
    };
    await harness.web.chat.edit(row.answer!, running);
    expect((await tab.next()).data).toContain('<progress max="48" value="6"');

    const thread = await harness.web.chat.openThread(row.answer!, 'cat.png');
    const blob = await harness.store.blobs.put(new Uint8Array([1]));
    const content = {
      subject: renderSubject(row.id),
      body: {
        kind: 'progress',
        renderKind: 'zoom',
        progress: { done: 3, total: 48, unit: 'frame' },
        seed: 7,
        network: 'pocket',
        parent: null,
      },
      attachments: [{ blob, name: 'p', format: 'jpeg', alt: 'cat.png, 3/48' }],
      actions: [],
      mentionsRequester: false,
    } as const;
    await harness.web.chat.send(thread, content, { key: 'progress' });
    const picture = await tab.next();
    expect(picture.data).toContain(`data-list="thread-${idOf(answer)}"`);
    expect(picture.data).toContain(`src="/media/${idOf(picture)}/${blob}"`);
  });

  it('takes away what was removed, with its thread', async () => {
    const harness = await openWebChat();
    await say(harness, 'hello');
    const message = await newest(harness);
    const tab = await openTab(harness, 'cats', { 'last-event-id': String(message.version) });
    expect(JSON.parse((await tab.next()).data)).toEqual([message.id]);
    await harness.web.chat.remove({ platform: 'web', ref: message.id });
    expect((await tab.next()).data).toBe(`<li id="entry-${message.id}" hx-swap-oob="delete"></li>`);
  });

  it.each([
    ['the last event that the browser saw', (version: number) => ({ 'last-event-id': String(version) })],
    ['nonsense, as if it had seen nothing', () => ({ 'last-event-id': 'x' })],
  ])('catches a tab up from %s', async (what, headers) => {
    const harness = await openWebChat();
    await say(harness, 'before');
    const seen = await newest(harness);
    await say(harness, 'missed');
    const missed = await newest(harness);
    const tab = await openTab(harness, 'cats', headers(seen.version));
    expect(JSON.parse((await tab.next()).data)).toEqual([seen.id, missed.id]);
    if (what.startsWith('nonsense')) expect(idOf(await tab.next())).toBe(seen.id);
    expect(idOf(await tab.next())).toBe(missed.id);
  });

  it('sends a slow tab the newest of each message only', async () => {
    const harness = await openWebChat();
    await harness.ask('/api/renders', { method: 'POST', body: formWith({ user: 'Ann', server: 'cats' }) });
    const tab = await openTab(harness, 'cats', { 'last-event-id': '999' });
    await tab.next();
    const { id } = harness.renders.rows[0]!;
    for (const frames of [1, 2, 3, 4, 5, 6, 7, 8]) await harness.renders.start(id, frames);
    const seen = [await tab.next()];
    while (!seen.at(-1)!.data.includes('value="8"')) seen.push(await tab.next());
    expect(seen.length).toBeLessThan(8);
  });

  it('gives a sign of life where nothing is said', async () => {
    const harness = await openWebChat();
    const tab = await openTab(harness, 'cats');
    await tab.next();
    const sign = tab.raw();
    await expect.poll(() => harness.clock.waiting).toBe(1);
    harness.clock.advance(25_000);
    expect(await sign).toBe(':');
  });

  it.each<[string, (response: Response, gone: AbortController) => unknown]>([
    ['was never read', () => {}],
    ['was thrown away before its first byte', ({ body }) => body!.cancel()],
    [
      'was thrown away while a byte was on its way',
      ({ body }) => {
        const reader = body!.getReader();
        void reader.read();
        return reader.cancel();
      },
    ],
    [
      'was thrown away later',
      async ({ body }) => {
        const reader = body!.getReader();
        await reader.read();
        await reader.cancel();
      },
    ],
    [
      'was asked for by a client that has gone',
      async ({ body }, gone) => {
        const reader = body!.getReader();
        await reader.read();
        gone.abort();
      },
    ],
    [
      'was asked for by a client that has gone before its first byte',
      async ({ body }, gone) => {
        gone.abort();
        expect(await body!.getReader().read()).toMatchObject({ done: true });
      },
    ],
  ])('watches nothing for a response that %s', async (_what, leave) => {
    const { store, clock } = await openWebChat();
    const rooms = createLiveRooms(store.roomLog);
    const events = createRoomEvents({
      rooms,
      owners: { of: async () => nobodys },
      clock,
      onError: (error) => expect.unreachable(String(error)),
    });
    const gone = new AbortController();
    await leave(events.open('cats', { after: 0, person: null, signal: gone.signal }), gone);
    await expect.poll(() => rooms.watching).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  it('begins when it is read, and nothing that was said since is missing', async () => {
    const { store, clock } = await openWebChat();
    const rooms = createLiveRooms(store.roomLog);
    const events = createRoomEvents({
      rooms,
      owners: { of: async () => nobodys },
      clock,
      onError: (error) => expect.unreachable(String(error)),
    });
    const { signal } = new AbortController();
    const reader = events.open('cats', { after: 0, person: null, signal }).body!.getReader();
    expect(rooms.watching).toBe(0);
    const said = { kind: 'words', text: 'meanwhile' } as const;
    await rooms.append({ room: 'cats', thread: null, said, key: null });
    await reader.read();
    expect(rooms.watching).toBe(1);
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('meanwhile');
    await reader.cancel();
  });

  it('ends with the page, and leaves nothing behind for a tab that went', async () => {
    const harness = await openWebChat();
    const [gone, stays] = [await openTab(harness, 'cats'), await openTab(harness, 'cats')];
    for (const tab of [gone, stays]) await tab.next();
    await gone.close();
    await expect.poll(() => harness.clock.waiting).toBe(1);
    await harness.web.close();
    expect(await stays.raw()).toBe('');
    expect(harness.clock.waiting).toBe(0);
    expect(harness.log.lines).toEqual([]);
  });
});
