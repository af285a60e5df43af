import { PermissionFlagsBits as Bit, RESTJSONErrorCodes } from 'discord-api-types/v10';
import { channelPayload, directMessages } from '../state/channels.ts';
import { discordError } from '../state/discord-error.ts';
import { getGuild, giveRole, guildPayload } from '../state/guilds.ts';
import type { ThreadState } from '../state/model.ts';
import { requirePermission } from '../state/permissions.ts';
import { setArchived, startThreadUnder } from '../state/threads.ts';
import { memberPayload } from '../state/users.ts';
import { ownChannel, ownMessage } from './own-channel.ts';
import { type RestCall, type Route, route } from './router.ts';

type ThreadBody = {
  readonly name: string;
  readonly auto_archive_duration?: ThreadState['autoArchiveMinutes'];
};

/** Opens a thread again, or changes it otherwise. */
const change = (call: RestCall) => {
  const { core } = call;
  const channel = ownChannel(call);
  const { thread } = channel;
  const { archived } = call.body as { readonly archived?: boolean };
  if (!thread) throw discordError(RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType);
  const isOwner = thread.ownerId === core.application.id && !thread.locked;
  if (!isOwner) requirePermission(core, channel, core.application.id, Bit.ManageThreads);
  if (thread.archived && archived !== false)
    throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
  setArchived(core, channel, { archived: archived ?? thread.archived });
  return channelPayload(core, channel);
};

const ownGuild = ({ core, param }: RestCall) => {
  const guild = getGuild(core, param('guild_id'));
  if (!guild.members.has(core.application.id)) throw discordError(RESTJSONErrorCodes.MissingAccess);
  return guild;
};

/** Guilds, channels, threads and direct messages. */
export const placeRoutes: readonly Route[] = [
  route('GET', '/guilds/{guild_id}', (call) => guildPayload(call.core, ownGuild(call))),
  route('GET', '/guilds/{guild_id}/members/{user_id}', (call) => {
    const member = ownGuild(call).members.get(call.param('user_id'));
    if (!member) throw discordError(RESTJSONErrorCodes.UnknownMember);
    return memberPayload(call.core, member);
  }),
  route('PUT', '/guilds/{guild_id}/members/{user_id}/roles/{role_id}', (call) => {
    const { core, param } = call;
    const given = { by: core.application.id, userId: param('user_id'), roleId: param('role_id') };
    giveRole(core, ownGuild(call), given);
  }),
  route('POST', '/users/@me/channels', (call) => {
    const { recipient_id } = call.body as { readonly recipient_id: string };
    return channelPayload(call.core, directMessages(call.core, recipient_id));
  }),
  route('GET', '/channels/{channel_id}', (call) => channelPayload(call.core, ownChannel(call))),
  route('PATCH', '/channels/{channel_id}', change),
  route(
    'POST',
    '/channels/{channel_id}/messages/{message_id}/threads',
    (call) => {
      const { core } = call;
      const bot = core.application.id;
      const channel = ownChannel(call);
      const message = ownMessage(call, channel);
      if (channel.guildId !== null) requirePermission(core, channel, bot, Bit.CreatePublicThreads);
      const { name, auto_archive_duration: minutes } = call.body as ThreadBody;
      const request = { name, ownerId: bot, ...(minutes && { autoArchiveMinutes: minutes }) };
      return channelPayload(core, startThreadUnder(core, channel, { message, request }));
    },
    { status: 201 },
  ),
];
