import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { decodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import type { Place } from '../../support/discord/driver/place.ts';
import { listening, photo } from '../../support/discord-bot.ts';

const placeOf = (calls: Awaited<ReturnType<typeof listening>>['calls']) => {
  const last = calls.at(-1);
  if (last?.[0] !== 'submit') throw new Error('nothing was submitted');
  return decodeReplyContext(last[1].replyTarget);
};

describe('/gramzoom', () => {
  it('takes the photo and the options, and is answered for everybody to see', async () => {
    const { fake, ann, guild, place, calls, renders } = await listening();
    const asked = await ann.command(
      'gramzoom',
      { photo, size: 128, direction: 'out', max_bytes: '2MB' },
      { in: place },
    );
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply).toMatchObject({ ephemeral: false, byBot: true });
    expect(calls).toEqual([
      [
        'submit',
        expect.objectContaining({
          origin: { platform: 'discord', server: guild.id, user: ann.id },
          options: { kind: 'zoom', size: 128, direction: 'out', maxBytes: '2MB' },
          event: `interaction:${asked.id}`,
          answersFirst: true,
        }),
      ],
    ]);
    expect(renders.rows[0]?.photo).toEqual(new Uint8Array(photo.bytes));
    expect(placeOf(calls)).toMatchObject({
      ...{ channel: place.id, guild: guild.id, user: ann.id, locale: 'en-US', replyTo: null },
      ...{
        isGuest: false,
        canOpenThread: true,
        canReact: true,
        isSpoiler: false,
        maxFileBytes: 10 * 2 ** 20,
      },
      interaction: { id: asked.id, token: asked.token },
    });
  });

  it('hides what comes of a spoiler, and calls the photo by its name', async () => {
    const { fake, ann, place, calls } = await listening();
    const asked = await ann.command(
      'gramzoom',
      { photo: { ...photo, name: 'SPOILER_cat.png' } },
      { in: place },
    );
    await fake.waitFor('the answer', () => asked.reply);
    expect(placeOf(calls).isSpoiler).toBe(true);
    expect(calls[0]?.[1]).toMatchObject({ attachment: { name: 'cat.png' } });
  });

  it.each([
    ['en-US', 'size takes a multiple of 16 from 64 to 512, not 100.'],
    ['de', /^.*100.*$/],
  ] as const)('says to the person alone what is wrong with an option (%s)', async (locale, words) => {
    const { fake, ann, place, renders } = await listening();
    const asked = await ann.command('gramzoom', { photo, size: 100 }, { in: place, locale });
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.ephemeral).toBe(true);
    if (typeof words === 'string') expect(reply.content).toBe(words);
    else expect(reply.content).not.toContain('takes');
    expect(renders.rows).toEqual([]);
  });

  it('says what is above the limits, to the person alone', async () => {
    const { fake, ann, place } = await listening();
    for (const _ of [1, 2]) {
      const asked = await ann.command('gramzoom', { photo }, { in: place });
      await fake.waitFor('the answer', () => asked.reply);
    }
    const third = await ann.command('gramzoom', { photo }, { in: place });
    const reply = await fake.waitFor('the answer', () => third.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toMatch(/^You already have 2 renders/);
  });

  it('shows text that somebody typed as it is', async () => {
    const { fake, ann, place } = await listening();
    const asked = await ann.command('gramzoom', { photo, max_bytes: '**@everyone** <#1>' }, { in: place });
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.content).toContain('\\*\\*@\u200Beveryone\\*\\* \\<#1\\>');
    expect(reply.pinged).toEqual([]);
  });

  it.each([
    ['AttachFiles', 'Attach Files'],
    ['SendMessages', 'Send Messages'],
  ] as const)('names a permission that is missing before anything is queued: %s', async (bit, name) => {
    const { fake, ann, place, calls } = await listening();
    place.denyBot(Bit[bit]);
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toContain(name);
    expect(calls).toEqual([]);
  });

  it('needs no leave to embed links: nothing that it says has an embed', async () => {
    const { fake, ann, place, calls } = await listening();
    place.denyBot(Bit.EmbedLinks);
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    expect(calls).toHaveLength(1);
  });

  it('needs another permission in a thread, and stays in it', async () => {
    const { fake, ann, place, calls } = await listening();
    const message = await ann.say(place, 'look');
    const thread = ann.startThread(message, 'a thread');
    const asked = await ann.command('gramzoom', { photo }, { in: thread });
    await fake.waitFor('the answer', () => asked.reply);
    expect(placeOf(calls)).toMatchObject({ channel: thread.id, canOpenThread: false });
    place.denyBot(Bit.SendMessagesInThreads);
    const again = await ann.command('gramzoom', { photo }, { in: thread });
    const reply = await fake.waitFor('the answer', () => again.reply);
    expect(reply.content).toContain('Send Messages in Threads');
  });

  it('does without threads and reactions where it may not make them', async () => {
    const { fake, ann, place, calls } = await listening();
    place.denyBot(Bit.CreatePublicThreads | Bit.AddReactions);
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    expect(placeOf(calls)).toMatchObject({ canOpenThread: false, canReact: false });
  });

  it('works in direct messages, where everybody is a server of their own', async () => {
    const { fake, ann, calls } = await listening();
    const dm = ann.dm();
    const asked = await ann.command('gramzoom', { photo }, { in: dm, locale: 'de' });
    await fake.waitFor('the answer', () => asked.reply);
    expect(placeOf(calls)).toMatchObject({
      guild: null,
      isGuest: false,
      canOpenThread: false,
      canReact: true,
    });
    expect(calls[0]?.[1]).toMatchObject({ origin: { server: `user:${ann.id}`, user: ann.id } });
  });

  it('counts a person as one server on all that they have brought it along to', async () => {
    const { fake, calls } = await listening();
    const tom = fake.person('tom', { installed: true });
    const askedIn = async (place: Place): Promise<void> => {
      const asked = await tom.command('gramzoom', { photo }, { in: place });
      await fake.waitFor('the answer', () => asked.reply);
    };
    for (const name of ['one', 'two']) {
      await askedIn(fake.guild({ bot: null, members: [tom] }).channel(name));
    }
    await askedIn(tom.dm());
    const origin = { platform: 'discord', server: `user:${tom.id}`, user: tom.id };
    expect(calls.map((call) => call[1])).toMatchObject([{ origin }, { origin }, { origin }]);
  });

  it('works as a guest, where somebody has brought it along', async () => {
    const { fake, calls } = await listening();
    const tom = fake.person('tom', { installed: true });
    const far = fake.guild({ bot: null, members: [tom] });
    const channel = far.channel('far-away');
    const asked = await tom.command('gramzoom', { photo }, { in: channel });
    await fake.waitFor('the answer', () => asked.reply);
    expect(placeOf(calls)).toMatchObject({
      isGuest: true,
      guild: far.id,
      canOpenThread: false,
      canReact: false,
    });
  });

  it('takes larger files where the server is boosted', async () => {
    const { fake, ann, calls } = await listening();
    const guild = fake.guild({ name: 'boosted', tier: 2, members: [ann] });
    const place = guild.channel('art');
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    expect(placeOf(calls).maxFileBytes).toBe(50 * 2 ** 20);
  });

  it('an event that Discord sends twice leads to one render', async () => {
    const { fake, ann, place, calls } = await listening();
    fake.gateway.sendTwice('INTERACTION_CREATE');
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    const next = await ann.command('queue', {}, { in: place });
    await fake.waitFor('the next answer', () => next.reply);
    expect(calls).toHaveLength(1);
  });
});

