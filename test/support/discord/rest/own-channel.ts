import { PermissionFlagsBits as Bit, RESTJSONErrorCodes } from 'discord-api-types/v10';
import { getChannel } from '../state/channels.ts';
import { discordError } from '../state/discord-error.ts';
import { getMessage } from '../state/messages.ts';
import type { Channel, Message } from '../state/model.ts';
import { requirePermission } from '../state/permissions.ts';
import type { RestCall } from './router.ts';

/**
 * The channel of the path, where the bot has these permissions.
 * @throws DiscordError 10003, 50001, 50013
 */
export const ownChannel = ({ core, param }: RestCall, ...bits: readonly bigint[]): Channel => {
  const channel = getChannel(core, param('channel_id'));
  requirePermission(core, channel, core.application.id, ...bits);
  return channel;
};

/**
 * The message of the path; what only one person sees is unknown to the bot's own token.
 * @throws DiscordError 10008, 50001 without the history
 */
export const ownMessage = (call: RestCall, channel: Channel): Message => {
  const { core, param } = call;
  const message = getMessage(channel, param('message_id'));
  if (message.ephemeralTo !== null) throw discordError(RESTJSONErrorCodes.UnknownMessage);
  if (message.authorId !== core.application.id) {
    requirePermission(core, channel, core.application.id, Bit.ReadMessageHistory);
  }
  return message;
};
