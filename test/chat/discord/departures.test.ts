import { describe, expect, it } from 'vitest';
import { decodeReplyContext, encodeReplyContext } from '../../../src/chat/discord/reply-context.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import type { FakeDiscord } from '../../support/discord/fake-discord.ts';
import { listening, photo } from '../../support/discord-bot.ts';

type Scene = Awaited<ReturnType<typeof listening>>;

/** What the use cases were told, once everything before has been read. */
const told = async ({ fake, calls }: Scene, what: 'leave' | 'filmGone') => {
  const beats = () => fake.gateway.records.filter(({ kind }) => kind === 'heartbeat').length;
  const before = beats();
  fake.gateway.askForHeartbeat();
  await fake.waitFor('the heartbeat', () => beats() > before);
  return calls.flatMap((call) => (call[0] === what ? [call.slice(1)] : []));
};

const newSession = async (fake: FakeDiscord) => {
  const identifies = () => fake.gateway.records.filter(({ kind }) => kind === 'identify').length;
  const before = identifies();
  fake.gateway.forgetSessions();
  fake.gateway.up();
  await fake.waitFor('a new session', () => {
    fake.clock.advance(1_000);
    return identifies() > before;
  });
};

describe('a server that puts the bot out', () => {
  it('loses its renders, and an outage none', async () => {
    const made = await listening();
    const { fake, guild } = made;
    fake.gateway.sendRaw({ t: 'GUILD_DELETE', d: { id: guild.id, unavailable: true } });
    expect(await told(made, 'leave')).toEqual([]);
    guild.removeBot();
    expect(await told(made, 'leave')).toEqual([['discord', guild.id]]);
  });

  it('loses them too where that was while nothing was heard', async () => {
    const made = await listening({ bot: { heartbeatMs: 100 * 86_400_000 } });
    const { fake, ann, guild, renders } = made;
    const other = fake.guild({ members: [ann] });
    renders.busyServers = async () => [guild.id, other.id, `user:${ann.id}`];
    fake.gateway.down();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
    guild.removeBot();
    await newSession(fake);
    await fake.waitFor('the departure', () => made.calls.some(([what]) => what === 'leave'));
    expect(await told(made, 'leave')).toEqual([['discord', guild.id]]);
  });

  it('loses none by a list that lacks it while the bot is in', async () => {
    const made = await listening();
    const { fake, guild, renders, bot } = made;
    renders.busyServers = async () => [guild.id];
    const asked = () => fake.requests.filter(({ path }) => path === '/guilds/{guild_id}').length;
    const ready = { user: { id: fake.applicationId }, application: { id: fake.applicationId } };
    fake.gateway.sendRaw({
      t: 'READY',
      d: { ...ready, guilds: [], session_id: 'x', resume_gateway_url: 'ws://x' },
    });
    await fake.waitFor('the question', () => asked() > 0);
    await bot.close();
    expect(made.calls).toEqual([]);
  });
});

describe('a film that is deleted on Discord', () => {
  const withFilm = async () => {
    const made = await listening();
    const { bot, place, guild, ann } = made;
    const render = 'film' as JobId;
    const here = encodeReplyContext({
      ...{ channel: place.id, guild: guild.id, user: ann.id, locale: 'en-US', replyTo: null },
      ...{ interaction: null, isGuest: false, canOpenThread: true, canReact: true, isSpoiler: false },
      maxFileBytes: 1e7,
    });
    const words = {
      subject: renderSubject(render),
      attachments: [],
      actions: [],
      mentionsRequester: false,
      body: { kind: 'cancelled' },
    } as const;
    const answer = await bot.chat.send(here, words, { key: `${render}:answer` });
    const thread = await bot.chat.openThread(answer, 'cat.png');
    const film = await bot.chat.send(thread, words, { key: `${render}:final` });
    made.renders.filmMessages = async () => [film];
    const [channel = '', message = ''] = film.ref.split('/');
    return { ...made, film, channel, message };
  };
  type Deletion = (ids: { channel: string; message: string; above: string }) => { t: string; d: object };

  it.each<[string, Deletion]>([
    ['alone', ({ channel, message }) => ({ t: 'MESSAGE_DELETE', d: { id: message, channel_id: channel } })],
    [
      'with others',
      ({ channel, message }) => ({
        t: 'MESSAGE_DELETE_BULK',
        d: { ids: ['1', message], channel_id: channel },
      }),
    ],
    ['with its thread', ({ channel }) => ({ t: 'THREAD_DELETE', d: { id: channel, type: 11 } })],
    ['with the channel of its thread', ({ above }) => ({ t: 'CHANNEL_DELETE', d: { id: above, type: 0 } })],
  ])('a film that is deleted on Discord by %s is marked as removed', async (_, deletion) => {
    const made = await withFilm();
    made.fake.gateway.sendRaw(deletion({ ...made, above: made.place.id }));
    const refs = (await told(made, 'filmGone')).map(([message]) => (message as { ref: string }).ref);
    expect(refs).toContain(made.film.ref);
  });

  it('is none of another channel', async () => {
    const made = await withFilm();
    made.fake.gateway.sendRaw({ t: 'CHANNEL_DELETE', d: { id: made.guild.channel('other').id } });
    expect(await told(made, 'filmGone')).toEqual([]);
  });
});

it('a server that has let in the commands alone is served as guests are', async () => {
  const { fake, ann, calls } = await listening();
  const guild = fake.guild({ bot: null, members: [ann] });
  guild.installCommands();
  const asked = await ann.command('gramzoom', { photo }, { in: guild.channel('art') });
  await fake.waitFor('the answer', () => asked.reply);
  const [call] = calls;
  if (call?.[0] !== 'submit') throw new Error('nothing was submitted');
  expect(decodeReplyContext(call[1].replyTarget)).toMatchObject({
    ...{ isGuest: true, canOpenThread: false, canReact: false },
  });
  expect(call[1].origin.server).toBe(`user:${ann.id}`);
});
