import { GatewayDispatchEvents } from 'discord-api-types/v10';
import { expect, it } from 'vitest';
import type { FakeDiscord } from '../../support/discord/fake-discord.ts';
import { inQuickTime } from '../../support/discord/quick-time.ts';
import { listening, photo } from '../../support/discord-bot.ts';
import { eventSamples } from './event-samples.ts';
import { mutationsOf } from './mutations.ts';

/** Fields that lead further, and how deep: discord.js sends 50 requests a second at most. */
const followed: Readonly<Record<string, number>> = {
  ...{ guild_id: 1, channel_id: 1, channel: 1, user: 1, member: 1, author: 2, webhook_id: 1, type: 1 },
  ...{ data: 2, attachments: 1, content: 1, locale: 1, app_permissions: 1 },
};

/** A bot that is told what Discord would never say, and ordinary people beside it. */
const scene = async () => {
  const made = await listening();
  const { fake, ann } = made;
  const other = fake.guild({ name: 'another server', members: [ann] });
  const channel = other.channel('art').id;
  const lost = fake.guild({ name: 'a lost server', members: [ann] });
  const lostChannel = lost.channel('lost').id;
  const ids = (type: string) => ({
    // What changes servers shall not take the place away in which others are asked.
    guild: /^(?:GUILD|CHANNEL|THREAD)/.test(type) ? lost.id : other.id,
    channel: /^(?:GUILD|CHANNEL|THREAD)/.test(type) ? lostChannel : channel,
    user: ann.id,
    message: fake.core.ids.next(),
    application: fake.applicationId,
    files: `http://${fake.cdnHost}`,
  });
  return { ...made, ids };
};

const identifies = (fake: FakeDiscord): number =>
  fake.gateway.records.filter(({ kind }) => kind === 'identify').length;

/** A command, a mention and a reaction find the bot as it was. @returns what was logged until then */
const expectWell = async ({ fake, ann, place, calls, logged }: Awaited<ReturnType<typeof scene>>) => {
  // A heartbeat is answered in turn, once everything that was told before has been read.
  const beats = () => fake.gateway.records.filter(({ kind }) => kind === 'heartbeat').length;
  const before = beats();
  fake.gateway.askForHeartbeat();
  await fake.waitFor('the heartbeat', () => beats() > before);
  const line = await ann.command('queue', {}, { in: place });
  await fake.waitFor('the line', () => line.reply);
  const bob = fake.person('bob');
  const quiet = fake.guild({ members: [bob] }).channel('quiet');
  const asked = await bob.command('gramzoom', { photo }, { in: quiet });
  const reply = await fake.waitFor('the answer', () => asked.reply);
  bob.react(reply, '🎲');
  await bob.say(quiet, '', { mention: true, files: [photo] });
  const bobs = () => calls.filter((call) => JSON.stringify(call).includes(bob.id)).map(([what]) => what);
  await fake.waitFor('the reaction and the mention', () => bobs().length >= 3);
  expect(bobs().sort()).toEqual(['react', 'submit', 'submit']);
  return logged.splice(0);
};

it('nothing that an event may be ends the process or the connection, and what is logged of it tells nobody’s words', async () => {
  const made = await scene();
  const { fake, ids } = made;
  const typesWithSample = new Set<string>();
  for (const type of Object.values(GatewayDispatchEvents)) {
    // A session that was never begun would be resumed: what a READY may be is tried below.
    if (type === GatewayDispatchEvents.Ready) continue;
    const about = ids(type);
    const samples: Readonly<Record<string, object>> = eventSamples(about);
    if (samples[type]) typesWithSample.add(type);
    // Events that the bot does not read have no sample.
    for (const { path, mutated } of mutationsOf(samples[type] ?? {})) {
      // What was seen before is passed over once it is read: the fields that lead further come as new events.
      const isNew = path.length > 0 && path.length <= (followed[path[0] ?? ''] ?? 0);
      const text = JSON.stringify(mutated);
      const d = JSON.parse(isNew ? text.replaceAll(about.message, fake.core.ids.next()) : text);
      fake.gateway.sendRaw({ t: type, d });
    }
  }
  const lines = await expectWell(made);
  expect(fake.gateway.records.filter(({ kind }) => kind === 'identify' || kind === 'close')).toHaveLength(1);
  const errors = lines.filter((line) => line.startsWith('error'));
  // The log has a line about each type that is read here; one that is missing in the samples shows, too.
  const typesInLog = errors.map((line) => /"type":"(\w+)"/.exec(line)?.[1]);
  expect(new Set(typesInLog)).toEqual(typesWithSample);
  for (const line of errors) {
    expect(line).not.toMatch(/\d{15}|somebody|cat\.png|a-token/i);
  }
});

it('what a session begins with may be anything, too: it goes on or begins anew', async () => {
  const made = await scene();
  const { fake, ids, bot } = made;
  for (const { mutated } of mutationsOf(eventSamples(ids('READY')).READY)) {
    fake.gateway.sendRaw({ t: 'READY', d: mutated });
  }
  fake.gateway.drop();
  fake.gateway.forgetSessions();
  await inQuickTime(fake, 'a new session', () => identifies(fake) === 2 && bot.health() === null);
  await expectWell(made);
});

it.each([
  ['no interval', { op: 10, d: null }, 'a resumed session'],
  ['no word whether it may be resumed', { op: 9, d: null }, 'a new session'],
  ['no event', { op: 0, d: { content: 'words' } }, 'the same session'],
  ['no code', { op: 'x', d: null }, 'the same session'],
])('a packet of the connection that has %s ends nothing', async (_, packet, outcome) => {
  const made = await scene();
  const { fake, bot } = made;
  fake.gateway.sendRaw(packet as never);
  await inQuickTime(fake, outcome, () => {
    const resumes = fake.gateway.records.filter(({ kind }) => kind === 'resume').length;
    const isReached = outcome === 'a new session' ? identifies(fake) === 2 : resumes === 1;
    return (outcome === 'the same session' || isReached) && bot.health() === null;
  });
  await expectWell(made);
});

it('null is as good as absent, and what is not needed may be anything: the event is dealt with', async () => {
  const made = await scene();
  const { fake, ids, calls } = made;
  const about = ids('');
  const samples: Readonly<Record<string, object>> = eventSamples(about);
  const tell = (t: string, changes: object) =>
    fake.gateway.sendRaw({ t, d: { ...samples[t], id: fake.core.ids.next(), ...changes } });
  tell('MESSAGE_REACTION_ADD', { member: null });
  tell('MESSAGE_CREATE', { member: null, webhook_id: null, application: { id: '1', install_params: null } });
  tell('INTERACTION_CREATE', { message: { id: '1', thread: null }, channel: null, app_permissions: null });
  tell('INTERACTION_CREATE', { guild_id: null, member: null, app_permissions: null, locale: 7, context: {} });
  await fake.waitFor('all of them', () => calls.length === 4);
  expect(calls.map(([what]) => what).sort()).toEqual(['react', 'submit', 'submit', 'submit']);
  // Without a server a person counts as one.
  expect(JSON.stringify(calls)).toContain(`user:${about.user}`);
});
