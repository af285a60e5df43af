import {
  AttachmentBuilder,
  PermissionFlagsBits as Bit,
  type Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  type Message,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { hasSpec } from './rest/schema.ts';
import { codeOf, inAGuild, intents } from './test-client.ts';

const hourMs = 3_600_000;
const file = (name: string, text = name) =>
  new AttachmentBuilder(Buffer.from(text), { name, description: text });

const nextMessage = (client: Client): Promise<Message> =>
  new Promise((resolve) => client.once(Events.MessageCreate, resolve));

describe('messages of the bot', () => {
  it('carry files with alt texts, embeds that show them, and spoilers', async () => {
    const { channel, place } = await inAGuild();
    const embed = new EmbedBuilder()
      .setTitle('frame')
      .setImage('attachment://shown.png')
      .setFooter({ text: 'seed 7' });
    const sent = await channel.send({
      content: 'hello',
      embeds: [embed],
      files: [file('shown.png'), file('SPOILER_b.gif', 'two')],
    });
    const [message] = place.messages();
    expect(message?.text).toBe('hello\nframe\nseed 7');
    expect(message?.files).toMatchObject([
      { name: 'shown.png', description: 'shown.png', spoiler: false },
      { name: 'SPOILER_b.gif', description: 'two', spoiler: true },
    ]);
    // What an embed shows is not listed beside it.
    expect(sent.attachments.map(({ name }) => name)).toEqual(['SPOILER_b.gif']);
    expect(sent.attachments.first()?.spoiler).toBe(true);
    const shown = await fetch(sent.embeds[0]?.image?.url ?? '');
    expect(await shown.text()).toBe('shown.png');
  });

  it('keep in an edit the files that are listed, and lose the others', async () => {
    const { channel, place } = await inAGuild();
    const sent = await channel.send({ files: [file('a.png'), file('b.png')] });
    await sent.edit({ content: 'same files' });
    expect(place.messages()[0]?.files.map(({ name }) => name)).toEqual(['a.png', 'b.png']);
    const kept = sent.attachments.find(({ name }) => name === 'a.png');
    const old = sent.attachments.find(({ name }) => name === 'b.png')?.url ?? '';
    await sent.edit({ attachments: kept ? [kept] : [], files: [file('c.png')] });
    expect(place.messages()[0]?.files.map(({ name }) => name)).toEqual(['a.png', 'c.png']);
    expect((await fetch(old)).status).toBe(404);
    await sent.edit({ files: [file('d.png')] });
    expect(place.messages()[0]?.files.map(({ name }) => name)).toEqual(['d.png']);
    expect(place.messages()[0]?.history.map(({ files }) => files)).toEqual([
      ['a.png', 'b.png'],
      ['a.png', 'b.png'],
      ['a.png', 'c.png'],
    ]);
  });

  it('are made once for a nonce, for a few minutes', async () => {
    const { channel, place, fake } = await inAGuild();
    const say = () => channel.send({ content: 'once', nonce: 'job-1', enforceNonce: true });
    const [first, second] = [await say(), await say()];
    expect(second.id).toBe(first.id);
    expect(place.messages()).toHaveLength(1);
    fake.clock.advance(hourMs);
    await say();
    expect(place.messages()).toHaveLength(2);
    expect(await codeOf(channel.send({ content: 'x', nonce: 'n'.repeat(26) }))).toBe(50_035);
    // The description says so too.
    expect(fake.takeViolations()).toHaveLength(hasSpec ? 1 : 0);
  });

  it('notify whom allowed_mentions lets them', async () => {
    const { channel, place, ann, fake } = await inAGuild();
    const bea = fake.person('bea');
    const content = `${ann.mention} ${bea.mention} @everyone`;
    await channel.send({ content, allowedMentions: { parse: [] } });
    await channel.send({ content, allowedMentions: { users: [ann.id] } });
    const sent = await channel.send('no one');
    await sent.edit({ content });
    expect(place.messages().map(({ pinged }) => pinged)).toEqual([[], ['ann'], []]);
    expect(place.messages().map(({ payload }) => payload.mention_everyone)).toEqual([false, false, true]);
  });

  it('are listed around, before and after others', async () => {
    const { channel } = await inAGuild();
    const ids: string[] = [];
    for (const word of ['1', '2', '3', '4', '5']) ids.push((await channel.send(word)).id);
    const list = async (options: object): Promise<string> =>
      (await channel.messages.fetch({ cache: false, ...options })).map(({ content }) => content).join('');
    expect(await list({ limit: 2 })).toBe('54');
    expect(await list({ before: ids[3], limit: 2 })).toBe('32');
    expect(await list({ after: ids[1], limit: 2 })).toBe('43');
    expect(await list({ around: ids[2], limit: 3 })).toBe('432');
  });

  it('go away with their files', async () => {
    const { channel, place, client } = await inAGuild();
    const sent = await channel.send({ files: [file('a.png')] });
    const url = sent.attachments.first()?.url ?? '';
    const heard = new Promise((resolve) => client.once(Events.MessageDelete, ({ id }) => resolve(id)));
    await sent.delete();
    expect(await heard).toBe(sent.id);
    expect(place.messages()).toEqual([]);
    expect((await fetch(url)).status).toBe(404);
    expect(await codeOf(sent.edit('x'))).toBe(10_008);
    expect(await codeOf(sent.reply('x'))).toBe(50_035);
  });

  it('obey the limits', async () => {
    const { channel } = await inAGuild();
    expect(await codeOf(channel.send({ content: 'x'.repeat(2001) }))).toBe(50_035);
    expect(await codeOf(channel.send({ content: ' ' }))).toBe(50_006);
    const long = new EmbedBuilder().setDescription('x'.repeat(4000));
    expect(await codeOf(channel.send({ embeds: [long, long] }))).toBe(50_035);
  });
});

describe('permissions', () => {
  it('are asked of roles and overwrites for every act', async () => {
    const { channel, place, ann, guild } = await inAGuild();
    const sent = await channel.send('mine');
    const foreign = await ann.say(place, 'hers');
    const theirs = await channel.messages.fetch(foreign.id);
    expect(await codeOf(theirs.delete())).toBe(50_013);
    expect(await codeOf(theirs.edit('x'))).toBe(50_005);
    place.denyBot(Bit.AttachFiles);
    expect(await codeOf(channel.send({ files: [file('a.png')] }))).toBe(50_013);
    place.denyBot(Bit.AddReactions);
    expect(await codeOf(sent.react('🎲'))).toBe(50_013);
    place.denyBot(Bit.SendMessages);
    expect(await codeOf(channel.send('x'))).toBe(50_013);
    place.denyBot(Bit.ViewChannel);
    expect(await codeOf(channel.send('x'))).toBe(50_001);
    place.denyBot(0n);
    guild.setBotPermissions(Bit.ViewChannel | Bit.SendMessages | Bit.ManageMessages);
    await theirs.delete();
    expect(place.messages().map(({ content }) => content)).toEqual(['mine']);
  });

  it('a message of embeds alone is refused without the permission to embed, and others lose theirs', async () => {
    const { channel, place } = await inAGuild();
    place.denyBot(Bit.EmbedLinks);
    const embeds = [new EmbedBuilder().setTitle('x')];
    expect(await codeOf(channel.send({ embeds }))).toBe(50_013);
    await channel.send({ content: 'words', embeds });
    expect(place.messages()[0]?.text).toBe('words');
  });

  it('bind people as well', async () => {
    const { ann, guild, fake, place } = await inAGuild();
    const bea = fake.person('bea');
    guild.add(bea, Bit.ManageMessages);
    const words = await ann.say(place, 'hello');
    bea.delete(words);
    expect(() => ann.delete({ id: '1', channelId: place.id })).toThrow('Unknown Message');
    guild.setEveryonePermissions(Bit.ViewChannel);
    await expect(ann.say(place, 'x')).rejects.toThrow('may not');
  });
});

describe('what people say', () => {
  it('reaches a bot without the privileged intent only where it is meant', async () => {
    const { client, ann, place, channel } = await inAGuild();
    const files = [{ name: 'a.png', bytes: Buffer.from('a') }];
    const heard = async (say: Promise<unknown>): Promise<string> => {
      const message = nextMessage(client);
      await say;
      const { content, attachments } = await message;
      return `${content}|${attachments.size}`;
    };
    expect(await heard(ann.say(place, 'among us', { files }))).toBe('|0');
    expect(await heard(ann.say(place, 'please', { files, mention: true }))).toBe(
      `<@${client.user.id}> please|1`,
    );
    expect(await heard(ann.say(ann.dm(), 'secret', { files }))).toBe('secret|1');
    const listed = await channel.messages.fetch({ cache: false });
    expect(listed.map(({ attachments }) => attachments.size)).toEqual([1, 0]);
    await channel.send('from now on it is quiet');
  });

  it("hides another's photo from a mention that replies to it", async () => {
    const { client, ann, place, fake } = await inAGuild();
    const photo = await ann.say(place, 'look', { files: [{ name: 'a.png', bytes: Buffer.from('a') }] });
    const heard = new Promise<Message>((resolve) =>
      client.on(Events.MessageCreate, (message) => message.reference && resolve(message)),
    );
    await ann.say(place, 'this one', { mention: true, replyTo: photo });
    const message = await heard;
    expect(message.reference?.messageId).toBe(photo.id);
    expect((await message.fetchReference()).attachments.size).toBe(0);
    expect(fake.place(place.id).message(photo.id)?.files).toHaveLength(1);
  });

  it('is readable with the intent', async () => {
    const { client, ann, place } = await inAGuild({
      privilegedIntents: GatewayIntentBits.MessageContent,
      client: { intents: [...intents, GatewayIntentBits.MessageContent] },
    });
    const message = nextMessage(client);
    await ann.say(place, 'hello');
    expect((await message).content).toBe('hello');
  });

  it('reaches closed ears nowhere: a bot cannot write to who takes no direct messages', async () => {
    const { client, ann, fake } = await inAGuild();
    ann.settings.dmsClosed = true;
    const user = await client.users.fetch(ann.id);
    expect(await codeOf(user.send('hello'))).toBe(50_007);
    const bea = fake.person('bea');
    await (await client.users.fetch(bea.id)).send({ content: 'hello', files: [file('zoom.gif')] });
    expect(bea.dm().messages()).toMatchObject([{ content: 'hello', files: [{ name: 'zoom.gif' }] }]);
  });
});
