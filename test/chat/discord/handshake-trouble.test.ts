import { describe, expect, it } from 'vitest';
import type { HandshakeAnswer } from '../../support/discord/gateway/handshakes.ts';
import { inQuickTime } from '../../support/discord/quick-time.ts';
import { startFake } from '../../support/discord/start-fake.ts';
import { createBot, photo } from '../../support/discord-bot.ts';

/** A bot that meets trouble from its first handshake on, and the place where people wait for it. */
const inTrouble = async (answer: HandshakeAnswer) => {
  const fake = await startFake();
  const ann = fake.person('ann');
  const place = fake.guild({ members: [ann] }).channel('art');
  fake.gateway.answerHandshakes(answer);
  const made = createBot(fake);
  return { fake, ann, place, ...made };
};

type Scene = Awaited<ReturnType<typeof inTrouble>>;

const handshakes = async (scene: Scene, more: number): Promise<void> => {
  const wanted = scene.fake.gateway.handshakes + more;
  await inQuickTime(scene.fake, 'handshakes', () => scene.fake.gateway.handshakes >= wanted);
};

const identifies = ({ fake }: Scene): number =>
  fake.gateway.records.filter(({ kind }) => kind === 'identify').length;

/** What people do then is heard, and once. */
const expectOneSession = async (scene: Scene): Promise<void> => {
  const { fake, bot, ann, place, renders, calls } = scene;
  await inQuickTime(scene.fake, 'the login', () => bot.health() === null && fake.commands.global.size > 0);
  const asked = await ann.command('gramzoom', { photo }, { in: place });
  const reply = await fake.waitFor('the answer', () => asked.reply);
  ann.react(reply, '🎲');
  await fake.waitFor('the reaction', () => calls.some(([what]) => what === 'react'));
  const word = await ann.say(place, '', { mention: true, files: [photo] });
  await fake.waitFor('the second render', () => renders.rows.length === 2 && word);
  expect(calls.map(([what]) => what)).toEqual(['submit', 'react', 'submit']);
  expect(identifies(scene)).toBe(1);
  expect(fake.gateway.sessions).toBe(1);
  expect(fake.gateway.connections).toBe(1);
};

describe('a login whose handshakes are answered', () => {
  it.each<[string, HandshakeAnswer]>([
    ['by 503', { status: 503 }],
    ['by 520 with a page', { status: 520, body: '<html>Web server is returning an unknown error</html>' }],
    ['by 429', { status: 429, headers: { 'Retry-After': '1' } }],
    ['by 200', { status: 200 }],
    ['by a redirect', { status: 302, headers: { Location: 'https://discord.com/' } }],
    ['not at all', 'hang'],
    ['by closing at once', 'close-at-once'],
    ['without a HELLO', 'no-hello'],
  ])('a login whose handshakes are answered %s goes on trying until that is over', async (_, answer) => {
    const scene = await inTrouble(answer);
    const starting = scene.bot.start();
    await handshakes(scene, 3);
    await starting;
    expect(scene.bot.health()).toBe('Discord is not connected');
    expect(scene.fake.gateway.connections).toBeLessThanOrEqual(1);
    scene.fake.gateway.answerHandshakes('usual');
    await expectOneSession(scene);
  });
});

it('a login that met 503 leaves nothing behind that logs in later', async () => {
  const fake = await startFake({ gateway: { heartbeatMs: 100 } });
  const ann = fake.person('ann');
  const place = fake.guild({ members: [ann] }).channel('art');
  fake.gateway.answerHandshakes({ status: 503 });
  const scene: Scene = { fake, ann, place, ...createBot(fake) };
  const starting = scene.bot.start();
  await handshakes(scene, 3);
  await starting;
  fake.gateway.answerHandshakes('usual');
  await expectOneSession(scene);
  // Longer than the pause after which discord.js tries again by itself.
  const beats = () => fake.gateway.records.filter(({ kind }) => kind === 'heartbeat').length;
  await fake.waitFor('ten heartbeats', () => beats() >= 10);
  expect(identifies(scene)).toBe(1);
  expect(fake.gateway.connections).toBe(1);
});

