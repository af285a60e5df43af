import { readFile } from 'node:fs/promises';
import { AttachmentBuilder, type Client, Events, type Interaction, type TextChannel } from 'discord.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBufferedRequests } from '../../../src/chat/discord/buffered-requests.ts';
import type { FakeDiscord } from './fake-discord.ts';
import { codeOf, inAGuild } from './test-client.ts';
import { quietTraffic } from './traffic.ts';

const messages = '/channels/{channel_id}/messages';
const mebibyte = 2 ** 20;

const statuses = (fake: FakeDiscord, method: string, path = messages): readonly number[] =>
  fake.requests.filter((each) => each.method === method && each.path === path).map(({ status }) => status);

const contents = (place: { messages(): readonly { readonly content: string }[] }): readonly string[] =>
  place.messages().map(({ content }) => content);

describe('refusals', () => {
  it.each([
    ['missingAccess', 50_001],
    ['missingPermissions', 50_013],
    ['uploadTooLarge', 40_005],
  ] as const)('the fault %s refuses one request with code %i', async (fault, code) => {
    const { fake, channel, place } = await inAGuild();
    fake.faults[fault]({ method: 'POST', path: messages });
    expect(await codeOf(channel.send('x'))).toBe(code);
    await channel.send('y');
    expect(contents(place)).toEqual(['y']);
    expect(fake.faults.waiting).toBe(0);
  });

  it('meet the requests they are planned for, as often as they are planned', async () => {
    const { fake, channel, place, guild, client } = await inAGuild();
    const other = (await client.channels.fetch(guild.channel('other').id)) as TextChannel;
    fake.faults.missingAccess({ method: 'POST', params: { channel_id: other.id }, times: 2 });
    await channel.send('fine');
    expect(await codeOf(other.send('x'))).toBe(50_001);
    expect(await codeOf(other.send('x'))).toBe(50_001);
    await other.send('fine');
    expect(contents(place)).toEqual(['fine']);
  });

  it('a thread is refused where there is one, where there are too many, and where it is archived', async () => {
    const { fake, channel } = await inAGuild();
    const message = await channel.send('a render');
    fake.faults.threadExists();
    expect(await codeOf(message.startThread({ name: 'x' }))).toBe(160_004);
    fake.faults.tooManyThreads();
    expect(await codeOf(message.startThread({ name: 'x' }))).toBe(160_006);
    fake.faults.archivedThread();
    expect(await codeOf(message.edit('x'))).toBe(50_083);
  });

  it('an answer to an interaction is refused as too late, by a dead token, or as unknown', async () => {
    const { fake, client, ann, place } = await inAGuild();
    await client.application.commands.set([{ name: 'queue', description: 'who is next' }]);
    const ask = async () => {
      const heard = new Promise<Interaction>((resolve) => client.once(Events.InteractionCreate, resolve));
      const asked = await ann.command('queue', {}, { in: place });
      const interaction = await heard;
      if (!interaction.isChatInputCommand()) throw new Error('another kind');
      return { asked, interaction };
    };
    fake.faults.acknowledgeTooLate();
    const late = await ask();
    expect(await codeOf(late.interaction.deferReply())).toBe(10_062);
    fake.clock.advance(3000);
    expect(late.asked.didNotRespond).toBe(true);

    const { asked, interaction } = await ask();
    await interaction.reply('one');
    fake.faults.tokenExpired();
    expect(await codeOf(interaction.editReply('two'))).toBe(50_027);
    fake.faults.unknownWebhook();
    expect(await codeOf(interaction.editReply('two'))).toBe(10_015);
    await interaction.editReply('two');
    expect(asked.reply?.content).toBe('two');
    asked.expireToken();
    expect(await codeOf(interaction.editReply('three'))).toBe(50_027);
  });

  it('files are refused by their size, as the guild is boosted', async () => {
    const { channel, guild, place } = await inAGuild();
    const file = (bytes: number) => new AttachmentBuilder(Buffer.alloc(bytes), { name: 'zoom.gif' });
    expect(await codeOf(channel.send({ files: [file(10 * mebibyte + 1)] }))).toBe(40_005);
    guild.setTier(2);
    await channel.send({ files: [file(10 * mebibyte + 1)] });
    expect(place.messages()[0]?.files[0]?.bytes.byteLength).toBe(10 * mebibyte + 1);
  });
});

