import { describe, expect, it } from 'vitest';
import { asAnn, formWith, type Line, openWebChat, pageOf, saidIn, send } from '../../support/web-chat.ts';

describe('the box', () => {
  it('renders a photo with the options of the form and of the line, which wins', async () => {
    const harness = await openWebChat();
    const response = await send(harness, {
      text: '/gramzoom frames:8',
      photo: true,
      size: '64',
      frames: '16',
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(harness.renders.rows[0]).toMatchObject({
      origin: { platform: 'web', server: 'cats', user: "Ann O'Hara" },
      options: { size: 64, frames: 8 },
    });
    expect(await saidIn(harness)).toMatchObject([
      { kind: 'person', name: "Ann O'Hara", text: expect.stringMatching(/^\/gramzoom .*frames:8/) },
      { kind: 'render' },
    ]);
  });

  it('takes words beside a photo for a caption, and words alone for words', async () => {
    const harness = await openWebChat();
    await send(harness, { text: 'my cat', photo: true });
    await send(harness, { text: 'and now we wait' });
    expect(harness.renders.rows).toHaveLength(1);
    expect(await saidIn(harness)).toMatchObject([
      { text: 'my cat', photo: expect.any(String) },
      { kind: 'render' },
      { text: 'and now we wait', photo: null },
    ]);
  });

  it.each([
    ['nothing', {}, '', 400, 'Add a photo'],
    ['a command without its photo', { text: '/gramzoom' }, '', 400, 'Add a photo'],
    ['an option out of range', { photo: true, size: '1000' }, '', 400, 'size takes a multiple of 16'],
    ['an unknown command', { text: '/zoom' }, '', 400, '/zoom'],
    [
      'an unknown option',
      { text: '/gramzoom colour:red', photo: true },
      '',
      400,
      'There is no option colour',
    ],
    [
      'a photo for a command that takes none',
      { text: '/queue', photo: true },
      '',
      400,
      '/queue takes no photo',
    ],
    ['a cancel while nothing runs', { text: '/cancel' }, '', 404, 'You have nothing running'],
  ])('answers %s with a sentence for the place beside it, and says nothing in the room', async (...row) => {
    const [, line, , status, sentence] = row;
    const harness = await openWebChat();
    const response = await send(harness, line as Line);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(new RegExp(`^<p class="problem">.*${sentence}.*</p>$`));
    expect(await saidIn(harness)).toEqual([]);
  });

  it('answers /queue, /mine and /help to whoever typed them, and to nobody else', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const before = await saidIn(harness);
    for (const [text, answer] of [
      ['/queue', 'number 1 of 1'],
      ['/mine', 'number 1 of 1'],
      ['/help', '/queue: show what is rendering'],
      ['/help options', '  size: '],
    ] as const) {
      const response = await send(harness, { text });
      const html = await response.text();
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(html).toMatch(/^<div hx-swap-oob="beforeend:#messages"><li class="entry private">/);
      expect(html).toContain('only you see this');
      expect(html).toContain(answer);
      expect(html).toContain(`<code class="command">${text}</code>`);
    }
    expect(await saidIn(harness)).toEqual(before);
  });

  it('begins help with how to send a photo, and has the options behind it', async () => {
    const harness = await openWebChat();
    const short = await (await send(harness, { text: '/help' })).text();
    expect(short).toContain('Add a photo with the picture button');
    expect(short).not.toContain('  size: ');
    expect(short).toContain('value="/help topic:options"');
    const long = await (await send(harness, { text: '/help topic:options' })).text();
    expect(long).toContain('  size: ');
    expect(long).not.toContain('value="/help');
  });

  it('says that a render was cancelled once, in its own message', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const response = await send(harness, { text: '/cancel' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect((await pageOf(harness)).match(/>Cancelled[^<]*</g)).toEqual(['>Cancelled.<']);
  });

  it.each([
    ['size:128 frames:24', { size: 128, frames: 24 }],
    ['my cat, Size: 128 and frames 24 please', { size: 128, frames: 24 }],
    ['max_bytes:2MB', { maxBytes: 2_000_000 }],
  ])('takes the options among the words beside a photo: %s', async (text, options) => {
    const harness = await openWebChat();
    expect((await send(harness, { text, photo: true, frames: '48' })).status).toBe(200);
    expect(harness.renders.rows[0]?.options).toMatchObject({ frames: 48, ...options });
    expect((await saidIn(harness))[0]).toMatchObject({ text });
  });

  it.each([
    ['colour:red', { photo: true }, 'There is no option colour'],
    ['size:1000', { photo: true }, 'size takes a multiple of 16'],
    ['size 1000', { photo: true }, 'size takes a multiple of 16'],
    ['size:64 size:128', { photo: true }, 'size is given twice'],
    ['size:128 frames:24', {}, 'Add a photo'],
  ])('leaves nothing unsaid that it did not understand of %s', async (text, line, sentence) => {
    const harness = await openWebChat();
    const response = await send(harness, { text, ...line });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(sentence);
    expect(await saidIn(harness)).toEqual([]);
  });

  it('helps whoever asks for a zoom without a photo, and leaves talk among people alone', async () => {
    const harness = await openWebChat();
    const asked = await (await send(harness, { text: 'hello, can you make a zoom?' })).text();
    expect(asked).toContain('add one with the picture button');
    expect(await saidIn(harness)).toMatchObject([{ kind: 'person', text: 'hello, can you make a zoom?' }]);
    expect(await (await send(harness, { text: 'hi' })).text()).toContain('add one with the picture button');
    await send(harness, { photo: true });
    expect(await (await send(harness, { text: 'and now we wait' })).text()).toBe('');
    expect(await (await send(harness, { text: 'how do I make another film?' })).text()).toContain('/help');
    expect(await (await send(harness, { text: 'note:this size of cat:s' })).text()).toBe('');
  });

  it('re-rolls by command', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    await send(harness, { text: '/reroll' });
    expect(harness.renders.rows.map(({ parent }) => parent)).toEqual([null, harness.renders.rows[0]?.id]);
  });

  it('leads back to the room where the browser runs no scripts', async () => {
    const harness = await openWebChat();
    const path = '/rooms/cats/messages';
    const good = await harness.ask(path, {
      method: 'POST',
      headers: asAnn,
      body: formWith({ text: 'hi' }, { photo: null }),
    });
    // They have had no film yet: the answer is a page, with a way back.
    expect([good.status, good.headers.get('location')]).toEqual([200, null]);
    expect(await good.text()).toMatch(/^<!doctype html>[\s\S]*picture button[\s\S]*href="\/rooms\/cats"/);
    const photo = await harness.ask(path, { method: 'POST', headers: asAnn, body: formWith({}) });
    expect([photo.status, photo.headers.get('location')]).toEqual([303, '/rooms/cats']);
    const bad = await harness.ask(path, {
      method: 'POST',
      headers: asAnn,
      body: formWith({}, { photo: null }),
    });
    expect(bad.status).toBe(400);
    expect(await bad.text()).toMatch(/^<!doctype html>[\s\S]*Add a photo/);
  });
});