describe('a connection that meets trouble when it is', () => {
  const listeningScene = async () => {
    const fake = await startFake();
    const ann = fake.person('ann');
    const place = fake.guild({ members: [ann] }).channel('art');
    const scene: Scene = { fake, ann, place, ...createBot(fake) };
    await scene.bot.start();
    await fake.waitFor('the login', () => fake.commands.global.size > 0);
    return scene;
  };

  it.each<[string, HandshakeAnswer]>([
    ['resumed by 503', { status: 503 }],
    ['resumed by silence', 'hang'],
    ['resumed by no HELLO', 'no-hello'],
  ])('a connection that is %s stays one connection with the same session', async (_, answer) => {
    const scene = await listeningScene();
    scene.fake.gateway.answerHandshakes(answer);
    scene.fake.gateway.drop();
    await handshakes(scene, 3);
    expect(scene.fake.gateway.connections).toBeLessThanOrEqual(1);
    scene.fake.gateway.answerHandshakes('usual');
    await expectOneSession(scene);
  });

  it('a connection without an answer after IDENTIFY begins anew, with one session', async () => {
    const scene = await inTrouble('usual');
    scene.fake.gateway.ignoreIdentifies(2);
    const starting = scene.bot.start();
    await handshakes(scene, 3);
    await starting;
    await inQuickTime(scene.fake, 'the login', () => scene.bot.health() === null);
    expect(identifies(scene)).toBe(3);
    expect(scene.fake.gateway.sessions).toBe(1);
    expect(scene.fake.gateway.connections).toBe(1);
  });

  it('asks again where it is told no usable address of the gateway', async () => {
    const scene = await inTrouble('usual');
    const { fake, bot } = scene;
    fake.faults.serverError({ path: '/gateway/bot', times: 4 });
    const starting = bot.start();
    await inQuickTime(scene.fake, 'the second try', () => fake.requests.length > 4);
    await starting;
    await expectOneSession(scene);
  });
});

describe('a close', () => {
  it.each<[string, HandshakeAnswer]>([
    ['during a handshake that nobody answers', 'hang'],
    ['before HELLO', 'no-hello'],
    ['between two tries', { status: 503 }],
  ])('a close %s leaves no connection, and none follows', async (_, answer) => {
    const scene = await inTrouble(answer);
    const { fake, bot } = scene;
    const starting = bot.start();
    await handshakes(scene, 2);
    await bot.close();
    await starting;
    const before = fake.gateway.handshakes;
    fake.gateway.answerHandshakes('usual');
    await inQuickTime(scene.fake, 'the end of all connections', () => fake.gateway.connections === 0);
    fake.clock.advance(600_000);
    await inQuickTime(scene.fake, 'a moment', () => new Promise((resolve) => setImmediate(resolve)));
    expect(fake.gateway.handshakes).toBe(before);
  });

  it('sends no IDENTIFY that still waits for its turn', async () => {
    const scene = await inTrouble('usual');
    const { fake, bot } = scene;
    fake.gateway.ignoreIdentifies(9);
    const starting = bot.start();
    await inQuickTime(scene.fake, 'the first', () => identifies(scene) === 1);
    fake.gateway.drop();
    await bot.close();
    await starting;
    await inQuickTime(scene.fake, 'the end of all connections', () => fake.gateway.connections === 0);
    fake.clock.advance(600_000);
    expect(identifies(scene)).toBe(1);
  });

  it('gives up the session', async () => {
    const scene = await inTrouble('usual');
    await scene.bot.start();
    await scene.bot.close();
    await scene.fake.waitFor('the good-bye', () => scene.fake.gateway.sessions === 0);
    expect(scene.fake.gateway.connections).toBe(0);
  });
});