describe('failures of the server', () => {
  const once = { nonce: 'job-1-final', enforceNonce: true } as const;

  it('a request that failed before anything was done is tried again', async () => {
    const { fake, channel, place } = await inAGuild();
    fake.faults.serverError({ method: 'POST', path: messages });
    await channel.send('x');
    expect(statuses(fake, 'POST')).toEqual([502, 200]);
    expect(contents(place)).toEqual(['x']);
  });

  it.each([
    ['an error', (fake: FakeDiscord) => fake.faults.failAfterCreate()],
    [
      'a broken connection',
      (fake: FakeDiscord) => fake.faults.cut('after', { method: 'POST', path: messages }),
    ],
  ])(
    'a request that failed after its message was made makes another (%s), unless a nonce says that it is the same',
    async (_, fail) => {
      const { fake, channel, place } = await inAGuild();
      fail(fake);
      await channel.send('twice');
      expect(contents(place)).toEqual(['twice', 'twice']);
      fail(fake);
      await channel.send({ content: 'once', ...once });
      expect(contents(place)).toEqual(['twice', 'twice', 'once']);
    },
  );

  it('a slow upload is given up and sent again, and makes another message as well', async () => {
    const { fake, channel, place } = await inAGuild({ client: { rest: { timeout: 200 } } });
    const files = [new AttachmentBuilder(Buffer.from('GIF89a'), { name: 'zoom.gif' })];
    fake.faults.slowUpload({ ms: 20_000 });
    await channel.send({ content: 'twice', files });
    expect(contents(place)).toEqual(['twice', 'twice']);
    fake.faults.slowUpload({ ms: 20_000 });
    await channel.send({ content: 'once', files, ...once });
    expect(contents(place)).toEqual(['twice', 'twice', 'once']);
  });

  it('a client with patience gets the slow answer when its time has come', async () => {
    const { fake, channel, place } = await inAGuild({ client: { rest: { timeout: 60_000 } } });
    fake.faults.slowUpload({ ms: 20_000 });
    let isAnswered = false;
    const sent = channel.send('slow').then(() => {
      isAnswered = true;
    });
    await fake.waitFor('the message', () => place.messages().length === 1);
    expect(isAnswered).toBe(false);
    fake.clock.advance(20_000);
    await sent;
    expect(statuses(fake, 'POST')).toEqual([200]);
  });

  it('can be stretched: a request is held before it is done, or after', async () => {
    const { fake, channel, place } = await inAGuild();
    const before = fake.faults.hold('before', { method: 'POST', path: messages });
    const first = channel.send('one');
    await before.arrived;
    expect(contents(place)).toEqual([]);
    before.release();
    await first;
    const after = fake.faults.hold('after', { method: 'POST', path: messages });
    const second = channel.send('two');
    await after.arrived;
    expect(contents(place)).toEqual(['one', 'two']);
    after.release();
    await second;
  });
});

describe('connections that are closed while nobody uses them', () => {
  it('cost no upload that begins at that moment, where files are sent as whole bytes', async () => {
    const { limits, time } = quietTraffic();
    const { makeRequest, close } = createBufferedRequests({ limits, clock: time.clock });
    onTestFinished(close);
    const { fake, client, channel, place } = await inAGuild({ client: { rest: { makeRequest } } });
    const files = [new AttachmentBuilder(Buffer.alloc(300_000), { name: 'zoom.gif' })];
    // Only some of them meet: as discord.js comes, this ended the process within twenty.
    for (let round = 0; round < 40; round++) {
      await client.rest.get('/users/@me');
      const sent = channel.send({ files, nonce: `upload-${round}`, enforceNonce: true });
      for (let turn = 0; turn < round % 12; turn++) await null;
      fake.closeIdleConnections();
      await sent;
    }
    expect(place.messages()).toHaveLength(40);
  });
});

describe('what the fake checks', () => {
  it('is told by the requests that came, with the time on the clock', async () => {
    const { fake, channel } = await inAGuild();
    const sample = await readFile(new URL('../../../docs/sample.png', import.meta.url));
    await channel.send({ files: [new AttachmentBuilder(sample, { name: 'a.png' })] });
    const request = fake.requests.at(-1);
    expect(request).toMatchObject({ method: 'POST', path: messages, status: 200 });
    expect(request?.files).toEqual([{ filename: 'a.png', bytes: sample.byteLength }]);
    expect(request?.at).toBeLessThanOrEqual(fake.clock.now());
  });

  it('includes the token', async () => {
    const { client, fake } = (await inAGuild()) as { client: Client; fake: FakeDiscord };
    client.rest.setToken('another');
    expect(await codeOf(client.rest.get('/users/@me'))).toBe(0);
    expect(fake.requests.at(-1)?.status).toBe(401);
  });
});
