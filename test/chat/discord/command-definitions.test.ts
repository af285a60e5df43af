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
import { contestCommands } from '../../../src/domain/command-name.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import { fakeNetworkFacts } from '../../support/fake-networks.ts';

const definitions = commandDefinitions({ standard: 'pocket', all: fakeNetworkFacts });

/** As loose as Discord's JSON. */
type Loose = {
  readonly type?: unknown;
  readonly name?: string;
  readonly required?: boolean;
  readonly choices?: readonly { readonly value: unknown }[];
  readonly min_value?: number;
};
const longest = (text: unknown, others: unknown): number =>
  Math.max(...[text, ...Object.values(Object(others ?? {}))].map((each) => String(each ?? '').length));

const lettersOf = (value: unknown): number => {
  const {
    name,
    name_localizations,
    description,
    description_localizations,
    options = [],
    choices = [],
    value: given = '',
  } = value as Readonly<Record<string, unknown>> & {
    readonly options?: unknown[];
    readonly choices?: unknown[];
  };
  const own = longest(name, name_localizations) + longest(description, description_localizations);
  return [...options, ...choices].reduce<number>(
    (sum, each) => sum + lettersOf(each),
    own + String(given).length,
  );
};

const options = (name: string): readonly Loose[] =>
  (definitions.find((each) => each.name === name) as { readonly options?: readonly Loose[] })?.options ?? [];

describe('the commands on Discord', () => {
  it('are those that there are, and the entry in the Apps menu', () => {
    expect(definitions.map(({ name }) => name)).toEqual([
      ...['gramzoom', 'texture', 'reroll', 'cancel', 'queue', 'mine', 'forget', 'help', 'contest', menuEntry],
    ]);
    for (const definition of definitions) {
      const isContest = definition.name === 'contest';
      expect(definition).toMatchObject(
        isContest
          ? { contexts: [0], integration_types: [0] }
          : { contexts: [0, 1, 2], integration_types: [0, 1] },
      );
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

  it('about contests are one with subcommands, each with its fields and what it cannot do without', () => {
    const verbs = options('contest') as readonly (Loose & { readonly options: readonly Loose[] })[];
    expect(verbs.map(({ name }) => `contest ${name}`)).toEqual(contestCommands);
    for (const [at, verb] of verbs.entries()) {
      const name = contestCommands[at]!;
      expect(verb).toMatchObject({ type: Type.Subcommand, description: en.commands[name].description });
      expect(verb).toMatchObject({ name_localizations: { de: de.commands[name].name.split(' ')[1] } });
      expect(commandNamed(`contest ${verb.name}`)).toBe(name);
      expect(verb.options.map((option) => fieldNamed(name, String(option.name)))).toEqual(
        commands[name].fields.map((field) => field.name),
      );
    }
    const start = verbs[0]!.options;
    expect(start.find(({ name }) => name === 'size')).toMatchObject({
      description: en.contestFields.size.description,
    });
    expect(start.find(({ name }) => name === 'theme')).toMatchObject({ max_length: 100 });
    expect(start.some(({ required }) => required)).toBe(false);
    expect(start.filter(({ type }) => type === Type.Role).map(({ name }) => name)).toEqual(['role', 'prize']);
    expect(start.find(({ name }) => name === 'timezone')).toMatchObject({ autocomplete: true });
    expect(verbs.find(({ name }) => name === 'extend')?.options).toMatchObject([
      { name: 'until', required: true },
    ]);
  });

  it('are small enough for Discord', () => {
    // All that a command has of names, descriptions and values, the longest language for each: at most 8,000 letters.
    for (const definition of definitions) expect(lettersOf(definition), definition.name).toBeLessThan(8_000);
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
    contexts: [...(definition.contexts ?? [])].toReversed(),
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
