import { PermissionFlagsBits as Bit, ApplicationCommandPermissionType as Kind } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { type CommandRule, mayUse } from '../../../src/chat/discord/command-rules.ts';
import { listening, photo } from '../../support/discord-bot.ts';

const granted = Bit.UseApplicationCommands;
const using = { kind: 'zoom', guild: '100', channel: '5', user: '7', roles: ['21', '22'], granted } as const;
const rule = (type: Kind, id: string, permission: boolean): CommandRule => ({ type, id, permission });
const user = (permission: boolean) => rule(Kind.User, '7', permission);
const role = (id: string, permission: boolean) => rule(Kind.Role, id, permission);
const everyone = (permission: boolean) => role('100', permission);
const here = (permission: boolean) => rule(Kind.Channel, '5', permission);
const everywhere = (permission: boolean) => rule(Kind.Channel, '99', permission);

describe('who may use a command', () => {
  it.each<[string, readonly CommandRule[], readonly CommandRule[], boolean]>([
    ['without rules everybody may', [], [], true],
    ['everybody is denied', [], [everyone(false)], false],
    ['a role goes before everybody', [], [everyone(false), role('21', true)], true],
    ['one role that is allowed is enough', [], [role('21', false), role('22', true)], true],
    ['a role of others means nothing', [], [everyone(false), role('23', true)], false],
    ['a person goes before their roles', [], [role('21', true), user(false)], false],
    ['a person may although nobody may', [], [everyone(false), user(true)], true],
    ['the command goes before the application', [everyone(true)], [user(false)], true],
    ['what the command leaves open, the application decides', [role('23', true)], [everyone(false)], false],
    ['a channel is denied', [], [here(false)], false],
    ['a channel goes before all channels', [], [everywhere(false), here(true)], true],
    ['all channels are denied', [], [everywhere(false)], false],
    ['the command opens a channel', [here(true)], [everywhere(false)], true],
    ['a person who may does not open a channel', [user(true)], [here(false)], false],
    ['a channel that is open does not let everybody in', [here(true)], [everyone(false)], false],
  ])('who may use a command is decided where %s', (_, ofCommand, ofApplication, expected) => {
    expect(mayUse({ ofCommand, ofApplication }, using)).toBe(expected);
  });

  it('a command is for nobody who may not use commands at all, and for every administrator', () => {
    const rules = { ofCommand: [user(true)], ofApplication: [] };
    expect(mayUse(rules, { ...using, granted: Bit.SendMessages })).toBe(false);
    const denied = { ofCommand: [user(false), here(false)], ofApplication: [] };
    expect(mayUse(denied, { ...using, granted: Bit.Administrator })).toBe(true);
  });
});

const scene = async () => {
  const made = await listening();
  const { fake, ann, place, calls } = made;
  const command = () => [...fake.commands.global.values()].find(({ name }) => name === 'gramzoom')!.id;
  const asked = await ann.command('gramzoom', { photo }, { in: place });
  await fake.waitFor('the answer', () => asked.reply);
  await made.settled();
  await made.renders.finish(made.renders.rows[0]!.id, Buffer.from('GIF89a'));
  const reply = await fake.waitFor('the film', () => asked.reply);
  calls.length = 0;
  return { ...made, command, reply };
};

