import {
  type APIApplicationCommand,
  type RESTPostAPIApplicationCommandsJSONBody as Definition,
  type REST,
  Routes,
} from 'discord.js';
import type { NetworkOffer } from '../../app/renders.ts';
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

/**
 * Makes Discord offer the commands as they are here. Each day has a small number of registrations, so it is done
 * only where something has changed.
 * @returns whether it was done
 */
export const registerCommands = async (
  rest: REST,
  { application, offer }: { readonly application: string; readonly offer: NetworkOffer },
): Promise<boolean> => {
  const route = Routes.applicationCommands(application);
  const query = new URLSearchParams({ with_localizations: 'true' });
  const known = (await rest.get(route, { query })) as readonly APIApplicationCommand[];
  const wanted: readonly Definition[] = commandDefinitions(offer);
  if (sameCommands(known, wanted)) return false;
  await rest.put(route, { body: wanted });
  return true;
};
