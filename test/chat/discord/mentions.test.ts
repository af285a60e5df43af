import { PermissionFlagsBits as Bit, GatewayIntentBits, MessageFlags } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { spokenOptions } from '../../../commands/spoken-options.ts';
import { plainText } from '../../../src/chat/discord/plain-text.ts';
import { decodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { discordWords } from '../../../src/chat/discord/words.ts';
import { spokenNames } from '../../../src/chat/shared/spoken-names.ts';
import type { ChatWords } from '../../../src/messages/chat-words.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import type { Place } from '../../support/discord/driver/place.ts';
import { type Call, listening, photo } from '../../support/discord-bot.ts';

const files = [photo];

const optionsIn = (text: string, words: ChatWords) => spokenOptions(text, spokenNames([en, words])).options;

const ofBot = (place: Place) => place.messages().filter(({ byBot }) => byBot);

const submissionIn = (calls: readonly Call[]) => {
  const last = calls.at(-1);
  if (last?.[0] !== 'submit') throw new Error('nothing was submitted');
  return last[1];
};

const scene = async (options: Parameters<typeof listening>[0] = {}) => {
  const made = await listening(options);
  const { fake, place } = made;
  const answers = (count: number, where: Place = place) =>
    fake.waitFor(`answer ${count}`, () => ofBot(where).length >= count && ofBot(where));
  return { ...made, answers };
};

describe('a mention with a photo', () => {
  it('is answered under the message, with the options among its words', async () => {
    const { ann, guild, place, calls, answers } = await scene();
    const text = 'please make this size:128 direction=out, thanks';
    const message = await ann.say(place, text, { files, mention: true });
    const [reply] = await answers(1);
    expect(reply?.replyTo).toBe(message.id);
    const submission = submissionIn(calls);
    expect(submission).toMatchObject({
      origin: { platform: 'discord', server: guild.id, user: ann.id },
      options: { size: 128, direction: 'out' },
      event: `message:${message.id}`,
      answersFirst: true,
    });
    expect(decodeReplyContext(submission.replyTarget)).toMatchObject({
      ...{ channel: place.id, guild: guild.id, user: ann.id, replyTo: message.id, interaction: null },
      ...{ canOpenThread: true, canReact: true, isSpoiler: false, locale: 'en-US' },
    });
  });

  it('speaks the language of the server', async () => {
    const { fake, ann, calls, answers } = await scene();
    const place = fake.guild({ locale: 'de', tier: 3, members: [ann] }).channel('kunst');
    await ann.say(place, 'größe:100', { files, mention: true });
    const [reply] = await answers(1, place);
    expect(reply?.content).toMatch(/größe .*100/);
    await ann.say(place, 'größe:128', { files, mention: true });
    await answers(2, place);
    expect(decodeReplyContext(submissionIn(calls).replyTarget)).toMatchObject({
      locale: 'de',
      maxFileBytes: 100 * 2 ** 20,
    });
  });

  it('may be one of a photo somewhere above, where Discord tells it', async () => {
    const { ann, place, renders, answers } = await scene();
    const above = await ann.say(place, 'my cat', { files, mention: true });
    await answers(1);
    await ann.say(place, 'again', { mention: true, replyTo: above });
    await answers(2);
    expect(renders.rows).toHaveLength(2);
  });

  it('may be one of somebody else, which Discord does not tell and is asked for', async () => {
    const { fake, ann, guild, place, renders, answers } = await scene();
    const bea = fake.person('bea');
    guild.add(bea);
    fake.core.application.privilegedIntents |= GatewayIntentBits.MessageContent;
    const above = await bea.say(place, 'my cat', { files });
    await ann.say(place, 'zoom', { mention: true, replyTo: above });
    await answers(1);
    expect(renders.rows).toMatchObject([{ photo: new Uint8Array(photo.bytes) }]);
  });

  it('is one of the role that the bot has for itself, as far as Discord shows it', async () => {
    const { fake, ann, guild, place, calls, answers } = await scene();
    const text = `<@&${guild.botRole()}> size:128`;
    const { payload } = await ann.say(place, text, { files });
    const [reply] = await answers(1);
    expect(reply?.content).toBe(plainText(discordWords(en).nameWanted));
    const id = String(BigInt(payload.id) + 1n);
    fake.gateway.sendRaw({ t: 'MESSAGE_CREATE', d: { ...payload, id, guild_id: guild.id } });
    await answers(2);
    expect(submissionIn(calls)).toMatchObject({ options: { size: 128 }, event: `message:${id}` });
  });

  it('names the permission that is missing, where it may say so', async () => {
    const { ann, place, calls, answers } = await scene();
    place.denyBot(Bit.AttachFiles);
    await ann.say(place, '', { files, mention: true });
    const [reply] = await answers(1);
    expect(reply?.content).toContain('Attach Files');
    expect(calls).toEqual([]);
  });

  it('an event that Discord sends twice leads to one render', async () => {
    const { fake, ann, place, calls, answers } = await scene();
    fake.gateway.sendTwice('MESSAGE_CREATE');
    await ann.say(place, '', { files, mention: true });
    await answers(1);
    await ann.say(place, '', { files, mention: true });
    await answers(2);
    expect(calls).toHaveLength(2);
  });

  it('calls nobody with an error, and shows what was typed as it is', async () => {
    const { ann, place, answers } = await scene();
    await ann.say(place, 'size:**@everyone**', { files, mention: true });
    const [reply] = await answers(1);
    expect(reply?.content).toContain('\\*\\*@\u200Beveryone\\*\\*');
    expect(reply?.pinged).toEqual([]);
    expect((reply?.payload.flags ?? 0) & MessageFlags.SuppressEmbeds).not.toBe(0);
  });
});

describe('a mention without a photo', () => {
  it('is told how to, at most once a minute in a channel', async () => {
    const { fake, ann, place, answers } = await scene();
    await ann.say(place, 'hello', { mention: true });
    const [reply] = await answers(1);
    expect(reply?.content).toBe(plainText(discordWords(en).photoWanted));
    await ann.say(place, 'hello?', { mention: true });
    fake.clock.advance(61_000);
    await ann.say(place, 'hello??', { mention: true });
    await answers(2);
    await ann.say(place, 'now', { mention: true, files });
    await answers(3);
    expect(ofBot(place)).toHaveLength(3);
  });
});

describe('other messages', () => {
  it('messages of a server without its name, of other bots or roles, and replies to its films are not for the bot', async () => {
    const { ann, guild, place, calls, answers } = await scene();
    await ann.say(place, `a photo <@&${guild.id}>`, { files });
    await ann.say(place, 'a photo', { files });
    await ann.say(place, 'now', { files, mention: true });
    const [film] = await answers(1);
    await ann.say(place, 'wow', { replyTo: film! });
    await ann.say(place, 'again', { files, mention: true });
    await answers(2);
    expect(calls).toHaveLength(2);
    expect(ofBot(place)).toHaveLength(2);
  });
});

describe('a direct message', () => {
  it('leads to a render where it has a photo', async () => {
    const { ann, calls, answers } = await scene();
    const dm = ann.dm();
    await ann.say(dm, 'frames:24', { files });
    await answers(1, dm);
    const submission = submissionIn(calls);
    expect(submission).toMatchObject({ options: { frames: 24 }, origin: { server: `user:${ann.id}` } });
    expect(decodeReplyContext(submission.replyTarget)).toMatchObject({ guild: null, canOpenThread: false });
  });

  it('is answered with how to begin where it has no photo, in the language of an earlier command', async () => {
    const { fake, ann, answers } = await scene();
    const dm = ann.dm();
    const asked = await ann.command('queue', {}, { in: dm, locale: 'de' });
    await fake.waitFor('the answer', () => asked.reply);
    await ann.say(dm, 'hallo');
    const [reply] = await answers(1, dm);
    expect(reply?.content).toBe(plainText(discordWords(de).photoWanted));
  });
});

describe('options in words', () => {
  it('are found in the middle of talk, by names of both languages', () => {
    const text =
      'bitte größe:64, Dauer=2.5! (fps:10) mit https://x.example/a:b und 12:30 und seed: ja und name:wert';
    expect(optionsIn(text, de)).toEqual({ size: 64, duration: 2.5, fps: 10, seed: 'ja', name: 'wert' });
    expect(optionsIn('max_bytes:2MB maxBytes', en)).toEqual({ maxBytes: '2MB' });
    expect(optionsIn('richtung:hinaus form:"wie das Foto"', de)).toEqual({
      direction: 'out',
      aspect: 'photo',
    });
    expect(optionsIn('nothing of that kind', en)).toEqual({});
  });

  it('options that are given twice or are unknown are refused', () => {
    expect(() => optionsIn('size:64 größe:64', de)).toThrow(
      expect.objectContaining({ code: 'option-twice' }),
    );
    expect(() => optionsIn('höhe:3', en)).toThrow(expect.objectContaining({ code: 'option-malformed' }));
    expect(optionsIn('height:3', en)).toEqual({ height: '3' });
  });
});
