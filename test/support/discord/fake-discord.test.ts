/** What other tests rely on: that the fake refuses, hides and remembers what Discord does. */
import { PermissionFlagsBits as Bit, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { connect, inAServer } from './raw-client.ts';
import { hasSpec, openSchemaCheck } from './rest/schema.ts';
import { overwriteCommands } from './state/commands.ts';

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

describe('interactions', () => {
  const scene = async () => {
    const made = await inAServer();
    const { fake, ann, place, call } = made;
    const contexts = { contexts: [0, 1, 2], integration_types: [0, 1] };
    overwriteCommands(fake.core, [
      {
        ...{ name: 'gramzoom', description: 'zoom', ...contexts },
        options: [
          { type: 11, name: 'photo', description: 'the photo', required: true },
          { type: 4, name: 'size', description: 'side', min_value: 64, max_value: 512 },
        ],
      },
      { name: 'Gramzoom', type: 3 },
    ]);
    const ask = (person = ann, where = place) => person.command('gramzoom', { photo }, { in: where });
    type Asked = Awaited<ReturnType<typeof ask>>;
    const answer = ({ id, token }: Asked, data: object = { content: 'here' }, type = 4) =>
      call('POST', `/interactions/${id}/${token}/callback`, { type, data });
    const webhook = ({ token }: Asked) => `/webhooks/${fake.applicationId}/${token}`;
    const change = (asked: Asked) =>
      call('PATCH', `${webhook(asked)}/messages/@original`, { content: 'changed' });
    const followUp = (asked: Asked) => call('POST', webhook(asked), { content: 'more' });
    return { ...made, ask, answer, change, followUp };
  };

  it('have three seconds for the first answer, which there is once, and fifteen minutes for the rest', async () => {
    const { fake, place, ask, answer, change, followUp, call } = await scene();
    const late = await ask();
    fake.clock.advance(2999);
    expect(late.didNotRespond).toBe(false);
    fake.clock.advance(1);
    expect(late.didNotRespond).toBe(true);
    expect((await answer(late)).code).toBe(10_062);
    const asked = await ask();
    expect((await followUp(asked)).code).toBe(10_015);
    expect((await answer(asked)).status).toBe(204);
    expect((await answer(asked)).code).toBe(40_060);
    fake.clock.advance(14 * minuteMs);
    expect((await change(asked)).status).toBe(200);
    fake.clock.advance(minuteMs);
    expect([await change(asked), await followUp(asked)].map(({ code }) => code)).toEqual([50_027, 50_027]);
    // The message stays, and the bot's own token edits it.
    await call('PATCH', `/channels/${place.id}/messages/${asked.reply?.id}`, { content: 'done' });
    expect(asked.reply?.content).toBe('done');
    expect(fake.invalidRequests).toBe(2);
  });

  it('are answered to one person alone where that is asked for, unseen by the bot token', async () => {
    const { place, ann, ask, answer, call } = await scene();
    const asked = await ask();
    await answer(asked, { content: 'pssst', flags: 64 });
    expect([place.messages(), place.messages({ as: ann.id }).length]).toEqual([[], 1]);
    expect((await call('GET', `/channels/${place.id}/messages/${asked.reply?.id}`)).code).toBe(10_008);
  });

  it('that are deferred are filled by the first word', async () => {
    const { ask, answer, followUp } = await scene();
    const asked = await ask();
    await answer(asked, { flags: 64 }, 5);
    expect(asked.reply).toMatchObject({ loading: true, ephemeral: true });
    await followUp(asked);
    expect([asked.reply?.content, asked.followUps]).toEqual(['more', []]);
  });

  it('of people who have brought the bot along have five follow-ups, where it may not write by itself', async () => {
    const { fake, ask, answer, followUp, call } = await scene();
    const bea = fake.person('bea', { installed: true });
    const far = fake.guild({ bot: null, members: [bea] }).channel('far-away');
    const asked = await ask(bea, far);
    await answer(asked);
    for (const _ of [1, 2, 3, 4, 5]) await followUp(asked);
    expect((await followUp(asked)).code).toBe(40_094);
    expect((await call('POST', `/channels/${far.id}/messages`, { content: 'x' })).code).toBe(50_001);
    const everyone = Bit.ViewChannel | Bit.UseApplicationCommands;
    const strict = fake.guild({ bot: null, members: [bea], everyone }).channel('strict');
    const private_ = await ask(bea, strict);
    await answer(private_);
    expect(private_.reply?.ephemeral).toBe(true);
  });

  it("are not sent by people's clients where they break a command's rules", async () => {
    const { ann, place, guild } = await scene();
    const use = (values: Parameters<typeof ann.command>[1], name = 'gramzoom') =>
      ann.command(name, values, { in: place });
    await expect(use({})).rejects.toThrow('photo is required');
    await expect(use({ photo, size: 63 })).rejects.toThrow('out of range');
    await expect(use({ photo, size: 64.5 })).rejects.toThrow('not whole');
    await expect(use({ photo, colour: 'red' })).rejects.toThrow('no option colour');
    await expect(use({}, 'other')).rejects.toThrow('no command other');
    guild.setEveryonePermissions(Bit.ViewChannel);
    await expect(use({ photo })).rejects.toThrow('may not');
  });
});

describe('the gateway', () => {
  const everything = Intent.Guilds | Intent.GuildMessages | Intent.DirectMessages;

  it('tells of messages what a bot without the privileged intent may read', async () => {
    const { fake, ann, place, call } = await inAServer();
    const { heard } = await connect(fake, { intents: everything });
    const looked = await ann.say(place, 'among us', { files: [photo] });
    await ann.say(place, 'please', { files: [photo], mention: true, replyTo: looked });
    await ann.say(ann.dm(), 'secret', { files: [photo] });
    const told = await fake.waitFor('three messages', () => {
      const found = heard('MESSAGE_CREATE');
      return found.length === 3 && found;
    });
    const shown = ({ content, attachments }: { content: string; attachments: unknown[] }) =>
      `${content}|${attachments.length}`;
    expect(told.map(shown)).toEqual(['|0', `<@${fake.applicationId}> please|1`, 'secret|1']);
    expect(told[1].referenced_message.attachments).toEqual([]);
    const listed = await call('GET', `/channels/${place.id}/messages?limit=100`);
    expect(listed.body.map(shown)).toEqual([`<@${fake.applicationId}> please|1`, '|0']);
  });

  it('tells nothing without its intent, and nothing of channels that the bot cannot see', async () => {
    const { fake, ann, place } = await inAServer();
    const { heard } = await connect(fake, { intents: Intent.Guilds | Intent.GuildMessages });
    await ann.say(ann.dm(), 'hello');
    place.denyBot(Bit.ViewChannel);
    await ann.say(place, 'hidden', { mention: true });
    place.denyBot(0n);
    await ann.say(place, 'seen', { mention: true });
    await fake.waitFor('a message', () => heard('MESSAGE_CREATE').length > 0);
    expect(heard('MESSAGE_CREATE').map(({ content }) => content)).toEqual([`<@${fake.applicationId}> seen`]);
  });

  it('resumes a session with exactly what was missed, for some minutes', async () => {
    const { fake, ann, place } = await inAServer();
    const first = await connect(fake, { intents: everything });
    fake.gateway.drop();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
    await ann.say(place, 'missed', { mention: true });
    const resume = { session: first.session(), sequence: first.sequence() };
    const second = await connect(fake, { resume });
    await fake.waitFor('the end of it', () => second.heard('RESUMED').length > 0);
    expect(second.heard('MESSAGE_CREATE')).toHaveLength(1);
    fake.gateway.drop();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
    fake.clock.advance(200_000);
    const third = await connect(fake, { resume });
    expect(third.invalid()).toBe(true);
  });

  it.each([
    ['a wrong token', { token: 'another' }, 4004],
    ['intents that there are not', { intents: 1 << 30 }, 4013],
    ['an intent that is not switched on', { intents: Intent.MessageContent }, 4014],
    ['a shard that there is not', { shard: [1, 1] as const }, 4010],
  ])('closes the connection for %s', async (_, options, code) => {
    const { fake } = await inAServer();
    expect((await connect(fake, options)).closedWith()).toBe(code);
  });

  it('gives each shard its servers, and direct messages to the first', async () => {
    const { fake, ann } = await inAServer();
    fake.guild({ name: 'another' });
    const [first, second] = [
      await connect(fake, { intents: everything, shard: [0, 2] }),
      await connect(fake, { intents: everything, shard: [1, 2] }),
    ];
    expect([first, second].map(({ heard }) => heard('GUILD_CREATE').length)).toEqual([1, 1]);
    await ann.say(ann.dm(), 'hello');
    await fake.waitFor('the message', () => first.heard('MESSAGE_CREATE').length === 1);
    expect(second.heard('MESSAGE_CREATE')).toEqual([]);
  });
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

  it('of files follow the boost of a server', async () => {
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
