import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Routes } from 'discord.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDiscordRest, createRestOptions } from '../../../src/chat/discord/rest-options.ts';

/** A server that treats each request as told, and what it was asked. */
const serving = async (...treat: ((incoming: IncomingMessage) => number | 'cut')[]) => {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void buffer(incoming).then(() => {
      asked.push(`${incoming.method} ${incoming.url}`);
      const status = treat.shift()?.(incoming) ?? 200;
      if (status === 'cut') return void outgoing.socket?.resetAndDestroy();
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end('{"id":"1"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const { rest, close } = createDiscordRest({ token: 'a-bot.token', api });
  onTestFinished(async () => {
    await close();
    server.closeAllConnections();
    server.close();
  });
  return { rest, asked };
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
  it('have a minute, which a large film may take on a slow line', () => {
    const { options, close } = createRestOptions();
    onTestFinished(close);
    expect(options.timeout).toBeGreaterThanOrEqual(60_000);
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
