import {
  PermissionFlagsBits as Bit,
  ChannelType,
  MessageFlags,
  MessageType,
  RESTJSONErrorCodes,
} from 'discord-api-types/v10';
import { channelPayload } from './channels.ts';
import { type Core, isoTime } from './core.ts';
import { discordError, invalidForm } from './discord-error.ts';
import { createMessage, tellOfMessage } from './messages.ts';
import type { Channel, Message, ThreadState } from './model.ts';
import { may } from './permissions.ts';
import { snowflakeTime } from './snowflakes.ts';
import { threadMemberPayload } from './thread-payload.ts';

const parents: readonly ChannelType[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement];

export type NewThread = {
  readonly name: string;
  readonly autoArchiveMinutes?: ThreadState['autoArchiveMinutes'];
  readonly ownerId: string;
};

const activeThreads = (core: Core, guildId: string | null): readonly Channel[] =>
  [...core.channels.values()].filter(
    ({ guildId: place, thread }) => thread && !thread.archived && place === guildId,
  );

const tell = (core: Core, channel: Channel, t: 'THREAD_CREATE' | 'THREAD_UPDATE', extra = {}): void =>
  core.publish({
    t,
    guildId: channel.guildId,
    channelId: channel.id,
    d: () => ({ ...channelPayload(core, channel), ...extra }),
  });

/** Opens or closes a thread, and tells the bot. */
export const setArchived = (
  core: Core,
  channel: Channel,
  { archived, locked }: { readonly archived: boolean; readonly locked?: boolean },
): void => {
  const thread = channel.thread as ThreadState;
  if (thread.archived !== archived) thread.archiveChangedAt = isoTime(core.clock.wallTime());
  thread.archived = archived;
  if (locked !== undefined) thread.locked = locked;
  tell(core, channel, 'THREAD_UPDATE');
  if (!archived) archiveWhenQuiet(core, channel);
};

/** When something last happened in a thread, in milliseconds of the fake's wall time. */
const lastActivity = (thread: ThreadState, channel: Channel): number =>
  Math.max(Date.parse(thread.archiveChangedAt), snowflakeTime(channel.lastMessageId ?? channel.id));

/** A thread in which nothing was said for long enough is archived. */
const archiveWhenQuiet = (core: Core, channel: Channel): void => {
  const thread = channel.thread as ThreadState;
  const quietMs = thread.autoArchiveMinutes * 60_000;
  const leftMs = lastActivity(thread, channel) + quietMs - core.clock.wallTime();
  core.clock.after(Math.max(1, leftMs), () => {
    if (thread.archived || !core.channels.has(channel.id)) return;
    if (core.clock.wallTime() - lastActivity(thread, channel) >= quietMs)
      setArchived(core, channel, { archived: true });
    else archiveWhenQuiet(core, channel);
  });
};

const joinThread = (core: Core, channel: Channel, userId: string): void => {
  const thread = channel.thread as ThreadState;
  if (thread.members.has(userId)) return;
  const joinedAt = isoTime(core.clock.wallTime());
  thread.members.set(userId, joinedAt);
  core.publish({
    t: 'THREAD_MEMBERS_UPDATE',
    guildId: channel.guildId,
    channelId: channel.id,
    d: () => ({
      id: channel.id,
      guild_id: channel.guildId,
      member_count: thread.members.size,
      added_members: [threadMemberPayload(channel.id, userId, joinedAt)],
    }),
  });
};

/** Makes the thread itself and tells the bot. */
const openThread = (
  core: Core,
  parent: Channel,
  { id, request }: { id: string; request: NewThread },
): Channel => {
  const { name, ownerId, autoArchiveMinutes = 1440 } = request;
  if (name.length < 1 || name.length > 100) {
    throw invalidForm('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.');
  }
  const guild = core.guilds.get(parent.guildId ?? '');
  if (activeThreads(core, parent.guildId).length >= (guild?.mostThreads ?? 0)) {
    throw discordError(RESTJSONErrorCodes.MaximumActiveThreads);
  }
  const now = isoTime(core.clock.wallTime());
  const thread: ThreadState = {
    ownerId,
    members: new Map([[ownerId, now]]),
    archived: false,
    locked: false,
    archiveChangedAt: now,
    autoArchiveMinutes,
    sent: 0,
  };
  const channel: Channel = {
    id,
    type: ChannelType.PublicThread,
    guildId: parent.guildId,
    parentId: parent.id,
    name,
    position: 0,
    overwrites: [],
    recipients: [],
    thread,
    messages: new Map(),
    lastMessageId: null,
  };
  core.channels.set(id, channel);
  tell(core, channel, 'THREAD_CREATE', { newly_created: true });
  archiveWhenQuiet(core, channel);
  return channel;
};

const requireParent = (channel: Channel): void => {
  if (!parents.includes(channel.type)) {
    throw discordError(RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType);
  }
};

/**
 * A thread under a message; it has the message's id.
 * @throws DiscordError 50024 in direct messages, threads and forums, 160004 where there is one already, 160006
 */
export const startThreadUnder = (
  core: Core,
  channel: Channel,
  { message, request }: { readonly message: Message; readonly request: NewThread },
): Channel => {
  requireParent(channel);
  if (message.threadId !== null || core.channels.has(message.id)) {
    throw discordError(RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage);
  }
  const thread = openThread(core, channel, { id: message.id, request });
  message.threadId = thread.id;
  message.flags |= MessageFlags.HasThread;
  tellOfMessage(core, channel, message);
  createMessage(core, {
    channel: thread,
    authorId: message.authorId,
    type: MessageType.ThreadStarterMessage,
    body: { message_reference: { message_id: message.id } },
    files: [],
    mayBeEmpty: true,
  });
  return thread;
};

/**
 * Before somebody writes into a thread: an archived one opens again, a locked one does not.
 * @throws DiscordError 160005
 */
export const enterThread = (core: Core, channel: Channel, userId: string): void => {
  const { thread } = channel;
  if (!thread) return;
  if (thread.locked && !may(core, channel, userId, Bit.ManageThreads)) {
    throw discordError(RESTJSONErrorCodes.ThreadLocked);
  }
  if (thread.archived) setArchived(core, channel, { archived: false });
  joinThread(core, channel, userId);
};
