import { PermissionFlagsBits as Bit, ChannelType, RESTJSONErrorCodes } from 'discord-api-types/v10';
import { channelPayload, deleteChannel, directMessages } from '../state/channels.ts';
import { discordError } from '../state/discord-error.ts';
import { getGuild, guildPayload } from '../state/guilds.ts';
import type { Channel, ThreadState } from '../state/model.ts';
import { may, requirePermission } from '../state/permissions.ts';
import { threadMemberPayload } from '../state/thread-payload.ts';
import {
  activeThreads,
  archivedThreads,
  joinThread,
  leaveThread,
  setArchived,
  startThread,
  startThreadUnder,
} from '../state/threads.ts';
import { memberPayload } from '../state/users.ts';
import { ownChannel, ownMessage } from './own-channel.ts';
import { type RestCall, type Route, route } from './router.ts';

type ThreadBody = {
  readonly name: string;
  readonly type?: ChannelType;
  readonly auto_archive_duration?: ThreadState['autoArchiveMinutes'];
};

const requestOf = ({ core, body }: RestCall) => {
  const { name, type, auto_archive_duration: minutes } = body as ThreadBody;
  return {
    name,
    ownerId: core.application.id,
    ...(type && { type }),
    ...(minutes && { autoArchiveMinutes: minutes }),
  };
};

type ThreadChange = { readonly name?: string; readonly archived?: boolean; readonly locked?: boolean };

const change = (call: RestCall) => {
  const { core } = call;
  const channel = ownChannel(call);
  const { name, archived, locked } = call.body as ThreadChange;
  const { thread } = channel;
  if (!thread) {
    requirePermission(core, channel, core.application.id, Bit.ManageChannels);
    channel.name = name ?? channel.name;
    return channelPayload(core, channel);
  }
  const isOwner = thread.ownerId === core.application.id && !thread.locked && locked === undefined;
  if (!isOwner) requirePermission(core, channel, core.application.id, Bit.ManageThreads);
  if (thread.archived && archived !== false)
    throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
  channel.name = name ?? channel.name;
  setArchived(core, channel, {
    archived: archived ?? thread.archived,
    ...(locked !== undefined && { locked }),
  });
  return channelPayload(core, channel);
};

const ownThread = (call: RestCall): Channel & { readonly thread: ThreadState } => {
  const channel = ownChannel(call);
  const { thread } = channel;
  if (!thread) throw discordError(RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType);
  if (thread.archived && call.param('user_id') !== '') {
    throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
  }
  return Object.assign(channel, { thread });
};

const threadList = ({ core }: RestCall, threads: readonly Channel[], hasMore: boolean) => ({
  threads: threads.map((thread) => channelPayload(core, thread)),
  members: threads.flatMap(({ id, thread }) => {
    const joined = thread?.members.get(core.application.id);
    return joined === undefined ? [] : [threadMemberPayload(id, core.application.id, joined)];
  }),
  has_more: hasMore,
});

const archived = (call: RestCall) => {
  const channel = ownChannel(call, Bit.ReadMessageHistory);
  const before = call.query.get('before');
  const limit = Number(call.query.get('limit') ?? 50);
  const all = archivedThreads(call.core, channel).filter(
    ({ thread, type }) =>
      type !== ChannelType.PrivateThread &&
      (before === null || Date.parse(thread?.archiveChangedAt ?? '') < Date.parse(before)),
  );
  return threadList(call, all.slice(0, limit), all.length > limit);
};

const ownGuild = ({ core, param }: RestCall) => {
  const guild = getGuild(core, param('guild_id'));
  if (!guild.members.has(core.application.id)) throw discordError(RESTJSONErrorCodes.MissingAccess);
  return guild;
};

const members = '/channels/{channel_id}/thread-members';

