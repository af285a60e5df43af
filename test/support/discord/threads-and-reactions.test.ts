import { PermissionFlagsBits as Bit, ChannelType, Events, type Message } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { codeOf, createClient, inAGuild, logIn } from './test-client.ts';

const hourMs = 3_600_000;

const scene = async () => {
  const given = await inAGuild();
  return { ...given, message: await given.channel.send('a render') };
};

describe('threads', () => {
  it("hang under a message, have its id, and hold the bot's words", async () => {
    const { place, message, client } = await scene();
    const heard = new Promise<boolean>((resolve) =>
      client.once(Events.ThreadCreate, (_, isNew) => resolve(isNew)),
    );
    const thread = await message.startThread({ name: 'gramzoom: cat', autoArchiveDuration: 1440 });
    expect(await heard).toBe(true);
    expect(thread.id).toBe(message.id);
    await thread.send('frame 1');
    const [seen] = place.threads();
    expect(seen?.name).toBe('gramzoom: cat');
    expect(seen?.messages().map(({ content }) => content)).toEqual(['', 'frame 1']);
    expect(place.messages()[0]?.threadId).toBe(thread.id);
    expect(thread.joined).toBe(true);
  });

  it('are one per message, and none in direct messages, threads and forums', async () => {
    const { ann, message, channel, guild, client } = await scene();
    const thread = await message.startThread({ name: 'one' });
    expect(await codeOf(channel.threads.create({ name: 'two', startMessage: message.id }))).toBe(160_004);
    const within = await thread.send('in the thread');
    const path = (place: string, id: string) => `/channels/${place}/messages/${id}/threads` as const;
    const start = (place: string, id: string) => client.rest.post(path(place, id), { body: { name: 'x' } });
    expect(await codeOf(start(thread.id, within.id))).toBe(50_024);
    const user = await client.users.fetch(ann.id);
    const direct = await user.send('hello');
    expect(await codeOf(start(direct.channelId, direct.id))).toBe(50_024);
    const forum = guild.channel('forum', { type: ChannelType.GuildForum });
    const post = await ann.post(forum, 'my cat', { text: 'look' });
    expect(post.id).toBe(post.channelId);
    expect(await codeOf(start(post.channelId, post.id))).toBe(50_024);
  });

  it('threads of people are seen by the bot, which joins them when it writes there', async () => {
    const { ann, place, client } = await scene();
    const words = await ann.say(place, 'look');
    const heard = new Promise<string>((resolve) => client.once(Events.ThreadCreate, ({ id }) => resolve(id)));
    const thread = ann.startThread(words, 'hers');
    expect(await heard).toBe(thread.id);
    const channel = await client.channels.fetch(thread.id);
    if (!channel?.isThread()) throw new Error('no thread');
    expect(channel.joined).toBe(false);
    await channel.send(`${ann.mention} here`);
    expect((await channel.members.fetchMe()).id).toBe(client.user.id);
    expect(ann.pings().map(({ content }) => content)).toEqual([`${ann.mention} here`]);
  });

  it('are limited in number, and need a permission', async () => {
    const { guild, message, place } = await scene();
    guild.setMostThreads(0);
    expect(await codeOf(message.startThread({ name: 'x' }))).toBe(160_006);
    guild.setEveryonePermissions(Bit.ViewChannel | Bit.SendMessages | Bit.ReadMessageHistory);
    place.denyBot(Bit.CreatePublicThreads);
    expect(await codeOf(message.startThread({ name: 'x' }))).toBe(50_013);
  });

  it('refuse edits once archived, and open again when somebody writes', async () => {
    const { place, message, client } = await scene();
    const thread = await message.startThread({ name: 'one' });
    const frame = await thread.send('frame 1');
    const heard = new Promise<boolean>((resolve) =>
      client.once(Events.ThreadUpdate, (_, now) => resolve(now.archived ?? false)),
    );
    const [seen] = place.threads();
    seen?.archive();
    expect(await heard).toBe(true);
    expect(await codeOf(frame.edit('frame 2'))).toBe(50_083);
    expect(await codeOf(frame.react('🎲'))).toBe(50_083);
    await thread.send('final');
    expect(seen?.archived).toBe(false);
    await frame.edit('frame 2');
    seen?.archive({ locked: true });
    expect(await codeOf(thread.send('too late'))).toBe(160_005);
  });

  it('archive themselves when nothing is said for as long as they were told', async () => {
    const { fake, place, message, channel } = await scene();
    const thread = await message.startThread({ name: 'one', autoArchiveDuration: 60 });
    fake.clock.advance(hourMs / 2);
    await thread.send('still here');
    fake.clock.advance(hourMs / 2 + 1000);
    const [seen] = place.threads();
    expect(seen?.archived).toBe(false);
    fake.clock.advance(hourMs / 2);
    expect(seen?.archived).toBe(true);
    const archived = await channel.threads.fetchArchived();
    expect(archived.threads.map(({ name }) => name)).toEqual(['one']);
    await thread.setArchived(false);
    expect((await channel.threads.fetchActive()).threads.size).toBe(1);
    expect(seen?.archived).toBe(false);
  });

  it('can be started without a message, joined, left, renamed and deleted', async () => {
    const { channel, place, ann, guild } = await scene();
    const thread = await channel.threads.create({ name: 'free', type: ChannelType.PublicThread });
    await thread.members.add(ann.id);
    expect((await thread.members.fetch()).map(({ id }) => id)).toContain(ann.id);
    await thread.setName('renamed');
    expect(place.threads()[0]?.name).toBe('renamed');
    expect(await codeOf(thread.delete())).toBe(50_013);
    guild.setEveryonePermissions(Bit.ViewChannel | Bit.ManageThreads | Bit.SendMessagesInThreads);
    await thread.delete();
    expect(place.threads()).toEqual([]);
  });
});

