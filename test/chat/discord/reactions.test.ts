import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src/app/renders.ts';
import { isMarked } from '../../../src/chat/discord/message-marks.ts';
import { decodeReplyContext, encodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import type { MessageView } from '../../support/discord/driver/message-view.ts';
import type { Person } from '../../support/discord/driver/person.ts';
import type { Place } from '../../support/discord/driver/place.ts';
import { type Call, listening, photo } from '../../support/discord-bot.ts';

const film = Buffer.from('GIF89a a film');

/** A server in which ann's film is shown; who reacts is told to the use cases by their ids. */
const scene = async () => {
  const made = await listening();
  const { fake, ann, guild, place, renders, bot } = made;
  const bea = fake.person('bea');
  const mod = fake.person('mod');
  guild.add(bea);
  guild.add(mod, Bit.ManageMessages);
  const asked = await ann.command('gramzoom', { photo }, { in: place });
  await fake.waitFor('the answer', () => asked.reply);
  await made.settled();
  const { id } = renders.rows[0]!;
  await renders.finish(id, film);
  const message = asked.reply!;
  const reactions = (): readonly Call[] =>
    made.calls.filter(([what]) => what === 'react' || what === 'unreact');
  const heard = async (count: number) => {
    await fake.waitFor(`reaction ${count}`, () => reactions().length >= count);
    return reactions().slice(0, count);
  };
  const view = (await renders.view(id)) as JobView;
  /** Says something else in the channel by the bot, which is no film. */
  const show = (content: Pick<MessageContent, 'body'>) =>
    bot.chat.send(
      encodeReplyContext({
        ...{ channel: place.id, guild: guild.id, user: ann.id, locale: 'en-US', replyTo: null },
        ...{ interaction: null, isGuest: false, canOpenThread: false, canReact: true, isSpoiler: false },
        maxFileBytes: 1e7,
      }),
      {
        subject: renderSubject(id),
        attachments: [],
        actions: ['reroll'],
        mentionsRequester: false,
        ...content,
      },
      { key: `${id}:final` },
    );
  return { ...made, bea, mod, message, heard, reactions, view, id, show };
};

describe('an emoji under a film', () => {
  it.each([
    ['🎲', 'reroll'],
    ['❌', 'end'],
    ['✉️', 'send'],
    ['✉', 'send'],
  ] as const)('the emoji %s means: %s', async (emoji, kind) => {
    const { bea, guild, place, message, heard } = await scene();
    bea.react(message, emoji);
    const [call] = await heard(1);
    if (call?.[0] !== 'react') throw new Error('no reaction');
    const [, reaction, by] = call;
    const ref = `${place.id}/${message.id}`;
    expect(reaction).toEqual({ message: { platform: 'discord', ref }, kind, user: bea.id });
    expect(by).toMatchObject({
      actor: { platform: 'discord', server: guild.id, user: bea.id },
      isModerator: false,
    });
    expect(decodeReplyContext(by.replyTarget)).toMatchObject({
      ...{ channel: place.id, replyTo: message.id, user: bea.id, interaction: null, canOpenThread: true },
    });
  });

  it('may be a super reaction, beside a normal one', async () => {
    const { bea, message, heard } = await scene();
    bea.react(message, '🎲', { burst: true });
    bea.react(message, '🎲');
    bea.unreact(message, '🎲', { burst: true });
    expect((await heard(3)).map(([what, reaction]) => [what, reaction])).toEqual([
      ['react', expect.objectContaining({ isSuper: true })],
      ['react', expect.not.objectContaining({ isSuper: true })],
      ['unreact', expect.objectContaining({ isSuper: true })],
    ]);
  });

  it('is cleared by a moderator after what came before it', async () => {
    const { fake, bea, mod, place, message, calls, reactedWith } = await scene();
    const gate = Promise.withResolvers<void>();
    reactedWith(async () => {
      await gate.promise;
      return { kind: 'ignored' };
    });
    const cleared = () => calls.filter(([what]) => what === 'clearReactions');
    bea.react(message, '🎲');
    mod.clearReactions(message, '👍');
    mod.clearReactions(message, '🎲');
    mod.clearReactions(message);
    bea.react(message, '❌');
    await fake.waitFor('the first', () => calls.some(([what]) => what === 'react'));
    expect(cleared()).toEqual([]);
    gate.resolve();
    await fake.waitFor('the last', () => calls.filter(([what]) => what === 'react').length === 2);
    const at = { platform: 'discord', ref: `${place.id}/${message.id}` };
    expect(cleared()).toEqual([
      ['clearReactions', at, 'reroll'],
      ['clearReactions', at, null],
    ]);
    expect(calls.at(-1)?.[1]).toMatchObject({ kind: 'end' });
  });

  it('means nothing where it is none of these or the bot itself added it', async () => {
    const { fake, bea, ann, place, message, heard, reactions, show } = await scene();
    bea.react(message, '👍');
    await show({
      body: {
        ...{
          kind: 'result',
          renderKind: 'zoom',
          seed: 7,
          network: 'pocket',
          depth: 'style',
          quality: 'standard',
          sides: null,
        },
        ...{ parent: null, bytes: 1, renderSeconds: 1 },
      },
    });
    const theirs = await ann.say({ id: message.channelId }, 'my own words');
    bea.react(theirs, '🎲');
    await fake.waitFor('the dice of the bot', () => place.messages().at(-2)?.reactions['🎲']);
    bea.react(message, '🎲');
    await heard(1);
    expect(reactions().map(([, reaction]) => reaction)).toEqual([
      expect.objectContaining({ kind: 'reroll', user: bea.id }),
    ]);
  });

  it('may come from a moderator, as their roles tell', async () => {
    const { mod, message, heard } = await scene();
    mod.react(message, '❌');
    const [call] = await heard(1);
    expect(call?.[2]).toMatchObject({ isModerator: true });
  });

  it('is told when it is taken back, too, after it', async () => {
    const { bea, message, heard } = await scene();
    bea.react(message, '🎲');
    bea.unreact(message, '🎲');
    bea.react(message, '🎲');
    const calls = await heard(3);
    expect(calls.map(([what]) => what)).toEqual(['react', 'unreact', 'react']);
  });

  it('is heard in a thread, too, that was archived before the bot began', async () => {
    const old: { bob?: Person; thread?: Place; posted?: MessageView } = {};
    const { fake, calls } = await listening({
      prepare: async (before) => {
        const bob = before.person('bob');
        const channel = before.guild({ members: [bob] }).channel('old');
        const thread = bob.startThread(await bob.say(channel, 'a film'), 'a thread');
        const posted = await bob.say(thread, 'words');
        // As if the bot had said it.
        const message = before.core.channels.get(thread.id)?.messages.get(posted.id);
        Object.assign(message!, { authorId: before.applicationId });
        thread.archive();
        Object.assign(old, { bob, thread, posted });
      },
    });
    const { bob, thread, posted } = old;
    thread?.unarchive();
    bob?.react(posted!, '🎲');
    await fake.waitFor('the reaction', () => calls.length > 0);
    const [call] = calls;
    if (call?.[0] !== 'react') throw new Error('no reaction');
    expect(decodeReplyContext(call[2].replyTarget)).toMatchObject({
      channel: thread?.id,
      canOpenThread: false,
    });
  });

  it('leads to nothing where the film could not be shown', async () => {
    const { ann, bea, place, message, heard } = await scene();
    place.denyBot(Bit.AttachFiles);
    bea.react(message, '🎲');
    ann.react(message, '❌');
    const [call] = await heard(1);
    expect(call?.[1]).toMatchObject({ kind: 'end' });
  });

  it('works in direct messages', async () => {
    const { fake, ann, renders, heard, settled } = await scene();
    const dm = ann.dm();
    const asked = await ann.command('gramzoom', { photo }, { in: dm });
    const message = await fake.waitFor('the answer', () => asked.reply);
    await settled();
    expect(renders.rows).toHaveLength(2);
    ann.react(message, '🎲');
    const [call] = await heard(1);
    expect(call?.[2]).toMatchObject({ actor: { server: `user:${ann.id}` }, isModerator: false });
  });
});

describe('what is wrong with a reaction', () => {
  it('is said under the film to whoever reacted, who is named and not called', async () => {
    const { fake, bea, place, message, reactedWith } = await scene();
    reactedWith(async () => {
      throw new GramzoomError('user-limit', { limit: 2 });
    });
    bea.react(message, '🎲');
    const reply = await fake.waitFor('the words', () =>
      place.messages().find(({ replyTo }) => replyTo === message.id),
    );
    expect(reply.content).toMatch(new RegExp(`^<@${bea.id}> You already have 2 renders`));
    expect(bea.pings()).toEqual([]);
    // Who looks for the answer under the film does not take it for that.
    const payload = { content: reply.content, components: [], attachments: [] };
    expect(isMarked(payload, { subject: renderSubject('film'), role: 'notice' })).toBe(true);
    expect(isMarked(payload, { subject: renderSubject('film'), role: 'answer' })).toBe(false);
  });
});

describe('a film that was asked for as a direct message', () => {
  it('is told of in the channel where it cannot be sent', async () => {
    const { fake, bea, place, message, reactedWith } = await scene();
    reactedWith(async () => {
      throw new GramzoomError('messages-closed', {});
    });
    bea.react(message, '✉️');
    const reply = await fake.waitFor('the words', () =>
      place.messages().find(({ replyTo }) => replyTo === message.id),
    );
    expect(reply.content).toContain('I cannot send you direct messages');
  });
});