/** Guilds, channels, threads and direct messages. */
export const placeRoutes: readonly Route[] = [
  route('GET', '/guilds/{guild_id}', (call) => guildPayload(call.core, ownGuild(call))),
  route('GET', '/guilds/{guild_id}/channels', (call) => {
    const { id } = ownGuild(call);
    return [...call.core.channels.values()]
      .filter(({ guildId, thread }) => guildId === id && !thread)
      .map((channel) => channelPayload(call.core, channel));
  }),
  route('GET', '/guilds/{guild_id}/roles', (call) => [...ownGuild(call).roles.values()]),
  route('GET', '/guilds/{guild_id}/members/{user_id}', (call) => {
    const member = ownGuild(call).members.get(call.param('user_id'));
    if (!member) throw discordError(RESTJSONErrorCodes.UnknownMember);
    return memberPayload(call.core, member);
  }),
  route('GET', '/guilds/{guild_id}/threads/active', (call) => {
    const { id } = ownGuild(call);
    const visible = activeThreads(call.core, id).filter((channel) =>
      may(call.core, channel, call.core.application.id, Bit.ViewChannel),
    );
    return threadList(call, visible, false);
  }),
  route('POST', '/users/@me/channels', (call) => {
    const { recipient_id } = call.body as { readonly recipient_id: string };
    return channelPayload(call.core, directMessages(call.core, recipient_id));
  }),
  route('GET', '/channels/{channel_id}', (call) => channelPayload(call.core, ownChannel(call))),
  route('PATCH', '/channels/{channel_id}', change),
  route('DELETE', '/channels/{channel_id}', (call) => {
    const channel = ownChannel(call);
    const bit = channel.thread ? Bit.ManageThreads : Bit.ManageChannels;
    requirePermission(call.core, channel, call.core.application.id, bit);
    const payload = channelPayload(call.core, channel);
    deleteChannel(call.core, channel);
    return payload;
  }),
  route('POST', '/channels/{channel_id}/typing', (call) => void ownChannel(call)),
  route(
    'POST',
    '/channels/{channel_id}/messages/{message_id}/threads',
    (call) => {
      const channel = ownChannel(call);
      const message = ownMessage(call, channel);
      if (channel.guildId !== null) {
        requirePermission(call.core, channel, call.core.application.id, Bit.CreatePublicThreads);
      }
      const thread = startThreadUnder(call.core, channel, { message, request: requestOf(call) });
      return channelPayload(call.core, thread);
    },
    { status: 201 },
  ),
  route(
    'POST',
    '/channels/{channel_id}/threads',
    (call) => {
      const channel = ownChannel(call);
      const request = { type: ChannelType.PrivateThread, ...requestOf(call) };
      const isPrivate = request.type === ChannelType.PrivateThread;
      const bit = isPrivate ? Bit.CreatePrivateThreads : Bit.CreatePublicThreads;
      if (channel.guildId !== null) requirePermission(call.core, channel, call.core.application.id, bit);
      return channelPayload(call.core, startThread(call.core, channel, request));
    },
    { status: 201 },
  ),
  route('GET', '/channels/{channel_id}/threads/archived/public', archived),
  route('GET', members, (call) => {
    const { id, thread } = ownThread(call);
    return [...thread.members].map(([userId, joinedAt]) => threadMemberPayload(id, userId, joinedAt));
  }),
  route('PUT', `${members}/@me`, (call) => joinThread(call.core, ownThread(call), call.core.application.id)),
  route('DELETE', `${members}/@me`, (call) =>
    leaveThread(call.core, ownThread(call), call.core.application.id),
  ),
  route('GET', `${members}/{user_id}`, (call) => {
    const { id, thread } = ownThread(call);
    const joined = thread.members.get(call.param('user_id'));
    if (joined === undefined) throw discordError(RESTJSONErrorCodes.UnknownMember);
    return threadMemberPayload(id, call.param('user_id'), joined);
  }),
  route('PUT', `${members}/{user_id}`, (call) => {
    joinThread(call.core, ownThread(call), call.param('user_id'));
  }),
  route('DELETE', `${members}/{user_id}`, (call) => {
    const thread = ownThread(call);
    requirePermission(call.core, thread, call.core.application.id, Bit.ManageThreads);
    leaveThread(call.core, thread, call.param('user_id'));
  }),
];
