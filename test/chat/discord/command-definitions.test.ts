import { ApplicationCommandOptionType as Type } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../commands/index.ts';
import {
  commandDefinitions,
  commandNamed,
  fieldNamed,
  menuEntry,
} from '../../../src/chat/discord/command-definitions.ts';
import { sameCommands } from '../../../src/chat/discord/register-commands.ts';
import { de } from '../../../src/messages/de.ts';
import { fakeNetworkFacts } from '../../support/fake-networks.ts';

const definitions = commandDefinitions({ standard: 'pocket', all: fakeNetworkFacts });

/** As loose as Discord's JSON. */
type Loose = {
  readonly name?: string;
  readonly required?: boolean;
  readonly choices?: readonly { readonly value: unknown }[];
  readonly min_value?: number;
};
const options = (name: string): readonly Loose[] =>
  (definitions.find((each) => each.name === name) as { readonly options?: readonly Loose[] })?.options ?? [];

describe('the commands on Discord', () => {
  it('are those that there are, and the entry in the Apps menu', () => {
    expect(definitions.map(({ name }) => name)).toEqual([
      ...['gramzoom', 'texture', 'reroll', 'cancel', 'queue', 'mine', 'forget', 'help', menuEntry],
    ]);
    for (const definition of definitions) {
      expect(definition).toMatchObject({ contexts: [0, 1, 2], integration_types: [0, 1] });
    }
  });

  it('take the photo first, then every field of the request', () => {
    const [photo, ...fields] = options('gramzoom');
    expect(photo).toMatchObject({ type: Type.Attachment, required: true, file_types: ['image'] });
    expect(fields.map(({ name }) => fieldNamed('gramzoom', String(name)))).toEqual(
      commands.gramzoom.fields.map(({ name }) => name),
    );
    expect(fields.every(({ required }) => !required)).toBe(true);
  });

  it('have the schema’s limits and choices, with the networks that there are here', () => {
    const of = (name: string) => options('gramzoom').find((option) => option.name === name);
    expect(of('size')).toMatchObject({ type: Type.Integer, min_value: 64, max_value: 512 });
    expect(of('fps')).toMatchObject({ type: Type.Number, min_value: 1, max_value: 50 });
    expect(of('seed')).toMatchObject({ type: Type.Integer, min_value: 0, max_value: 2 ** 32 - 1 });
    expect(of('max_bytes')).toMatchObject({ type: Type.String });
    const values = (name: string) => of(name)?.choices?.map(({ value }) => value);
    expect(values('direction')).toEqual(['in', 'out']);
    expect(values('network')).toEqual(fakeNetworkFacts.map(({ name }) => name));
  });

  it('speak German, too', () => {
    const [size] = options('gramzoom').filter(({ name }) => name === 'size');
    expect(size).toMatchObject({
      name_localizations: { de: de.fields.size.name },
      description_localizations: { de: de.fields.size.description },
    });
    expect(definitions[0]).toMatchObject({
      description_localizations: { de: de.commands.gramzoom.description },
    });
  });

  it('are small enough for Discord', () => {
    for (const definition of definitions) expect(JSON.stringify(definition).length).toBeLessThan(8_000);
  });

  it('are found by Discord’s names', () => {
    expect(commandNamed('queue')).toBe('queue');
    expect(commandNamed('dance')).toBeUndefined();
    expect(fieldNamed('gramzoom', 'max_bytes')).toBe('maxBytes');
    expect(fieldNamed('gramzoom', 'anything')).toBe('anything');
  });
});

describe('a comparison of commands', () => {
  const asDiscordHasThem = definitions.toReversed().map((definition, index) => ({
    ...structuredClone(definition),
    ...{ id: String(index), application_id: '1', version: '2', nsfw: false, description: 'x' },
    ...{ default_member_permissions: null, dm_permission: true, something_new: { a: 1 } },
    contexts: [2, 1, 0],
    ...('description' in definition ? { description: definition.description } : { description: '' }),
  }));

  it('minds neither what Discord adds nor any order', () => {
    expect(sameCommands(asDiscordHasThem, definitions)).toBe(true);
  });

  it.each([
    ['a word', { description: 'another' }],
    ['where it is offered', { contexts: [0] }],
    ['a translation', { name_localizations: { de: 'anders' } }],
    ['an option', { options: [] }],
  ])('finds what has changed: %s', (_, change) => {
    const [first, ...rest] = asDiscordHasThem.toReversed();
    expect(sameCommands([{ ...first, ...change }, ...rest], definitions)).toBe(false);
  });

  it('finds a limit that is gone, and a command too many', () => {
    const [first, ...rest] = definitions;
    const [photo, size, ...others] = (first as unknown as { options: Loose[] }).options;
    const { min_value: _, ...unlimited } = size!;
    expect(sameCommands([{ ...first, options: [photo, unlimited, ...others] }, ...rest], definitions)).toBe(
      false,
    );
    expect(sameCommands(definitions, rest)).toBe(false);
  });
});
