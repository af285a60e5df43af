import { describe, expect, it } from 'vitest';
import { noLimits } from '../../support/discord/rest/rate-limits.ts';
import { startFake } from '../../support/discord/start-fake.ts';
import { overwriteCommands } from '../../support/discord/state/commands.ts';
import { createBot, listening, photo } from '../../support/discord-bot.ts';

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error) => error.code,
  );

describe('a start', () => {
  it('is refused with a wrong token', async () => {
    const fake = await startFake();
    const { bot } = createBot(fake, { token: 'wrong.token' });
    expect(await codeOf(bot.start())).toBe('token-refused');
    expect(bot.health()).toBe('Discord is not connected');
  });

  it.each([
    [4004, 'token-refused'],
    [4013, 'setup-refused'],
    [4014, 'setup-refused'],
  ])('is refused by the gateway with %i: %s', async (code, expected) => {
    const fake = await startFake();
    fake.gateway.refuseIdentify(code);
    const { bot } = createBot(fake);
    expect(await codeOf(bot.start())).toBe(expected);
  });

  it('asks for nothing that is privileged, and is well then', async () => {
    const { fake, bot } = await listening();
    expect(fake.core.application.privilegedIntents).toBe(0);
    await fake.waitFor('the servers', () => bot.health() === null);
    expect(fake.gateway.connected).toBe(1);
  });

  it('has as many shards as Discord wants', async () => {
    const { fake, ann } = await listening({ gateway: { shards: 2 } });
    await fake.waitFor('both', () => fake.gateway.connected === 2);
    const other = fake.guild({ members: [ann] }).channel('other');
    const asked = await ann.command('queue', {}, { in: other });
    await fake.waitFor('the answer', () => asked.reply);
  });

  it('goes on trying, more and more seldom, where Discord cannot be reached', async () => {
    const fake = await startFake();
    fake.faults.serverError({ path: '/gateway/bot', times: 9 });
    const { bot, logged } = createBot(fake);
    const starting = bot.start();
    await fake.waitFor('an attempt', () => fake.requests.length >= 3);
    await starting;
    expect(bot.health()).toBe('Discord is not connected');
    await fake.waitFor('the login', () => {
      fake.clock.advance(5_000);
      return fake.gateway.connected === 1;
    });
    const pauses = logged.filter((line) => line.includes('cannot be reached'));
    expect(pauses.map((line) => /"tryingAgainInMs":(\d+)/.exec(line)?.[1])).toEqual(['1000', '2000', '4000']);
  });

  it('can be given up', async () => {
    const fake = await startFake();
    const held = fake.faults.hold('before', { path: '/gateway/bot' });
    const { bot } = createBot(fake);
    const controller = new AbortController();
    const starting = bot.start(controller.signal);
    await held.arrived;
    controller.abort(new Error('stopped'));
    await expect(starting).rejects.toThrow('stopped');
    held.release();
  });
});

describe('a connection', () => {
  it('is resumed after a break with the events that were missed', async () => {
    const { fake, ann, place, renders } = await listening();
    fake.gateway.drop();
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    expect(fake.gateway.records.filter(({ kind }) => kind === 'identify')).toHaveLength(1);
    expect(renders.rows).toHaveLength(1);
  });

  it('ends the process where Discord ends it for good', async () => {
    const { fake, ended } = await listening();
    fake.gateway.drop({ code: 4004 });
    await fake.waitFor('the end', () => ended.length > 0);
    expect(ended.map(({ code }) => code)).toEqual(['token-refused']);
  });

  it('ends the process after three intervals in which nobody acknowledges its heartbeats', async () => {
    const { fake, ended, logged } = await listening({
      gateway: { heartbeatMs: 40 },
      bot: { heartbeatMs: 10_000 },
    });
    await fake.waitFor('a heartbeat', () => fake.gateway.records.some(({ kind }) => kind === 'heartbeat'));
    fake.gateway.down();
    for (let look = 0; look < 6; look += 1) fake.clock.advance(10_000);
    await fake.waitFor('the end', () => ended.length > 0);
    expect(ended[0]).toMatchObject({ code: 'chat-unreachable' });
    // It is one of the errors that a person should see.
    expect(logged.splice(0).filter((line) => line.startsWith('error'))).toHaveLength(1);
    fake.gateway.up();
  });

  it('is measured', async () => {
    const { fake, bot } = await listening({ gateway: { heartbeatMs: 30 } });
    await fake.waitFor('a ping', () => bot.heartbeatMs?.() !== null);
    expect(bot.heartbeatMs?.()).toBeGreaterThanOrEqual(0);
  });
});

describe('the commands', () => {
  it('are registered when they have changed, and left alone otherwise', async () => {
    const { fake, bot } = await listening();
    expect(fake.commands.writes).toBe(1);
    await bot.close();
    const second = createBot(fake);
    await second.bot.start();
    await fake.waitFor(
      'the look',
      () => second.logged.some((line) => line.includes('discord: commands are up to date')) || null,
    );
    expect(fake.commands.writes).toBe(1);
    await second.bot.close();
    const [command] = [...fake.commands.global.values()];
    Object.assign(command!, { description: 'other words' });
    const third = createBot(fake);
    await third.bot.start();
    await fake.waitFor('the registration', () => fake.commands.writes === 2);
  });

  it('leave those that others have defined as they are, the Entry Point of an Activity above all', async () => {
    const fake = await startFake();
    const entry = {
      name: 'launch',
      description: 'Begin',
      type: 4,
      handler: 2,
      contexts: [0],
      integration_types: [0],
    };
    const others = [entry, { name: 'other', description: 'words', name_localizations: { de: 'anderes' } }];
    overwriteCommands(fake.core, others as never);
    const before = [...fake.commands.global.values()];
    const { bot, logged } = createBot(fake);
    await bot.start();
    await fake.waitFor('the registration', () => fake.commands.writes === 2);
    const after = [...fake.commands.global.values()];
    for (const { version: _, ...command } of before)
      expect(after).toContainEqual(expect.objectContaining(command));
    expect(after.map(({ name }) => name)).toContain('gramzoom');
    await bot.close();
    const second = createBot(fake);
    await second.bot.start();
    await fake.waitFor('the look', () => second.logged.some((line) => line.includes('up to date')));
    expect(fake.commands.writes).toBe(2);
    expect(logged.filter((line) => line.includes('failed to'))).toEqual([]);
  });

  it('are registered at last where Discord did not take them at once', async () => {
    const fake = await startFake({ rateLimits: noLimits });
    fake.faults.serverError({ path: '/applications/{application_id}/commands', times: 3 });
    const { bot } = createBot(fake);
    await bot.start();
    await fake.waitFor('the registration', () => {
      fake.clock.advance(5_000);
      return fake.commands.writes === 1;
    });
  });
});
