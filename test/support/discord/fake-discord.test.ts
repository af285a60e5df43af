/** What other tests rely on: that the fake refuses, hides and remembers what Discord does. */
import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { inAServer } from './raw-client.ts';
import { hasSpec, openSchemaCheck } from './rest/schema.ts';

const minuteMs = 60_000;
const messages = '/channels/{channel_id}/messages';
const photo = { name: 'my cat.png', bytes: Buffer.from('the bytes of a photo') };

describe.skipIf(!hasSpec)("the check against Discord's description (needs ../shared)", () => {
  const check = openSchemaCheck();

  it('finds what is wrong in a request', () => {
    expect(check.request('POST', messages, { content: 5 })?.problems).toEqual([
      expect.stringContaining('/content'),
    ]);
    expect(check.request('POST', messages, { content: 'fine', a_new_key: 1 })).toBeNull();
    expect(check.query('GET', messages, new URLSearchParams({ limit: '101' }))?.problems).toHaveLength(1);
    expect(check.query('GET', messages, new URLSearchParams({ limit: '100' }))).toBeNull();
    expect(check.request('POST', '/no/such/route', {})?.what).toBe('route');
  });

  it('finds what is wrong in an answer', () => {
    expect(check.answer('POST', messages, { status: 200, body: { id: 'x' } })?.what).toBe('answer');
    expect(check.answer('POST', messages, { status: 403, body: { code: 1, message: 'no' } })).toBeNull();
    expect(check.answer('POST', messages, { status: 403, body: {} })?.what).toBe('answer');
    expect(check.answer('POST', messages, { status: 201, body: {} })?.problems).toHaveLength(1);
  });
});

describe('messages of the bot', () => {
  it('are made once for a nonce, for a few minutes', async () => {
    const { fake, place, send } = await inAServer();
    const once = { content: 'once', nonce: 'job-1', enforce_nonce: true };
    expect((await send(once)).body.id).toBe((await send(once)).body.id);
    fake.clock.advance(60 * minuteMs);
    await send(once);
    expect(place.messages()).toHaveLength(2);
  });

  it('keep in an edit the files that are listed, and lose the others', async () => {
    const { place, send, call } = await inAServer();
    const { body: sent } = await send({ content: '' }, [photo, { ...photo, name: 'b.png' }]);
    const names = () => place.messages()[0]?.files.map(({ name }) => name);
    const edit = (body: object) => call('PATCH', `/channels/${place.id}/messages/${sent.id}`, body);
    await edit({ content: 'same files' });
    expect(names()).toEqual(['my_cat.png', 'b.png']);
    await edit({ attachments: [{ id: sent.attachments[0].id }] });
    expect(names()).toEqual(['my_cat.png']);
    expect((await fetch(sent.attachments[1].url)).status).toBe(404);
  });

  it('notify whom allowed_mentions lets them, and nobody by an edit', async () => {
    const { place, ann, send, call } = await inAServer();
    const content = `${ann.mention} @everyone`;
    await send({ content, allowed_mentions: { parse: [] } });
    await send({ content, allowed_mentions: { users: [ann.id] } });
    const { body } = await send({ content: 'no one' });
    await call('PATCH', `/channels/${place.id}/messages/${body.id}`, { content });
    expect(place.messages().map(({ pinged }) => pinged)).toEqual([[], ['ann'], []]);
  });

  it('are refused where nothing is in them, and where they answer to nothing', async () => {
    const { send } = await inAServer();
    expect((await send({ content: ' ' })).code).toBe(50_006);
    expect((await send({ content: 'x', message_reference: { message_id: '1' } })).code).toBe(50_035);
  });
});

