import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { encodeButtonId } from '../../../src/chat/discord/button-id.ts';
import { decodeReplyContext, encodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';

import type { MessageAction } from '../../../src/domain/message.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { listening, photo } from '../../support/discord-bot.ts';

/** A server in which ann's film is done. */
const scene = async () => {
  const made = await listening();
  const { fake, ann, guild, place, renders } = made;
  const bea = fake.person('bea');
  const mod = fake.person('mod');
  guild.add(bea);
  guild.add(mod, Bit.ManageMessages);
  const asked = await ann.command('gramzoom', { photo }, { in: place });
  await fake.waitFor('the answer', () => asked.reply);
  await made.settled();
  const { id } = renders.rows[0]!;
  const idOf = (action: MessageAction): string =>
    encodeButtonId({ action, subject: renderSubject(id), role: 'answer' });
  const finish = () => renders.finish(id, Buffer.from('a film'));
  const message = () => fake.waitFor('the message', () => asked.reply);
  return { ...made, bea, mod, asked, id, idOf, finish, message };
};

describe('re-roll and larger', () => {
  it.each([
    ['reroll', 'reroll'],
    ['larger', 'enlarge'],
  ] as const)('%s is for anyone, and answered for everybody to see', async (action, use) => {
    const { fake, bea, guild, place, calls, finish, message, id, idOf } = await scene();
    await finish();
    const pressed = bea.press(await message(), idOf(action));
    const reply = await fake.waitFor('the answer', () => pressed.reply?.id !== undefined && pressed.reply);
    expect(reply.ephemeral).toBe(false);
    const last = calls.at(-1);
    if (last?.[0] !== 'reroll' && last?.[0] !== 'enlarge') throw new Error('nothing was made again');
    const [what, render, by] = last;
    expect([what, render]).toEqual([use, id]);
    expect(by).toMatchObject({
      actor: { platform: 'discord', server: guild.id, user: bea.id },
      event: `interaction:${pressed.id}`,
    });
    expect(decodeReplyContext(by.replyTarget)).toMatchObject({
      channel: place.id,
      user: bea.id,
      isSpoiler: false,
    });
  });

  it('tell the person alone what is above their limits', async () => {
    const { fake, bea, renders, finish, message, idOf } = await scene();
    await finish();
    renders.refuseWith(new GramzoomError('user-limit', { limit: 2 }));
    const pressed = bea.press(await message(), idOf('reroll'), { locale: 'de' });
    const reply = await fake.waitFor('the answer', () => pressed.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toMatch(/ schon 2 Filme /);
  });

  it('name a permission that is missing', async () => {
    const { fake, bea, place, finish, message, idOf, calls } = await scene();
    await finish();
    place.denyBot(Bit.AttachFiles);
    const pressed = bea.press(await message(), idOf('reroll'));
    const reply = await fake.waitFor('the answer', () => pressed.reply);
    expect(reply.content).toContain('Attach Files');
    expect(calls.map(([what]) => what)).toEqual(['submit']);
  });
});

describe('cancel and delete', () => {
  it('cancel is for whoever asked for it', async () => {
    const { fake, ann, message, idOf, renders } = await scene();
    const pressed = ann.press(await message(), idOf('cancel'));
    const reply = await fake.waitFor('the answer', () => pressed.reply);
    expect(reply).toMatchObject({ ephemeral: true, content: 'Cancelled render-0.' });
    expect(renders.rows[0]?.state).toBe('cancelled');
  });

  it('delete answers when the messages are gone', async () => {
    const { fake, ann, finish, message, idOf, renders, place } = await scene();
    await finish();
    const pressed = ann.press(await message(), idOf('delete'));
    const reply = await fake.waitFor('the answer', () => pressed.reply?.loading === false && pressed.reply);
    expect(reply).toMatchObject({ ephemeral: true, content: 'Deleted.' });
    expect(renders.rows).toEqual([]);
    expect(place.messages()).toEqual([]);
  });

  it.each([
    ['en-US', 'Only the person who asked'],
    ['de', 'nur'],
  ] as const)('are not for others (%s)', async (locale, words) => {
    const { fake, bea, message, idOf, calls, renders } = await scene();
    const pressed = bea.press(await message(), idOf('cancel'), { locale });
    const reply = await fake.waitFor('the answer', () => pressed.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toContain(words);
    expect(calls.at(-1)).toMatchObject(['cancel', expect.anything(), { isModerator: false }]);
    expect(renders.rows[0]?.state).toBe('queued');
  });

  it('are for moderators, who may delete what others wrote', async () => {
    const { fake, mod, message, idOf, calls } = await scene();
    const pressed = mod.press(await message(), idOf('cancel'));
    await fake.waitFor('the answer', () => pressed.reply);
    expect(calls.at(-1)).toMatchObject(['cancel', expect.anything(), { isModerator: true }]);
  });

  it('cancelling and deleting are acknowledged in time where they take long', async () => {
    const { fake, ann, message, idOf, renders } = await scene();
    const gate = Promise.withResolvers<void>();
    const cancel = renders.cancel;
    renders.cancel = async (...args) => {
      fake.core.changed();
      await gate.promise;
      return await cancel(...args);
    };
    const pressed = ann.press(await message(), idOf('cancel'));
    await fake.waitFor('the interaction to be heard', () => {
      fake.clock.advance(100);
      return pressed.acknowledgedAfterMs !== null;
    });
    expect(pressed.didNotRespond).toBe(false);
    gate.resolve();
    const reply = await fake.waitFor('the answer', () => pressed.reply?.loading === false && pressed.reply);
    expect(reply.content).toBe('Cancelled render-0.');
  });
});

describe('deleting for good', () => {
  it('asks whoever the photo is from, and then deletes films of others too', async () => {
    const { fake, ann, bea, finish, message, renders, bot, id, place } = await scene();
    await finish();
    const film = await message();
    await renders.reroll(id, {
      actor: { platform: 'discord', server: place.guildId ?? '', user: bea.id },
      replyTarget: renders.rows[0]!.replyTarget,
    });
    await bot.chat.edit(renders.rows[0]!.answer!, {
      ...{
        subject: renderSubject(id),
        body: { kind: 'cancelled' },
        attachments: [],
        mentionsRequester: false,
      },
      actions: ['delete-photo'],
    });
    const refused = bea.press(film, 'Delete photo');
    const no = await fake.waitFor('the refusal', () => refused.reply);
    expect(no).toMatchObject({
      ephemeral: true,
      content: expect.stringMatching(/^Only the person whose photo/),
    });
    const asked = ann.press(film, 'Delete photo');
    const question = await fake.waitFor('the question', () => asked.reply);
    expect(question).toMatchObject({
      ephemeral: true,
      content: expect.stringContaining('2 renders, 1 of them'),
    });
    expect(renders.rows).toHaveLength(2);
    const confirmed = ann.press(question, 'Delete for good');
    const done = await fake.waitFor('the answer', () => confirmed.reply);
    expect(done.content).toMatch(/^Deleted for good: your photo and 2 renders/);
    expect(renders.rows).toEqual([]);
  });

  it.each([
    ['en-US', 'forget', 'Delete for good', /^Deleted for good: 1 photo and 1 render/],
    ['de', 'forget', 'Endgültig löschen', /^Endgültig gelöscht: 1 Foto und 1 Film/],
  ] as const)(
    '/forget asks, and deletes once that is confirmed (%s)',
    async (locale, name, button, words) => {
      const { fake, ann, place, renders } = await scene();
      const asked = await ann.command(name, {}, { in: place, locale });
      const question = await fake.waitFor('the question', () => asked.reply);
      expect(question.ephemeral).toBe(true);
      expect(renders.rows).toHaveLength(1);
      const confirmed = ann.press(question, button, { locale });
      const done = await fake.waitFor('the answer', () => confirmed.reply);
      expect(done).toMatchObject({ ephemeral: true, content: expect.stringMatching(words) });
      expect(renders.rows).toEqual([]);
    },
  );
});

it('a button that is none of ours says so', async () => {
  const { fake, ann, place, bot } = await scene();
  await bot.chat.send(
    encodeReplyContext({
      ...{ channel: place.id, guild: place.guildId, user: ann.id, locale: 'en-US', replyTo: null },
      ...{ interaction: null, isGuest: false, canOpenThread: false, canReact: false, isSpoiler: false },
      maxFileBytes: 1e7,
    }),
    {
      ...{ subject: renderSubject('of-another-time'), body: { kind: 'cancelled' }, attachments: [] },
      ...{ actions: ['reroll'], mentionsRequester: false },
    },
    { key: 'of-another-time:final' },
  );
  const message = place.messages().at(-1)!;
  const pressed = ann.press(message, message.buttons[0]!.customId!);
  const reply = await fake.waitFor('the answer', () => pressed.reply?.ephemeral === true && pressed.reply);
  expect(reply.content).toMatch(/^There is no such render/);
});
