import { RESTJSONErrorCodes as Code, Routes } from 'discord.js';
import { z } from 'zod';
import type { MessageRef } from '../../ports/chat.ts';
import { withoutNulls } from '../shared/lenient.ts';
import { isRefusal } from './discord-errors.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { decodeCredentials, messageAt } from './reply-context.ts';
import { named, readLeftServer, readSessionServers } from './server-records.ts';
import { snowflake } from './snowflake.ts';

const deletedMessage = z.object({ id: snowflake, channel_id: snowflake });
const deletedMessages = z.object({ ids: z.array(snowflake), channel_id: snowflake });

/** Whether a message stood in a channel, or in a thread of the bot's under one of its messages. */
const isIn = (channel: string, message: MessageRef): boolean => {
  if (message.ref.startsWith(`${channel}/`)) return true;
  return message.grant !== undefined && decodeCredentials(message).place.under?.channel === channel;
};

/** What is there no more: servers that the bot has left, and messages that somebody has deleted. */
export const createDepartures = ({ renders, rest, log }: HandlerDeps) => {
  const leave = async (server: string): Promise<void> => {
    const cancelled = await renders().leave('discord', server);
    if (cancelled > 0)
      log.info('discord: cancelled the renders of a server that the bot has left', { cancelled });
  };

  /** The list of a session may lack a server for a while; what is asked for by its id does not. */
  const isLeft = async (server: string): Promise<boolean> => {
    try {
      await rest.get(Routes.guild(server));
      return false;
    } catch (error) {
      if (isRefusal(error, Code.UnknownGuild, Code.MissingAccess)) return true;
      log.warn('discord: failed to ask whether the bot is still in a server', { error });
      return false;
    }
  };

  return {
    /** A session begins: servers that are not in it were left while nothing was heard. */
    began: async (ready: unknown): Promise<void> => {
      const list = readSessionServers(ready);
      if (!list) return;
      for (const server of await renders().busyServers('discord')) {
        // People who are a server each are in none.
        if (!snowflake.safeParse(server).success || !list.isOfShard(server)) continue;
        if (!list.servers.has(server) && (await isLeft(server))) await leave(server);
      }
    },
    /** @throws ZodError for an event that cannot be read, like the others below */
    serverLeft: async (event: unknown): Promise<void> => {
      const server = readLeftServer(withoutNulls(event));
      if (server !== null) await leave(server);
    },
    messageDeleted: async (event: unknown): Promise<void> => {
      const { id, channel_id: channel } = deletedMessage.parse(event);
      await renders().filmGone(messageAt(channel, id));
    },
    messagesDeleted: async (event: unknown): Promise<void> => {
      const { ids, channel_id: channel } = deletedMessages.parse(event);
      for (const id of ids) await renders().filmGone(messageAt(channel, id));
    },
    /** Or a thread. */
    channelDeleted: async (event: unknown): Promise<void> => {
      const { id } = named.parse(event);
      for (const message of await renders().filmMessages('discord')) {
        if (isIn(id, message)) await renders().filmGone(message);
      }
    },
  };
};