describe('what a server has set under Integrations holds for', () => {
  const denied = /^You may not use \/gramzoom in that channel: /;

  it('mentions keep to what a server has set, and only that person is told so', async () => {
    const { fake, ann, guild, place, calls } = await scene();
    guild.restrict(fake.applicationId, [{ id: guild.id, type: Kind.Role, permission: false }]);
    const before = place.messages().length;
    await ann.say(place, '', { mention: true, files: [photo] });
    const [said] = await fake.waitFor(
      'the word',
      () => ann.dm().messages().length > 0 && ann.dm().messages(),
    );
    expect(said?.content).toMatch(denied);
    expect(place.messages()).toHaveLength(before + 1);
    // Once a minute is enough.
    await ann.say(place, 'again', { mention: true, files: [photo] });
    const mod = fake.person('mod');
    guild.add(mod, Bit.Administrator);
    await mod.say(place, '', { mention: true, files: [photo] });
    await fake.waitFor('the render of who may', () => calls.length > 0);
    expect(calls.map(([what]) => what)).toEqual(['submit']);
    expect(ann.dm().messages()).toHaveLength(1);
  });

  it('buttons that lead to a film keep to what a server has set, and one’s own renders can still be ended', async () => {
    const { fake, ann, guild, reply, command, calls } = await scene();
    guild.restrict(command(), [{ id: ann.id, type: Kind.User, permission: false }]);
    const again = ann.press(reply, 'Re-roll');
    const answer = await fake.waitFor('the answer', () => again.reply);
    expect(answer.ephemeral).toBe(true);
    expect(answer.content).toMatch(denied);
    expect(calls).toEqual([]);
    ann.press(reply, 'Delete');
    await fake.waitFor('the deletion', () => calls.length > 0);
    expect(calls.map(([what]) => what)).toEqual(['remove']);
  });

  it('each command has rules of its own, which its mentions, buttons and reactions keep to', async () => {
    const { fake, ann, guild, place, reply, calls } = await scene();
    const texture = [...fake.commands.global.values()].find(({ name }) => name === 'texture')!.id;
    guild.restrict(texture, [{ id: guild.id, type: Kind.Role, permission: false }]);
    await ann.say(place, 'texture, please', { mention: true, files: [photo] });
    const [said] = await fake.waitFor(
      'the word',
      () => ann.dm().messages().length > 0 && ann.dm().messages(),
    );
    expect(said?.content).toMatch(/^You may not use \/texture in that channel: /);
    expect(calls).toEqual([]);
    ann.press(reply, 'Re-roll');
    await ann.say(place, '', { mention: true, files: [photo] });
    await fake.waitFor('a film by each way', () => calls.length === 2);
    expect(calls.map(([what]) => what).toSorted()).toEqual(['reroll', 'submit']);
  });

  it('buttons work again once the server has set it otherwise', async () => {
    const { fake, ann, guild, reply, command, calls } = await scene();
    guild.restrict(command(), [{ id: ann.id, type: Kind.User, permission: false }]);
    const denied = ann.press(reply, 'Re-roll');
    await fake.waitFor('the answer', () => denied.reply);
    guild.restrict(command(), []);
    ann.press(reply, 'Re-roll');
    await fake.waitFor('the re-roll', () => calls.length > 0);
  });

  it('reactions of those who may not use the command are ignored', async () => {
    const { fake, ann, guild, place, reply, command, calls } = await scene();
    guild.restrict(command(), [{ id: place.id, type: Kind.Channel, permission: false }]);
    const before = place.messages().length;
    ann.react(reply, '🎲');
    ann.react(reply, '✉️');
    ann.react(reply, '❌');
    await fake.waitFor('the reaction that ends it', () => calls.length > 0);
    expect(calls.map((call) => call[0] === 'react' && call[1].kind)).toEqual(['end']);
    expect(place.messages()).toHaveLength(before);
  });

  it('threads have the settings of the channel that they are in', async () => {
    const { fake, ann, guild, place, command, calls } = await scene();
    const thread = ann.startThread(await ann.say(place, 'look'), 'a thread');
    guild.restrict(command(), [{ id: place.id, type: Kind.Channel, permission: false }]);
    await ann.say(thread, '', { mention: true, files: [photo] });
    await fake.waitFor('the word', () => ann.dm().messages().length > 0);
    expect(calls).toEqual([]);
  });

  it('mentions and buttons do nothing for those who may not use commands at all', async () => {
    const { fake, ann, guild, place, calls } = await scene();
    guild.setEveryonePermissions(
      Bit.ViewChannel | Bit.SendMessages | Bit.AttachFiles | Bit.ReadMessageHistory,
    );
    await ann.say(place, '', { mention: true, files: [photo] });
    await fake.waitFor('the word', () => ann.dm().messages().length > 0);
    expect(calls).toEqual([]);
  });
});

it('the restrictions of a server are asked for once, and where they cannot be had, nothing is refused', async () => {
  const made = await scene();
  const { fake, ann, place, reply, calls, logged } = made;
  const path = '/applications/{application_id}/guilds/{guild_id}/commands/permissions';
  fake.faults.serverError({ path, times: 9 });
  ann.react(reply, '🎲');
  await fake.waitFor('the reaction', () => calls.length === 1);
  expect(logged.some((line) => line.includes('failed to fetch the restrictions'))).toBe(true);
  const asked = () => fake.requests.filter((request) => request.path === path).length;
  const before = asked();
  await ann.say(place, '', { mention: true, files: [photo] });
  await fake.waitFor('the mention', () => calls.length === 2);
  expect(asked()).toBe(before);
});