describe('the entry in the Apps menu', () => {
  it('takes the first picture of the message', async () => {
    const { fake, ann, place, renders } = await listening();
    const text = { name: 'notes.txt', bytes: Buffer.from('words') };
    const message = await ann.say(place, 'my cat', { files: [text, photo] });
    const asked = ann.contextMenu('Gramzoom', message);
    await fake.waitFor('the answer', () => asked.reply);
    expect(renders.rows[0]?.photo).toEqual(new Uint8Array(photo.bytes));
  });

  it('leaves the photo with whoever wrote the message', async () => {
    const { fake, ann, guild, place, calls } = await listening();
    const bea = fake.person('bea');
    guild.add(bea);
    const asked = ann.contextMenu('Gramzoom', await bea.say(place, 'my cat', { files: [photo] }));
    await fake.waitFor('the answer', () => asked.reply);
    expect(calls[0]?.[1]).toMatchObject({ origin: { user: ann.id }, photoOwner: { user: bea.id } });
  });

  it('says so where there is none', async () => {
    const { fake, ann, place } = await listening();
    const asked = ann.contextMenu('Gramzoom', await ann.say(place, 'no cat'));
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply).toMatchObject({ ephemeral: true });
    expect(reply.content).toMatch(/^I found no photo in that message\. JPEG, PNG, /);
  });

  it('takes a forwarded photo', async () => {
    const { fake, ann, place, renders } = await listening();
    const { payload } = await ann.say(place, 'my cat', { files: [photo] });
    const { attachments, content, embeds, timestamp, edited_timestamp, type } = payload;
    const snapshot = { attachments, content, embeds, timestamp, edited_timestamp, type };
    const shows = { message_snapshots: [{ message: { ...snapshot, mentions: [], mention_roles: [] } }] };
    const asked = ann.contextMenu('Gramzoom', await ann.say(place, '', { shows }));
    await fake.waitFor('the answer', () => asked.reply);
    expect(renders.rows[0]?.photo).toEqual(new Uint8Array(photo.bytes));
  });
});

