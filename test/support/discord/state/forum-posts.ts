import { ChannelType, RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { discordError } from './discord-error.ts';
import type { MessageBody } from './message-body.ts';
import { createMessage } from './messages.ts';
import type { Channel, Message, StoredFile } from './model.ts';
import { openThread } from './threads.ts';

type NewPost = {
  readonly title: string;
  readonly authorId: string;
  readonly body: MessageBody;
  readonly files: readonly StoredFile[];
};

/** A post in a forum: a thread whose first message has the thread's id. */
export const createPost = (
  core: Core,
  forum: Channel,
  { title, authorId, body, files }: NewPost,
): Message => {
  if (forum.type !== ChannelType.GuildForum) {
    throw discordError(RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType);
  }
  const id = core.ids.next();
  const channel = openThread(core, forum, { id, request: { name: title, ownerId: authorId } });
  return createMessage(core, { id, channel, authorId, body, files });
};
