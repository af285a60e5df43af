import { InteractionType as Type } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { createAsked } from '../../support/discord/driver/asked.ts';
import { overwriteCommands } from '../../support/discord/state/commands.ts';
import { createInteraction } from '../../support/discord/state/interactions.ts';
import { messagePayload } from '../../support/discord/state/message-payload.ts';
import { listening, photo } from '../../support/discord-bot.ts';

const scene = async () => {
  const made = await listening();
  const { fake, ann, place } = made;
  /** Whatever somebody does, Discord's client of today cannot do it. */
  const ask = (
    type: number,
    data: unknown,
    { locale = 'en-US', without = [] }: { locale?: string; without?: readonly string[] } = {},
  ) => {
    const channel = fake.core.channels.get(place.id)!;
    const request = { type: type as Type, channel, userId: ann.id, data: data as object };
    return createAsked(
      fake.core,
      createInteraction(fake.core, { ...request, without, locale: locale as never }),
    );
  };
  return { ...made, ask };
};

describe('every interaction is answered', () => {
  it.each([
    ['a form', Type.ModalSubmit, { custom_id: 'x', components: [] }],
    ['a type that is yet to come', 77, {}],
    ['a command that cannot be read', Type.ApplicationCommand, { name: 7 }],
    ['a button that cannot be read', Type.MessageComponent, null],
  ])('%s is answered by one sentence that only that person sees', async (_, type, data) => {
    const { fake, ask, logged } = await scene();
    const asked = ask(type, data);
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toBe('I do not know what to do with that: /help shows what I can do.');
    const german = ask(type, data, { locale: 'de' });
    expect((await fake.waitFor('the answer', () => german.reply)).content).toContain('/hilfe');
    // The log has one line about both at most.
    expect(logged.splice(0).filter((line) => line.startsWith('error')).length).toBeLessThan(2);
  });

  it.each([
    ['a command that is offered no more', { name: 'old', type: 1 }],
    ['an Entry Point that has the name of a command', { name: 'queue', type: 4 }],
    ['an entry of the menu of persons', { name: 'Gramzoom', type: 2, target_id: '1' }],
  ])('%s is answered with the photos that are there', async (_, data) => {
    const { fake, ask } = await scene();
    const asked = ask(Type.ApplicationCommand, { id: '1', ...data });
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toContain('/gramzoom');
  });

  it.each([
    ['without the list of attachments', undefined],
    ['without the attachment', { attachments: {} }],
    ['with one that cannot be read', { attachments: { 1: { id: 1 } } }],
    [
      'with one that is not on Discord',
      { attachments: { 1: { id: '1', url: 'https://evil.example/cat.png' } } },
    ],
  ])('a photo that comes %s is answered by what to do', async (_, resolved) => {
    const { fake, ask, calls } = await scene();
    const options = [{ name: 'photo', type: 11, value: '1' }];
    const asked = ask(Type.ApplicationCommand, { id: '1', name: 'gramzoom', type: 1, options, resolved });
    const reply = await fake.waitFor('the answer', () => asked.reply);
    expect(reply.ephemeral).toBe(true);
    expect(reply.content).toMatch(/^The photo did not arrive/);
    expect(calls).toEqual([]);
  });

  it.each([
    ['but for its id', ['channel', 'app_permissions']],
    ['at all', ['channel', 'channel_id', 'app_permissions', 'context', 'authorizing_integration_owners']],
  ])('an interaction that tells nothing of its channel %s is served all the same', async (_, without) => {
    const { fake, ann, place, renders, settled, ask } = await scene();
    const line = ask(Type.ApplicationCommand, { id: '1', name: 'queue', type: 1 }, { without });
    const said = await fake.waitFor('the line', () => line.reply);
    expect(said.content).toBe('Nothing is rendering or waiting.');
    const message = await ann.say(place, '', { files: [photo] });
    const stored = fake.core.channels.get(place.id)!.messages.get(message.id)!;
    const { attachments } = messagePayload(fake.core, stored, { toPerson: true });
    const [file] = attachments;
    const data = {
      ...{ id: '1', name: 'gramzoom', type: 1, resolved: { attachments: { [file!.id]: file } } },
      options: [{ name: 'photo', type: 11, value: file!.id }],
    };
    const asked = ask(Type.ApplicationCommand, data, { without });
    await fake.waitFor('the answer', () => asked.reply);
    await settled();
    const { id } = renders.rows[0]!;
    await renders.start(id, 3);
    await fake.waitFor('the change', () => asked.reply?.content.includes('Frame 3'));
  });

  it('a request for suggestions that cannot be read gets an empty list', async () => {
    const { fake, ann, place } = await scene();
    const options = [
      { type: 3 as const, name: 'network', description: 'words', autocomplete: true as const },
    ];
    overwriteCommands(fake.core, [{ name: 'gramzoom', description: 'zoom', options }]);
    const asked = await ann.complete('gramzoom', { network: 'po' }, { in: place, focused: 'network' });
    await fake.waitFor('the suggestions', () => asked.choices);
    expect(asked.choices).toEqual([]);
    expect(asked.reply).toBeNull();
  });
});

it('events that cannot be read are logged once per type and minute, with their number', async () => {
  const { fake, logged } = await listening();
  const broken = () => fake.gateway.sendRaw({ t: 'MESSAGE_CREATE', d: { content: 'words' } });
  const lines = () => logged.filter((line) => line.startsWith('error'));
  for (let times = 0; times < 5; times += 1) broken();
  fake.gateway.sendRaw({ t: 'MESSAGE_REACTION_ADD', d: {} });
  await fake.waitFor('both lines', () => lines().length === 2);
  fake.clock.advance(60_000);
  broken();
  await fake.waitFor('another line', () => lines().length === 3);
  expect(lines()[2]).toContain('"others":4');
  logged.splice(0);
});