describe('/queue, /mine, /cancel, /help', () => {
  it.each(['en-US', 'de'] as const)('answer the person alone (%s)', async (locale) => {
    const { fake, ann, place } = await listening();
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    const replies: string[] = [];
    for (const name of ['queue', 'mine', 'help', 'cancel']) {
      const other = await ann.command(name, {}, { in: place, locale });
      const reply = await fake.waitFor(`the answer to ${name}`, () => other.reply);
      expect(reply.ephemeral).toBe(true);
      expect(reply.content.length).toBeLessThanOrEqual(2000);
      replies.push(reply.content);
    }
    const [line, mine, help, cancelled] = replies;
    const all = await ann.command('help', { topic: 'options' }, { in: place, locale });
    const more = await fake.waitFor('the rest', () => all.followUps.length > 0 && all.followUps);
    const rest = more.map(({ content }) => content).join('\n');
    expect(line).toMatch(/<t:\d+:R>/);
    expect(mine).toContain('render-0');
    expect(help).toContain('/gramzoom: ');
    for (const emoji of ['🎲', '❌', '✉️']) expect(help).toContain(emoji);
    expect(rest).toContain(locale === 'de' ? '/hilfe: ' : '/help: ');
    expect(cancelled).toMatch(locale === 'de' ? / ist abgebrochen\.$/ : /^Cancelled/);
  });

  it('work where the bot may say nothing of its own', async () => {
    const { fake, ann, place } = await listening();
    place.denyBot(Bit.SendMessages);
    const asked = await ann.command('queue', {}, { in: place });
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.content).toBe('Nothing is rendering or waiting.');
  });
});

describe('figures', () => {
  it('tell how late events are heard and how long people wait', async () => {
    const { fake, ann, place, observed } = await listening();
    const asked = await ann.command('queue', {}, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    const other = await ann.command('queue', {}, { in: place });
    await fake.waitFor('the answer', () => other.reply);
    expect(observed).toContainEqual({ kind: 'heard', platform: 'discord', lagSeconds: expect.any(Number) });
    expect(observed).toContainEqual({
      kind: 'acknowledged',
      platform: 'discord',
      seconds: expect.any(Number),
    });
  });
});
