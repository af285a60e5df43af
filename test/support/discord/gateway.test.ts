import { type Client, Events, type Message, Partials } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { FakeDiscord } from './fake-discord.ts';
import { createClient, loggedIn, logIn, startFake } from './test-client.ts';

/** discord.js waits five seconds between two IDENTIFYs; these tests are about something else. */
const hurried = {
  ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) },
} as never;

const scene = async (client = {}) => {
  const { fake, client: ready } = await loggedIn({ client });
  const ann = fake.person('ann');
  const place = fake.guild({ members: [ann] }).channel('art');
  const heard: string[] = [];
  ready.on(Events.MessageCreate, (message: Message) => void heard.push(message.content));
  const say = (text: string) => ann.say(place, text, { mention: true });
  /** Waits until the client has heard so many messages: those it was told of before this one. */
  const heardAll = async (count: number): Promise<readonly string[]> => {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (heard.length < count) return;
        ready.off(Events.MessageCreate, look);
        resolve();
      };
      ready.on(Events.MessageCreate, look);
      look();
    });
    return heard.map((text) => text.split(' ').at(-1) ?? '');
  };
  return { fake, client: ready, ann, place, say, heardAll };
};

const recordsOf = (fake: FakeDiscord, kind: string) =>
  fake.gateway.records.filter((each) => each.kind === kind);

/** Leaving in the midst of a handshake would hang discord.js, so tests wait until it is over. */
const once = (client: Client, event: Events.ShardResume | Events.ShardReady): Promise<unknown> =>
  event === Events.ShardReady
    ? new Promise((resolve) => client.once(Events.ShardReady, resolve))
    : new Promise((resolve) => client.once(Events.ShardResume, resolve));

/** What the client is told of a kind, raw. */
const rawOf = (client: Client, t: string): unknown[] => {
  const heard: unknown[] = [];
  client.on(Events.Raw as never, (packet: { t: string; d: unknown }) => {
    if (packet.t === t) heard.push(packet.d);
  });
  return heard;
};

describe('a connection that breaks', () => {
  it('is resumed, at the address that READY gave, with exactly the events that were missed', async () => {
    const { fake, say, heardAll } = await scene();
    await say('one');
    await heardAll(1);
    fake.gateway.drop();
    await say('two');
    await say('three');
    const [resumed] = await fake.waitFor('the resume', () => {
      const found = recordsOf(fake, 'resume');
      return found.length > 0 && found;
    });
    await say('four');
    expect(await heardAll(4)).toEqual(['one', 'two', 'three', 'four']);
    expect(resumed?.replayed).toEqual(['MESSAGE_CREATE', 'MESSAGE_CREATE']);
    expect(recordsOf(fake, 'connect').map(({ path }) => path)).toEqual(['/gateway', '/resume']);
    expect(recordsOf(fake, 'identify')).toHaveLength(1);
  });

  it('is resumed after the server asks for it', async () => {
    const { fake, say, heardAll } = await scene();
    fake.gateway.askToReconnect();
    await fake.waitFor('the resume', () => recordsOf(fake, 'resume').length > 0);
    await say('after');
    expect(await heardAll(1)).toEqual(['after']);
  });

  it('begins anew where the session is over; what was missed is lost', async () => {
    const { fake, say, heardAll } = await scene(hurried);
    fake.gateway.drop();
    await say('lost');
    fake.gateway.forgetSessions();
    await fake.waitFor('a second session', () => recordsOf(fake, 'identify').length > 1);
    await say('after');
    expect(await heardAll(1)).toEqual(['after']);
  });

  it('begins anew when discord.js cannot reach the gateway at once: it gives its session up', async () => {
    const { fake, say, heardAll } = await scene(hurried);
    fake.gateway.down();
    await say('lost');
    await fake.waitFor('an attempt', () => fake.gateway.refused > 0);
    fake.gateway.up();
    await fake.waitFor('a second session', () => recordsOf(fake, 'identify').length > 1);
    await say('after');
    expect(await heardAll(1)).toEqual(['after']);
    expect(recordsOf(fake, 'resume')).toEqual([]);
  });

  it('begins anew on op 9, and resumes where that says so', async () => {
    const { fake, client } = await scene(hurried);
    const resumed = once(client, Events.ShardResume);
    fake.gateway.invalidate({ resumable: true });
    await resumed;
    expect(recordsOf(fake, 'resume')).toHaveLength(1);
    const ready = once(client, Events.ShardReady);
    fake.gateway.invalidate();
    await ready;
    expect(recordsOf(fake, 'identify')).toHaveLength(2);
  });

  it('is not resumable for ever', async () => {
    const { fake, client } = await scene(hurried);
    const ready = once(client, Events.ShardReady);
    fake.gateway.drop();
    await fake.waitFor('the loss', () => fake.gateway.connected === 0);
    fake.clock.advance(200_000);
    await ready;
    expect(recordsOf(fake, 'identify')).toHaveLength(2);
    expect(recordsOf(fake, 'resume')).toEqual([]);
  });

  it('gives its session up when the client leaves in order', async () => {
    const { fake, client } = await scene();
    await client.destroy();
    await fake.waitFor('the good-bye', () => recordsOf(fake, 'close').length > 0);
    expect(fake.gateway.sessions).toBe(0);
  });
});