describe('reactions', () => {
  it('are added, listed and taken back', async () => {
    const { message, place, ann, client } = await scene();
    await message.react('🎲');
    const heard = new Promise<string>((resolve) =>
      client.once(Events.MessageReactionAdd, (reaction, user) =>
        resolve(`${reaction.emoji.name} ${user.id}`),
      ),
    );
    const [seen] = place.messages();
    ann.react(seen as NonNullable<typeof seen>, '🎲');
    expect(await heard).toBe(`🎲 ${ann.id}`);
    expect(place.messages()[0]?.reactions).toEqual({ '🎲': ['gramzoom', 'ann'] });
    const fetched = await message.fetch();
    const users = await fetched.reactions.resolve('🎲')?.users.fetch();
    expect(users?.map(({ id }) => id)).toEqual([client.user.id, ann.id]);
    const removed = new Promise((resolve) => client.once(Events.MessageReactionRemove, resolve));
    ann.unreact(seen as NonNullable<typeof seen>, '🎲');
    await removed;
    await message.reactions.resolve('🎲')?.users.remove(client.user.id);
    expect(place.messages()[0]?.reactions).toEqual({});
  });

  it('do not tell one emoji from itself with a variation selector', async () => {
    const { message, place, ann } = await scene();
    await message.react('✉️');
    const [seen] = place.messages();
    ann.react(seen as NonNullable<typeof seen>, '✉');
    expect(place.messages()[0]?.reactions).toEqual({ '✉️': ['gramzoom', 'ann'] });
    expect(await codeOf(message.react('not an emoji'))).toBe(10_014);
  });

  it('reach a client that was restarted, on messages it has not seen, by partials', async () => {
    const { fake, client, place, ann } = await scene();
    await client.destroy();
    const fresh = await logIn(createClient(fake), fake.token);
    const heard = new Promise<[message: Message, partial: boolean]>((resolve, reject) =>
      fresh.once(Events.MessageReactionAdd, (reaction) => {
        const { partial } = reaction.message;
        reaction.message.fetch().then((whole) => resolve([whole, partial]), reject);
      }),
    );
    const [seen] = place.messages();
    ann.react(seen as NonNullable<typeof seen>, '🎲');
    const [whole, partial] = await heard;
    expect(partial).toBe(true);
    expect(whole.content).toBe('a render');
  });

  it('reactions on uncached messages are lost to a client without partials', async () => {
    const { fake, client, place, ann } = await scene();
    await client.destroy();
    const deaf = await logIn(createClient(fake, { partials: [] }), fake.token);
    const heard: string[] = [];
    const told = new Promise((resolve) =>
      deaf.on(Events.Raw as never, ({ t }: { t: string }) => t === 'MESSAGE_REACTION_ADD' && resolve(t)),
    );
    deaf.on(Events.MessageReactionAdd, () => void heard.push('reaction'));
    const [seen] = place.messages();
    ann.react(seen as NonNullable<typeof seen>, '🎲');
    await told;
    expect(heard).toEqual([]);
  });

  it('reactions in direct messages come without a member', async () => {
    const { client, ann, fake } = await scene();
    const user = await client.users.fetch(ann.id);
    const sent = await user.send('a render');
    const raw = new Promise<object>((resolve) =>
      client.on(
        Events.Raw as never,
        ({ t, d }: { t: string; d: object }) => t === 'MESSAGE_REACTION_ADD' && resolve(d),
      ),
    );
    ann.react({ id: sent.id, channelId: sent.channelId }, '✉️');
    expect(await raw).toMatchObject({ message_author_id: fake.applicationId, user_id: ann.id });
    expect(await raw).not.toHaveProperty('member');
  });
});
