import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import {
  type CommandBody,
  deleteCommand,
  getCommand,
  listCommands,
  overwriteCommands,
  patchCommand,
  upsertCommand,
} from '../state/commands.ts';
import type { Core } from '../state/core.ts';
import { discordError } from '../state/discord-error.ts';
import { getGuild } from '../state/guilds.ts';
import { signedUrl } from '../state/stored-files.ts';
import { getUser, userPayload } from '../state/users.ts';
import { type RestCall, type Route, route } from './router.ts';

/** What `GET /gateway/bot` answers. */
export type GatewayAddress = () => {
  readonly url: string;
  readonly shards: number;
  readonly session_start_limit: object;
};

/** `GATEWAY_MESSAGE_CONTENT_LIMITED` and its kin, for intents that are switched on. */
const applicationFlags = ({ application }: Core): number => {
  const flagOf: readonly (readonly [intent: number, flag: number])[] = [
    [1 << 8, 1 << 13],
    [1 << 1, 1 << 15],
    [1 << 15, 1 << 19],
  ];
  return flagOf.reduce((sum, [intent, flag]) => sum | (application.privilegedIntents & intent ? flag : 0), 0);
};

/** The application in READY. */
export const partialApplication = (core: Core) => ({
  id: core.application.id,
  flags: applicationFlags(core),
});

const applicationPayload = (core: Core) => {
  const { id, name, ownerId } = core.application;
  const installed = [...core.users.values()].filter((user) => user.installed).length;
  return {
    ...partialApplication(core),
    flags_new: String(applicationFlags(core)),
    name,
    icon: null,
    description: '',
    type: null,
    bot: userPayload(getUser(core, id)),
    verify_key: '0'.repeat(64),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: userPayload(getUser(core, ownerId)),
    approximate_guild_count: [...core.guilds.values()].filter(({ members }) => members.has(id)).length,
    approximate_user_install_count: installed,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
    bot_public: true,
    bot_require_code_grant: false,
    integration_types_config: {},
  };
};

const ownApplication = ({ core, param }: RestCall): void => {
  if (param('application_id') !== core.application.id)
    throw discordError(RESTJSONErrorCodes.UnknownApplication);
};

/** The guild of the path; none in the global routes. */
const placeOf = ({ core, param }: RestCall): string | null => {
  const id = param('guild_id');
  if (id === '') return null;
  if (!getGuild(core, id).members.has(core.application.id))
    throw discordError(RESTJSONErrorCodes.MissingAccess);
  return id;
};

/** Lists leave the languages out unless they are asked for. */
const withoutLocalizations = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutLocalizations);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !key.endsWith('_localizations'));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutLocalizations(each)]));
};

const commandRoutes = (path: string): readonly Route[] => [
  route('GET', path, (call) => {
    ownApplication(call);
    const commands = listCommands(call.core, placeOf(call));
    return call.query.get('with_localizations') === 'true' ? commands : withoutLocalizations(commands);
  }),
  route('PUT', path, (call) => {
    ownApplication(call);
    return overwriteCommands(call.core, placeOf(call), call.body as readonly CommandBody[]);
  }),
  {
    method: 'POST',
    path,
    answer: (call) => {
      ownApplication(call);
      const { command, isNew } = upsertCommand(call.core, placeOf(call), call.body as CommandBody);
      return { status: isNew ? 201 : 200, body: command };
    },
  },
  route('GET', `${path}/{command_id}`, (call) => {
    ownApplication(call);
    return getCommand(call.core, placeOf(call), call.param('command_id'));
  }),
  route('PATCH', `${path}/{command_id}`, (call) => {
    ownApplication(call);
    const id = call.param('command_id');
    return patchCommand(call.core, placeOf(call), { id, body: call.body as Partial<CommandBody> });
  }),
  route('DELETE', `${path}/{command_id}`, (call) => {
    ownApplication(call);
    deleteCommand(call.core, placeOf(call), call.param('command_id'));
  }),
];

/** The bot itself, its application and its commands. */
export const applicationRoutes = (gateway: GatewayAddress): readonly Route[] => [
  route('GET', '/gateway', () => ({ url: gateway().url })),
  route('GET', '/gateway/bot', () => gateway()),
  route('GET', '/users/@me', ({ core }) => ({
    ...userPayload(getUser(core, core.application.id)),
    mfa_enabled: true,
    locale: 'en-US',
  })),
  route('POST', '/attachments/refresh-urls', ({ core, body }) => {
    const { attachment_urls: urls } = body as { readonly attachment_urls: readonly string[] };
    const refreshed = urls.flatMap((original) => {
      const file = core.files.get(new URL(original).pathname.split('/').at(-2) ?? '');
      return file && !file.gone && !file.ephemeral ? [{ original, refreshed: signedUrl(core, file) }] : [];
    });
    return { refreshed_urls: refreshed };
  }),
  route('GET', '/users/{user_id}', ({ core, param }) => userPayload(getUser(core, param('user_id')))),
  route('GET', '/applications/@me', ({ core }) => applicationPayload(core)),
  route('GET', '/oauth2/applications/@me', ({ core }) => applicationPayload(core)),
  route('GET', '/applications/{application_id}/guilds/{guild_id}/commands/permissions', (call) => {
    ownApplication(call);
    const guild = getGuild(call.core, placeOf(call) ?? '');
    return [...guild.commandRules].map(([id, permissions]) => ({
      ...{ id, application_id: call.core.application.id, guild_id: guild.id, permissions },
    }));
  }),
  ...commandRoutes('/applications/{application_id}/commands'),
  ...commandRoutes('/applications/{application_id}/guilds/{guild_id}/commands'),
];
