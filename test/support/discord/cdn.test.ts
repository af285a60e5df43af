import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFake } from './test-client.ts';

const dayMs = 24 * 3_600_000;
const bytes = Buffer.from('the bytes of a photo');

const scene = async () => {
  const fake = await startFake();
  const ann = fake.person('ann');
  const place = fake.guild({ members: [ann] }).channel('art');
  const say = async (saidSize?: number) => {
    const file = { name: 'cat.png', bytes, ...(saidSize !== undefined && { saidSize }) };
    const { payload, id } = await ann.say(place, '', { files: [file] });
    const [attachment] = payload.attachments;
    if (!attachment) throw new Error('no attachment');
    return { attachment, id };
  };
  return { fake, place, ann, say };
};

const statusOf = async (url: string | URL): Promise<number> => (await fetch(url)).status;

describe('the CDN', () => {
  it('serves what was attached, on a host of its own', async () => {
    const { fake, say } = await scene();
    const { attachment } = await say();
    const response = await fetch(attachment.url);
    expect(await response.text()).toBe('the bytes of a photo');
    expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
    expect(new URL(attachment.url).host).toBe(fake.cdnHost);
    expect(fake.restApi).not.toContain(fake.cdnHost);
    expect(await statusOf(attachment.proxy_url)).toBe(200);
  });

  it('refuses an address after a day, and one that was touched; a new look gives a new one', async () => {
    const { fake, say, place } = await scene();
    const { attachment, id } = await say();
    const touched = new URL(attachment.url);
    touched.searchParams.set('ex', 'ffffffff');
    expect(await statusOf(touched)).toBe(404);
    const bare = new URL(attachment.url);
    bare.search = '';
    expect(await statusOf(bare)).toBe(404);
    fake.clock.advance(dayMs + 1000);
    const expired = await fetch(attachment.url);
    expect([expired.status, await expired.text()]).toEqual([404, 'This content is no longer available.']);
    expect(await statusOf(place.message(id)?.payload.attachments[0]?.url ?? '')).toBe(200);
  });

  it('serves nothing of a message that was deleted', async () => {
    const { say, place } = await scene();
    const { attachment, id } = await say();
    place.deleteMessage(id);
    expect(await statusOf(attachment.url)).toBe(404);
  });

  it('may send more than was said', async () => {
    const { fake, say } = await scene();
    const { attachment } = await say(5);
    expect(attachment.size).toBe(5);
    fake.cdn.faults.grow(1000);
    const response = await fetch(attachment.url);
    expect((await response.arrayBuffer()).byteLength).toBe(bytes.byteLength + 1000);
    expect(response.headers.has('content-length')).toBe(false);
  });

  it('may send elsewhere, fail, break off, or wait', async () => {
    const { fake, say } = await scene();
    const { attachment } = await say();
    const elsewhere = createServer((_, response) => void response.end('not yours'));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    fake.cdn.faults.redirect(`http://127.0.0.1:${port}/`);
    expect(await (await fetch(attachment.url)).text()).toBe('not yours');
    fake.cdn.faults.fail(503);
    expect(await statusOf(attachment.url)).toBe(503);
    fake.cdn.faults.cut(5);
    await expect(fetch(attachment.url).then((response) => response.text())).rejects.toThrow();
    const held = fake.cdn.faults.hold();
    const response = fetch(attachment.url);
    await held.arrived;
    held.release();
    expect((await response).status).toBe(200);
    expect(fake.cdn.requests.map(({ status }) => status)).toEqual([302, 503, 200, 200]);
  });
});
