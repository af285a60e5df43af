import { describe, expect, it } from 'vitest';
import { discordFileHosts } from '../../../src/chat/discord/attachment-ref.ts';
import { createAllowedHosts } from '../../../src/chat/shared/allowed-hosts.ts';
import { createDownload } from '../../../src/chat/shared/download-attachment.ts';
import { createMemoryFiles } from '../../support/contents.ts';
import { openDiscordChat } from '../../support/discord/outgoing.ts';
import { startFake } from '../../support/discord/start-fake.ts';

const hourMs = 3_600_000;

/** A photo that somebody attached, and how it is fetched. */
const attached = async () => {
  const fake = await startFake();
  const ann = fake.person('ann');
  const channel = fake.guild({ members: [ann] }).channel('art');
  const bytes = new Uint8Array(300_000).map((_, index) => index);
  const { files } = await ann.say(channel, '', { files: [{ name: 'cat.png', bytes }] });
  const url = files[0]?.url ?? '';
  /** The addresses of today by those of before. */
  const renewals = new Map<string, string>();
  const fetchIt = createDownload({
    platform: 'Discord',
    hosts: createAllowedHosts([`http://${fake.cdnHost}`]),
    clock: fake.clock,
  });
  const refresh = async (old: URL): Promise<string | undefined> => renewals.get(old.href);
  const open = (
    changes: {
      readonly url?: string;
      readonly said?: number;
      readonly maxBytes?: number;
      readonly signal?: AbortSignal;
    } = {},
  ) =>
    fetchIt(
      { url: changes.url ?? url, bytes: changes.said ?? 300_000 },
      {
        signal: changes.signal ?? new AbortController().signal,
        maxBytes: changes.maxBytes ?? 300_000,
        refresh,
      },
    );
  return { fake, ann, channel, url, bytes, renewals, open };
};

describe('a photo from Discord', () => {
  it('arrives whole', async () => {
    const { open, bytes } = await attached();
    expect(Buffer.compare(await open(), bytes)).toBe(0);
  });

  it('is not fetched where it is said to be too large', async () => {
    const { open, fake } = await attached();
    await expect(open({ said: 300_001 })).rejects.toMatchObject({
      code: 'photo-too-many-bytes',
      data: { bytes: 300_001, maxBytes: 300_000 },
    });
    expect(fake.cdn.requests).toEqual([]);
  });

  it('is not read where its length says so, whatever was said before', async () => {
    const { open } = await attached();
    await expect(open({ said: 10, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'photo-too-many-bytes',
      data: { bytes: 300_000, maxBytes: 1000 },
    });
  });

  it('is read no further than is accepted, where nothing says how long it is', async () => {
    const { open, fake } = await attached();
    fake.cdn.faults.grow(50_000_000);
    await expect(open()).rejects.toMatchObject({ code: 'photo-too-many-bytes' });
  });

  it.each(['https://evil.example/cat.png', 'http://127.0.0.1:9/cat.png', 'file:///etc/passwd'])(
    'comes from no other place: %s',
    async (url) => {
      const { open } = await attached();
      await expect(open({ url })).rejects.toMatchObject({ code: 'chat-gone' });
    },
  );

  it('comes through redirects within Discord', async () => {
    const { open, fake, url, bytes } = await attached();
    fake.cdn.faults.redirect(url);
    fake.cdn.faults.redirect(new URL(url).pathname + new URL(url).search);
    expect(Buffer.compare(await open(), bytes)).toBe(0);
  });

  it.each(['http://169.254.169.254/latest', 'http://localhost/', '//evil.example/', 'http://'])(
    'follows no redirect elsewhere: %s',
    async (to) => {
      const { open, fake } = await attached();
      fake.cdn.faults.redirect(to);
      await expect(open()).rejects.toMatchObject({ code: 'chat-gone' });
      expect(fake.cdn.requests).toHaveLength(1);
    },
  );

  it('follows no redirects for ever', async () => {
    const { open, fake, url } = await attached();
    for (let count = 0; count < 5; count++) fake.cdn.faults.redirect(url);
    await expect(open()).rejects.toMatchObject({ code: 'chat-gone' });
    expect(fake.cdn.requests).toHaveLength(4);
  });

  it('is gone once its address has lapsed', async () => {
    const { open, fake } = await attached();
    fake.clock.advance(25 * hourMs);
    await expect(open()).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it('arrives by its address of today where the one of yesterday has lapsed', async () => {
    const { open, fake, ann, channel, url, bytes, renewals } = await attached();
    fake.clock.advance(25 * hourMs);
    const today = fake.place(channel.id).messages()[0]?.files[0]?.url ?? '';
    renewals.set(url, today);
    expect(Buffer.compare(await open(), bytes)).toBe(0);
    renewals.set(url, 'https://evil.example/cat.png');
    await expect(open()).rejects.toMatchObject({ code: 'chat-gone' });
    expect(ann.id).not.toBe('');
  });

  it('is gone where its address was not kept', async () => {
    const { fake } = await attached();
    const { chat, close } = openDiscordChat(fake, createMemoryFiles());
    const attachment = { platform: 'discord', ref: '', name: 'cat.png' };
    const options = { signal: new AbortController().signal, maxBytes: 10 };
    await expect(chat.openAttachment(attachment, options)).rejects.toMatchObject({ code: 'chat-gone' });
    await close();
  });

  it.each([403, 404, 410])('is gone where Discord says %i', async (status) => {
    const { open, fake } = await attached();
    fake.cdn.faults.fail(status);
    await expect(open()).rejects.toMatchObject({ code: 'chat-gone' });
  });

  it.each([429, 500, 503])('can be fetched later where Discord says %i', async (status) => {
    const { open, fake, bytes } = await attached();
    fake.cdn.faults.fail(status);
    await expect(open()).rejects.toMatchObject({ code: 'chat-unreachable', retry: 'later' });
    expect(Buffer.compare(await open(), bytes)).toBe(0);
  });

  it('can be fetched later where it breaks off', async () => {
    const { open, fake } = await attached();
    fake.cdn.faults.cut(1000);
    await expect(open()).rejects.toMatchObject({ code: 'chat-unreachable' });
  });

  it('is given up for now where nothing comes for 30 seconds', async () => {
    const { open, fake } = await attached();
    const held = fake.cdn.faults.hold();
    const opening = open();
    await held.arrived;
    fake.clock.advance(30_000);
    await expect(opening).rejects.toMatchObject({ code: 'chat-unreachable' });
    held.release();
  });

  it('is let go when nobody wants it any more', async () => {
    const { open, fake } = await attached();
    const held = fake.cdn.faults.hold();
    const controller = new AbortController();
    const opening = open({ signal: controller.signal });
    await held.arrived;
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    held.release();
  });
});

describe('the hosts of Discord', () => {
  it.each([
    ['https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1', true],
    ['https://media.discordapp.net/attachments/1/2/cat.png', true],
    ['http://cdn.discordapp.com/attachments/1/2/cat.png', false],
    ['https://cdn.discordapp.com:8443/cat.png', false],
    ['https://cdn.discordapp.com.evil.example/cat.png', false],
    ['https://cdn.discordapp.com@evil.example/cat.png', false],
    ['https://user:pass@cdn.discordapp.com/cat.png', false],
    ['https://evil.example/cdn.discordapp.com', false],
  ])('%s: %s', (url, isAllowed) => {
    expect(createAllowedHosts(discordFileHosts).allows(new URL(url))).toBe(isAllowed);
  });
});