describe('heartbeats', () => {
  it('come in time and are answered; the ping is known then', async () => {
    const { fake, client } = await loggedIn({ gateway: { heartbeatMs: 100 } });
    await fake.waitFor('three heartbeats', () => recordsOf(fake, 'heartbeat').length >= 3);
    expect(client.ws.ping).toBeGreaterThanOrEqual(0);
  });

  it('heartbeats that nobody answers make the client connect again', async () => {
    const { fake, client } = await loggedIn({ gateway: { heartbeatMs: 20 } });
    const resumed = once(client, Events.ShardResume);
    fake.gateway.acknowledgeHeartbeats(false);
    await resumed;
    fake.gateway.acknowledgeHeartbeats(true);
    expect(recordsOf(fake, 'resume')).toHaveLength(1);
  });

  it('are sent when the server asks for one', async () => {
    const { fake } = await loggedIn();
    const before = recordsOf(fake, 'heartbeat').length;
    fake.gateway.askForHeartbeat();
    await fake.waitFor('a heartbeat', () => recordsOf(fake, 'heartbeat').length > before);
  });
});

describe('events', () => {
  it('may come twice', async () => {
    const { fake, client, ann, place, say, heardAll } = await scene();
    const raw = rawOf(client, 'MESSAGE_REACTION_ADD');
    const message = await say('look');
    fake.gateway.sendTwice('MESSAGE_REACTION_ADD');
    ann.react(message, '🎲');
    await say('after');
    await heardAll(2);
    expect(raw).toHaveLength(2);
    expect(raw[0]).toEqual(raw[1]);
    expect(place.messages()[0]?.reactions).toEqual({ '🎲': ['ann'] });
  });

  it('are told only with their intent', async () => {
    const { fake, client } = await loggedIn({
      client: { intents: ['Guilds'], partials: [Partials.Channel] },
    });
    const ann = fake.person('ann');
    const guild = fake.guild({ members: [ann] });
    const place = guild.channel('art');
    const raw = rawOf(client, 'MESSAGE_CREATE');
    await ann.say(place, 'hello', { mention: true });
    await ann.say(ann.dm(), 'hello');
    const heard = new Promise((resolve) => client.once(Events.ChannelCreate, resolve));
    guild.channel('second');
    await heard;
    expect(raw).toEqual([]);
  });

  it('events of channels that the bot cannot see are not told', async () => {
    const { place, say, heardAll, client } = await scene();
    place.denyBot(1n << 10n);
    await say('hidden');
    place.denyBot(0n);
    await say('seen');
    expect(await heardAll(1)).toEqual(['seen']);
    expect(client.isReady()).toBe(true);
  });
});

describe('IDENTIFY', () => {
  it.each([
    [4004, 'Authentication failed'],
    [4010, 'Invalid shard'],
    [4011, 'Sharding is required'],
    [4012, 'Used an invalid API version'],
    [4013, 'Used invalid intents'],
    [4014, 'Used disallowed intents'],
  ])('may be refused with %i', async (code, words) => {
    const fake = await startFake();
    fake.gateway.refuseIdentify(code);
    await expect(createClient(fake).login(fake.token)).rejects.toThrow(words);
  });

  it('is counted, for there are a thousand a day', async () => {
    const fake = await startFake();
    const client = await logIn(createClient(fake), fake.token);
    const { session_start_limit } = (await client.rest.get('/gateway/bot')) as {
      readonly session_start_limit: object;
    };
    expect(session_start_limit).toMatchObject({ total: 1000, remaining: 999, max_concurrency: 16 });
  });
});
