import {
  type APIApplicationCommand,
  ApplicationCommandType,
  type RESTPostAPIApplicationCommandsJSONBody as Definition,
  type REST,
  Routes,
} from 'discord.js';
import type { NetworkOffer } from '../../app/renders.ts';
import { type KindName, kindNames, kinds } from '../../domain/kinds.ts';
import { en } from '../../messages/en.ts';
import { commandDefinitions } from './command-definitions.ts';

/** What a definition says; Discord adds ids and more by itself, today or tomorrow. */
const meant: ReadonlySet<string> = new Set([
  ...['type', 'name', 'name_localizations', 'description', 'description_localizations'],
  ...['options', 'required', 'choices', 'value', 'autocomplete', 'file_types', 'channel_types'],
  ...['min_value', 'max_value', 'min_length', 'max_length'],
  ...['contexts', 'integration_types', 'default_member_permissions', 'nsfw'],
]);
/** Their order means nothing. */
const unordered: ReadonlySet<string> = new Set(['contexts', 'integration_types', 'file_types']);

/** Left out, it would mean the same. */
const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const normal = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) {
    const all = value.map((each) => normal(each));
    return unordered.has(key) ? all.toSorted() : all;
  }
  if (typeof value !== 'object' || value === null) return value;
  const isKept = (name: string): boolean => key.endsWith('_localizations') || meant.has(name);
  const kept = Object.entries(value).filter(([name, inner]) => isKept(name) && !isNothing(inner));
  return Object.fromEntries(
    kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, normal(inner, name)]),
  );
};

const fingerprint = (definitions: readonly object[]): string =>
  JSON.stringify(definitions.map((each) => JSON.stringify(normal(each))).toSorted());

/** Whether Discord has these commands already, whatever it adds to them and in whichever order. */
export const sameCommands = (known: readonly object[], wanted: readonly object[]): boolean =>
  fingerprint(known) === fingerprint(wanted);

type Known = Pick<APIApplicationCommand, 'name'> & { readonly type?: APIApplicationCommand['type'] };

const isSame = (a: Known, b: Known): boolean =>
  a.name === b.name &&
  (a.type ?? ApplicationCommandType.ChatInput) === (b.type ?? ApplicationCommandType.ChatInput);

/** What Discord tells of a command and does not take back. */
const told: ReadonlySet<string> = new Set([
  ...['application_id', 'guild_id', 'version', 'name_localized', 'description_localized'],
]);

/** A command that somebody else has defined for the application, as it is to stay. */
const kept = (command: APIApplicationCommand): Definition =>
  Object.fromEntries(
    Object.entries(command).filter(([field, value]) => !told.has(field) && value !== null),
  ) as unknown as Definition;

/** The ids of the commands that make something, by which a server's restrictions name them. */
export type CommandIds = Readonly<Partial<Record<KindName, string>>>;

const idsOf = (commands: readonly APIApplicationCommand[]): CommandIds =>
  Object.fromEntries(
    kindNames.flatMap((kind) => {
      const { name } = en.commands[kinds[kind].command];
      const id = commands.find((command) => isSame(command, { name }))?.id;
      return id === undefined ? [] : [[kind, id]];
    }),
  );

/**
 * Makes Discord offer the commands as they are here. Each day has a small number of registrations, so it is done
 * only where something has changed. Commands that are not of these, such as the Entry Point of an Activity, stay:
 * without that one Discord refuses all the others.
 * @returns whether anything had to be changed, and the commands' ids
 */
export const registerCommands = async (
  rest: REST,
  { application, offer }: { readonly application: string; readonly offer: NetworkOffer },
) => {
  const route = Routes.applicationCommands(application);
  const query = new URLSearchParams({ with_localizations: 'true' });
  const known = (await rest.get(route, { query })) as readonly APIApplicationCommand[];
  const wanted: readonly Definition[] = commandDefinitions(offer);
  const isOurs = (command: Known): boolean => wanted.some((each) => isSame(each as Known, command));
  if (sameCommands(known.filter(isOurs), wanted)) return { isDone: false, ids: idsOf(known) };
  const foreign = known.filter((command) => !isOurs(command)).map(kept);
  const registered = (await rest.put(route, {
    body: [...wanted, ...foreign],
  })) as readonly APIApplicationCommand[];
  return { isDone: true, ids: idsOf(registered) };
};