describe('permissions', () => {
  it('are asked of roles and overwrites for every act', async () => {
    const { place, ann, send, call } = await inAServer();
    const { body: mine } = await send({ content: 'mine' });
    const theirs = await ann.say(place, 'hers');
    const at = (id: string) => `/channels/${place.id}/messages/${id}`;
    expect((await call('DELETE', at(theirs.id))).code).toBe(50_013);
    expect((await call('PATCH', at(theirs.id), { content: 'x' })).code).toBe(50_005);
    place.denyBot(Bit.AttachFiles);
    expect((await send({ content: '' }, [photo])).code).toBe(50_013);
    place.denyBot(Bit.AddReactions);
    expect((await call('PUT', `${at(mine.id)}/reactions/🎲/@me`)).code).toBe(50_013);
    place.denyBot(Bit.CreatePublicThreads);
    expect((await call('POST', `${at(mine.id)}/threads`, { name: 'x' })).code).toBe(50_013);
    place.denyBot(Bit.SendMessages);
    expect((await send({ content: 'x' })).code).toBe(50_013);
    place.denyBot(Bit.ViewChannel);
    expect((await send({ content: 'x' })).code).toBe(50_001);
  });

  it('bind people as well', async () => {
    const { ann, guild, fake, place } = await inAServer();
    const mod = fake.person('mod');
    guild.add(mod, Bit.ManageMessages);
    mod.delete(await ann.say(place, 'hello'));
    expect(() => ann.delete({ id: '1', channelId: place.id })).toThrow('Unknown Message');
    guild.setEveryonePermissions(Bit.ViewChannel);
    await expect(ann.say(place, 'x')).rejects.toThrow('may not');
  });

  it('do not open the direct messages of somebody who has closed them', async () => {
    const { ann, call } = await inAServer();
    ann.settings.dmsClosed = true;
    const { body } = await call('POST', '/users/@me/channels', { recipient_id: ann.id });
    expect((await call('POST', `/channels/${body.id}/messages`, { content: 'x' })).code).toBe(50_007);
  });
});

describe('threads', () => {
  it('are one per message, limited in number, and none in threads and direct messages', async () => {
    const { place, ann, guild, send, call } = await inAServer();
    const { body } = await send({ content: 'a render' });
    const start = (channel: string, message: string) =>
      call('POST', `/channels/${channel}/messages/${message}/threads`, { name: 'x' });
    const thread = await start(place.id, body.id);
    expect([thread.status, thread.body.id]).toEqual([201, body.id]);
    expect((await start(place.id, body.id)).code).toBe(160_004);
    const within = await call('POST', `/channels/${body.id}/messages`, { content: 'x' });
    expect((await start(body.id, within.body.id)).code).toBe(50_024);
    const direct = await call('POST', `/channels/${ann.dm().id}/messages`, { content: 'x' });
    expect((await start(ann.dm().id, direct.body.id)).code).toBe(50_024);
    guild.setMostThreads(0);
    expect((await start(place.id, (await send({ content: 'x' })).body.id)).code).toBe(160_006);
  });

  it('refuse edits and reactions once archived, open again when somebody writes, and can be locked', async () => {
    const { place, send, call } = await inAServer();
    const { body } = await send({ content: 'a render' });
    await call('POST', `/channels/${place.id}/messages/${body.id}/threads`, { name: 'x' });
    const write = () => call('POST', `/channels/${body.id}/messages`, { content: 'x' });
    const frame = `/channels/${body.id}/messages/${(await write()).body.id}`;
    const [thread] = place.threads();
    thread?.archive();
    expect((await call('PATCH', frame, { content: 'y' })).code).toBe(50_083);
    expect((await call('PUT', `${frame}/reactions/🎲/@me`)).code).toBe(50_083);
    await write();
    expect(thread?.archived).toBe(false);
    thread?.archive({ locked: true });
    expect((await write()).code).toBe(160_005);
  });

  it('archive themselves when nothing is said for as long as they were told', async () => {
    const { fake, place, send, call } = await inAServer();
    const { body } = await send({ content: 'a render' });
    const thread = { name: 'x', auto_archive_duration: 60 };
    await call('POST', `/channels/${place.id}/messages/${body.id}/threads`, thread);
    fake.clock.advance(30 * minuteMs);
    await call('POST', `/channels/${body.id}/messages`, { content: 'still here' });
    fake.clock.advance(31 * minuteMs);
    expect(place.threads()[0]?.archived).toBe(false);
    fake.clock.advance(30 * minuteMs);
    expect(place.threads()[0]?.archived).toBe(true);
  });
});

