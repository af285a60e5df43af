import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import type { ReactableMessage } from '../../../src/app/renders.ts';
import { encodeReplyContext } from '../../../src/chat/discord/reply-context.ts';

import { renderSubject } from '../../../src/domain/subject.ts';
import type { MessageView } from '../../support/discord/driver/message-view.ts';
import { listening } from '../../support/discord-bot.ts';

const day = 86_400_000;

/** A server with films in it, and a bot that loses its session and what happened meanwhile. */
const scene = async (count = 1) => {
  // Days pass here while heartbeats go on in real time.
  const made = await listening({ bot: { heartbeatMs: 100 * day } });
  const { fake, ann, guild, place, bot, renders, calls } = made;
  const films: (ReactableMessage & { readonly view: MessageView })[] = [];
  for (let index = 0; index < count; index += 1) {
    const message = await bot.chat.send(
      encodeReplyContext({
        ...{ channel: place.id, guild: guild.id, user: ann.id, locale: 'en-US', replyTo: null },
        ...{ interaction: null, isGuest: false, canOpenThread: false, canReact: true, isSpoiler: false },
        maxFileBytes: 1e7,
      }),
      {
        ...{
          subject: renderSubject(`film-${index}`),
          attachments: [],
          actions: ['reroll'],
          mentionsRequester: false,
        },
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
      },
      { key: `film-${index}:final` },
    );
    const view = await fake.waitFor('the dice', () => {
      const shown = place.messages().at(-1);
      return shown?.reactions['🎲'] && shown;
    });
    films.push({ message, reactions: [], view });
  }
  let looks = 0;
  const known = new Map<string, ReactableMessage['reactions']>();
  renders.reactable = async () => {
    looks += 1;
    return films.map(({ message }) => ({ message, reactions: known.get(message.ref) ?? [] })).toReversed();
  };
  /** Without a connection, and without a way to hear later what happens now. */
  const lose = async () => {
    fake.gateway.down();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
  };
  const comeBack = async () => {
    fake.gateway.forgetSessions();
    fake.gateway.up();
    // Sessions of a shard begin five seconds apart.
    await fake.waitFor('a new session', () => {
      fake.clock.advance(1_000);
      return looks > 0;
    });
  };
  const heard = (counted: number) => {
    const found = () => calls.filter(([what]) => what === 'react' || what === 'unreact');
    return fake.waitFor(`${counted} reactions`, () => found().length >= counted && found());
  };
  return { ...made, films, known, lose, comeBack, heard, looks: () => looks };
};

describe('reactions while nothing was heard', () => {
  it('are found after a new session: new ones and those taken back', async () => {
    const { fake, ann, guild, films, known, lose, comeBack, heard } = await scene(2);
    const bea = fake.person('bea');
    guild.add(bea);
    const [first, second] = films;
    known.set(first!.message.ref, [{ kind: 'reroll', user: ann.id }]);
    known.set(second!.message.ref, [{ kind: 'send', user: ann.id }]);
    await lose();
    bea.react(first!.view, '🎲');
    ann.react(second!.view, '✉️');
    await comeBack();
    const calls = await heard(2);
    expect(calls.map(([what, reaction]) => [what, reaction])).toEqual([
      [
        'unreact',
        { message: expect.objectContaining({ ref: first!.message.ref }), kind: 'reroll', user: ann.id },
      ],
      [
        'react',
        { message: expect.objectContaining({ ref: first!.message.ref }), kind: 'reroll', user: bea.id },
      ],
    ]);
  });

  it('are found where they are super reactions, and one of two forms is enough to stay', async () => {
    const { fake, ann, guild, films, known, lose, comeBack, heard } = await scene(3);
    const bea = fake.person('bea');
    const cyd = fake.person('cyd');
    for (const person of [bea, cyd]) guild.add(person);
    const [first, second, last] = films;
    // Known as a normal one, and there as a super one.
    known.set(first!.message.ref, [{ kind: 'reroll', user: ann.id }]);
    known.set(second!.message.ref, [{ kind: 'reroll', user: bea.id, isSuper: true }]);
    await lose();
    ann.react(first!.view, '🎲', { burst: true });
    bea.react(second!.view, '🎲', { burst: true });
    cyd.react(last!.view, '🎲', { burst: true });
    await comeBack();
    const of = (index: number, user: string, isSuper: boolean) => ({
      message: expect.objectContaining({ ref: films[index]!.message.ref }),
      ...{ kind: 'reroll', user, ...(isSuper && { isSuper }) },
    });
    expect((await heard(3)).map(([what, reaction]) => [what, reaction])).toEqual([
      ['react', of(2, cyd.id, true)],
      ['react', of(0, ann.id, true)],
      ['unreact', of(0, ann.id, false)],
    ]);
  });

  it('reactions of a moderator that were missed count as a moderator’s', async () => {
    const { fake, guild, films, lose, comeBack, heard } = await scene();
    const mod = fake.person('mod');
    guild.add(mod, Bit.ManageMessages);
    await lose();
    mod.react(films[0]!.view, '❌');
    await comeBack();
    const [call] = await heard(1);
    expect(call?.[2]).toMatchObject({ isModerator: true, actor: { user: mod.id, server: guild.id } });
  });

  it('are not looked for under films whose photos are gone, and a film that is gone is noted and harms nothing', async () => {
    const { fake, ann, place, films, calls, lose, comeBack, heard } = await scene(3);
    await lose();
    place.deleteMessage(films[2]!.view.id);
    ann.react(films[1]!.view, '🎲');
    await comeBack();
    await heard(1);
    const gone = calls.flatMap((call) => (call[0] === 'filmGone' ? [call[1].ref] : []));
    expect(gone).toEqual([films[2]!.message.ref]);
    const asked = fake.requests.filter(({ path }) => path.includes('/reactions/') && path.includes('{emoji'));
    const before = asked.filter(({ method }) => method === 'GET').length;
    expect(before).toBe(1);
    await lose();
    fake.clock.advance(8 * day);
    await comeBack();
    expect(
      fake.requests.filter(({ method, path }) => method === 'GET' && path.includes('/reactions/')).length,
    ).toBe(before);
  });
});

it('a connection that is resumed needs no looking', async () => {
  const { fake, ann, films, heard, looks } = await scene();
  fake.gateway.drop();
  ann.react(films[0]!.view, '🎲');
  const [call] = await heard(1);
  expect(call?.[0]).toBe('react');
  expect(looks()).toBe(0);
});
