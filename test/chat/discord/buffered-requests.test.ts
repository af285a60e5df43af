import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Routes } from 'discord.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDiscordRest } from '../../../src/chat/discord/rest-options.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { quietTraffic } from '../../support/discord/traffic.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createRunningClock } from '../../support/running-clock.ts';

type Treatment = (incoming: IncomingMessage) => number | 'cut' | 'hang';

/** A server that treats each request as told, and what it was asked. */
const serving = async (...treat: Treatment[]) => served(createRunningClock(), (asked) => treat[asked - 1]);

const served = async (clock: Clock, treatment: (asked: number) => Treatment | undefined) => {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void buffer(incoming).then(() => {
      asked.push(`${incoming.method} ${incoming.url}`);
      const status = treatment(asked.length)?.(incoming) ?? 200;
      if (status === 'hang') return;
      if (status === 'cut') return void outgoing.socket?.resetAndDestroy();
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end('{"id":"1"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const { rest, close } = createDiscordRest({ token: 'a-bot.token', api, traffic: quietTraffic({ clock }) });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await close();
  });
  return { rest, asked };
};

/** Lets time pass until something is over. */
const passing = async <T>(clock: FakeClock, work: Promise<T>): Promise<T> => {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(50);
  }
  return await over;
};

const files = [{ name: 'a.gif', data: Buffer.from('GIF89a') }];
const enforced = { nonce: 'x', enforce_nonce: true };
const cut = (): 'cut' => 'cut';
const fails = (): number => 502;

describe('a request whose answer is lost', () => {
  it.each([
    ['a connection that breaks', cut],
    ['a failing server', fails],
  ])('is made again where that does no harm: %s', async (_, fault) => {
    const { rest, asked } = await serving(fault, fault);
    await rest.patch(Routes.channelMessage('1', '2'), { body: {} });
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['a connection that breaks', cut],
    ['a failing server', fails],
  ])('is made again where a nonce says that it is the same: %s', async (_, fault) => {
    const { rest, asked } = await serving(fault);
    await rest.post(Routes.channelMessages('1'), { body: enforced, files });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['a message without a nonce', Routes.channelMessages('1'), {}],
    ['a nonce that is not enforced', Routes.channelMessages('1'), { nonce: 'x' }],
    ['a later answer to an interaction', Routes.webhook('1', 'token'), {}],
  ] as const)('is not made again otherwise: %s', async (_, route, body) => {
    for (const fault of [cut, fails]) {
      const { rest, asked } = await serving(fault);
      await expect(rest.post(route, { body, files })).rejects.toMatchObject({ name: 'AnswerLost' });
      expect(asked).toHaveLength(1);
    }
  });

  it('is given up after a few', async () => {
    const { rest, asked } = await serving(fails, fails, fails, fails);
    await expect(rest.get('/users/@me')).rejects.toMatchObject({ status: 502 });
    expect(asked).toHaveLength(3);
  });
});

describe('requests', () => {
  it.each([429, 401])('are not repeated for ever when refused without a reason (%s)', async (status) => {
    const clock = createFakeClock();
    const { rest, asked } = await served(clock, () => () => status);
    for (let count = 0; count < 20; count++) {
      const asking = rest.patch(Routes.channelMessage('1', '2'), { body: {} });
      await expect(passing(clock, asking)).rejects.toMatchObject({ name: 'RequestHeld' });
    }
    expect(asked.length).toBeLessThan(20);
  });

  it('go on with the token once Discord takes it again', async () => {
    const clock = createFakeClock();
    const { rest } = await served(clock, (asked) => () => (asked === 1 ? 401 : 200));
    await expect(rest.get('/users/@me')).rejects.toMatchObject({ name: 'RequestHeld' });
    await passing(clock, rest.get('/users/@me'));
  });

  it('are refused at once where an interaction would be answered too late', async () => {
    const clock = createFakeClock();
    const { rest, asked } = await served(clock, () => () => 429);
    const discordEpochMs = 1_420_070_400_000;
    const madeMsAgo = (ms: number): string => String(BigInt(clock.wallTime() - ms - discordEpochMs) << 22n);
    // Each has a token of its own: by chance both could have the same id, and with it the same limit.
    const answer = (id: string) =>
      passing(
        clock,
        rest.post(Routes.interactionCallback(id, `token${asked.length}`), { body: {}, auth: false }),
      );
    await expect(answer(madeMsAgo(0))).rejects.toMatchObject({ name: 'RequestHeld' });
    // The clock goes on while the last request is on its way; without the deadline it would be hours.
    expect(clock.now()).toBeLessThan(5_000);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThan(8);
    const before = asked.length;
    await expect(answer(madeMsAgo(2_950))).rejects.toMatchObject({ name: 'RequestHeld' });
    expect(asked).toHaveLength(before + 1);
  });

  it.each([
    ['without files', 10_000, {}],
    ['with files', 60_000, { files }],
  ] as const)('requests that hang are given up after a while: %s', async (_, deadlineMs, given) => {
    const clock = createFakeClock();
    const { rest, asked } = await served(clock, () => () => 'hang');
    const asking = rest.patch(Routes.channelMessage('1', '2'), { body: {}, ...given });
    asking.catch(() => {});
    await vi.waitUntil(() => asked.length > 0);
    clock.advance(deadlineMs - 1);
    expect(clock.waiting).toBe(1);
    clock.advance(1000);
    await expect(asking).rejects.toMatchObject({ name: 'AnswerLost' });
  });

  it('are repeated where there is no connection, and given up in the end', async () => {
    const clock = createFakeClock();
    const { rest, close } = createDiscordRest({
      ...{ token: 'a-bot.token', api: 'http://127.0.0.1:1/api', traffic: quietTraffic({ clock }) },
    });
    onTestFinished(close);
    const asking = rest.post(Routes.webhook('1', 'token'), { body: {}, auth: false });
    await expect(passing(clock, asking)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(clock.now()).toBeGreaterThan(300);
  });

  it('say who asks', async () => {
    let agent: string | undefined;
    const { rest } = await serving(({ headers }) => {
      agent = headers['user-agent'];
      return 200;
    });
    await rest.get('/users/@me');
    expect(agent).toMatch(/^DiscordBot .*gramzoom/);
  });
});