it('reactions count once for each person, and an emoji is itself with a variation selector', async () => {
  const { fake, place, ann, send, call } = await inAServer();
  const { body } = await send({ content: 'a render' });
  const message = { id: body.id, channelId: place.id };
  const path = (emoji: string) => `/channels/${place.id}/messages/${body.id}/reactions/${emoji}`;
  await call('PUT', `${path('✉️')}/@me`);
  for (const _ of [1, 2]) ann.react(message, '✉');
  expect(place.messages()[0]?.reactions).toEqual({ '✉️': ['gramzoom', 'ann'] });
  expect((await call('PUT', `${path('words')}/@me`)).code).toBe(10_014);
  const listed = await call('GET', `${path('✉️')}?limit=1&after=${fake.applicationId}`);
  expect(listed.body.map(({ id }: { id: string }) => id)).toEqual([ann.id]);
  ann.unreact(message, '✉️');
  expect(place.messages()[0]?.reactions).toEqual({ '✉️': ['gramzoom'] });
});

describe('limits', () => {
  it('are told by headers and enforced, per channel', async () => {
    const rateLimits = {
      globalPerSecond: 50,
      buckets: { [`POST ${messages}`]: { limit: 2, windowMs: 300 } },
    };
    const { fake, guild, send, call } = await inAServer({ rateLimits, clock: createFakeClock() });
    expect((await send({ content: 'x' })).headers.get('x-ratelimit-remaining')).toBe('1');
    await send({ content: 'x' });
    const refused = await send({ content: 'x' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(refused.body).toMatchObject({ retry_after: 0.3, global: false });
    const other = `/channels/${guild.channel('other').id}/messages`;
    expect((await call('POST', other, { content: 'x' })).status).toBe(200);
    fake.clock.advance(300);
    expect((await send({ content: 'x' })).status).toBe(200);
  });

  it('hold for all routes together', async () => {
    const rateLimits = { globalPerSecond: 2, buckets: {} };
    const { call } = await inAServer({ rateLimits, clock: createFakeClock() });
    for (const _ of [1, 2]) expect((await call('GET', '/users/@me')).status).toBe(200);
    const refused = await call('GET', '/users/@me');
    expect([refused.headers.get('x-ratelimit-global'), refused.body.global]).toEqual(['true', true]);
  });

  it('follow, for files, the boost of a server', async () => {
    const { fake, call, place, send } = await inAServer();
    const large = { name: 'zoom.gif', bytes: Buffer.alloc(10 * 2 ** 20 + 1) };
    expect([place.messages(), (await send({ content: '' }, [large])).code]).toEqual([[], 40_005]);
    const boosted = fake.guild({ tier: 2 }).channel('art');
    const sent = await call('POST', `/channels/${boosted.id}/messages`, { content: '' }, [large]);
    expect(sent.status).toBe(200);
  });
});

describe('faults', () => {
  it('meet the requests they are planned for, as often as they are planned', async () => {
    const { fake, place, guild, send, call } = await inAServer();
    const other = guild.channel('other').id;
    const sendThere = () => call('POST', `/channels/${other}/messages`, { content: 'x' });
    fake.faults.missingPermissions({ method: 'POST', params: { channel_id: other }, times: 2 });
    await send({ content: 'fine' });
    expect([await sendThere(), await sendThere(), await sendThere()].map(({ code }) => code)).toEqual([
      ...[50_013, 50_013, undefined],
    ]);
    expect([fake.faults.waiting, place.messages().length]).toEqual([0, 1]);
  });

  it('break a request before anything is done, or after it', async () => {
    const { fake, place, send } = await inAServer();
    fake.faults.serverError({ path: messages });
    expect((await send({ content: 'x' })).status).toBe(502);
    fake.faults.cut('before', { path: messages });
    await expect(send({ content: 'x' })).rejects.toThrow();
    expect(place.messages()).toEqual([]);
    fake.faults.failAfterCreate();
    expect((await send({ content: 'x' })).status).toBe(500);
    fake.faults.cut('after', { path: messages });
    await expect(send({ content: 'x' })).rejects.toThrow();
    expect(place.messages()).toHaveLength(2);
  });

  it('hold a request at the door, or its answer, and let an answer take its time', async () => {
    const { fake, place, send } = await inAServer();
    for (const [when, there] of [
      ['before', 0],
      ['after', 2],
    ] as const) {
      const held = fake.faults.hold(when, { path: messages });
      const sent = send({ content: 'x' });
      await held.arrived;
      expect(place.messages()).toHaveLength(there);
      held.release();
      await sent;
    }
    fake.faults.slowUpload({ ms: 20_000 });
    const slow = send({ content: 'slow' });
    await fake.waitFor('the message', () => place.messages().length === 3);
    expect(fake.requests.at(-1)?.status).toBe(0);
    fake.clock.advance(20_000);
    expect((await slow).status).toBe(200);
  });
});

describe('the file server', () => {
  const said = async () => {
    const made = await inAServer();
    const message = await made.ann.say(made.place, '', { files: [photo] });
    const [attachment] = message.payload.attachments;
    return { ...made, message, url: attachment!.url };
  };
  const statusOf = async (url: string | URL): Promise<number> => (await fetch(url)).status;

  it('serves what was attached by a signed address, for a day and while its message is there', async () => {
    const { fake, place, message, url } = await said();
    const response = await fetch(url);
    expect(await response.text()).toBe('the bytes of a photo');
    expect(new URL(url).host).toBe(fake.cdnHost);
    const touched = new URL(url);
    touched.searchParams.set('ex', 'ffffffff');
    expect(await statusOf(touched)).toBe(404);
    fake.clock.advance(24 * 60 * minuteMs + 1000);
    expect(await statusOf(url)).toBe(404);
    const fresh = place.message(message.id)?.files[0]?.url ?? '';
    expect(await statusOf(fresh)).toBe(200);
    place.deleteMessage(message.id);
    expect(await statusOf(fresh)).toBe(404);
  });

  it('may send elsewhere, fail, send more, break off, or wait', async () => {
    const { fake, url } = await said();
    fake.cdn.faults.redirect(`${url}#elsewhere`);
    expect((await fetch(url, { redirect: 'manual' })).headers.get('location')).toBe(`${url}#elsewhere`);
    fake.cdn.faults.fail(503);
    expect(await statusOf(url)).toBe(503);
    fake.cdn.faults.grow(1000);
    const grown = await (await fetch(url)).arrayBuffer();
    expect(grown.byteLength).toBe(photo.bytes.byteLength + 1000);
    fake.cdn.faults.cut(5);
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    const held = fake.cdn.faults.hold();
    const response = fetch(url);
    await held.arrived;
    held.release();
    expect((await response).status).toBe(200);
  });
});

it('requests need the token, and are kept with what came along', async () => {
  const { fake, place, send } = await inAServer();
  await send({ content: 'x' }, [photo]);
  expect(fake.requests.at(-1)).toMatchObject({ method: 'POST', path: messages, status: 200 });
  expect(fake.requests.at(-1)?.files).toEqual([{ filename: photo.name, bytes: photo.bytes.byteLength }]);
  const answer = await fetch(`${fake.restApi}/v10/channels/${place.id}`);
  expect(answer.status).toBe(401);
});
