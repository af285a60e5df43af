import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { type CommandBody, overwriteCommands } from '../state/commands.ts';
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

const ownApplication = ({ core, param }: RestCall): void => {
  if (param('application_id') !== core.application.id)
    throw discordError(RESTJSONErrorCodes.UnknownApplication);
};

/** Lists leave the languages out unless they are asked for. */
const withoutLocalizations = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutLocalizations);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !key.endsWith('_localizations'));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutLocalizations(each)]));
};

const commands = '/applications/{application_id}/commands';

/** The bot's gateway, files and commands. */
export const applicationRoutes = (gateway: GatewayAddress): readonly Route[] => [
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
  route('GET', commands, (call) => {
    ownApplication(call);
    const listed = [...call.core.commands.global.values()];
    return call.query.get('with_localizations') === 'true' ? listed : withoutLocalizations(listed);
  }),
  route('PUT', commands, (call) => {
    ownApplication(call);
    return overwriteCommands(call.core, call.body as readonly CommandBody[]);
  }),
  route('GET', '/applications/{application_id}/guilds/{guild_id}/commands/permissions', (call) => {
    ownApplication(call);
    const guild = getGuild(call.core, call.param('guild_id'));
    if (!guild.members.has(call.core.application.id)) throw discordError(RESTJSONErrorCodes.MissingAccess);
    return [...guild.commandRules].map(([id, permissions]) => ({
      ...{ id, application_id: call.core.application.id, guild_id: guild.id, permissions },
    }));
  }),
];
