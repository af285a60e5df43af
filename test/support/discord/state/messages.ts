import {
  type APIMessageTopLevelComponent,
  ComponentType,
  MessageFlags,
  MessageType,
  RESTJSONErrorCodes,
} from 'discord-api-types/v10';
import { type Core, isoTime } from './core.ts';
import { discordError, invalidForm } from './discord-error.ts';
import { checkBody, keptFiles, type MessageBody, mentionsIn } from './message-body.ts';
import { messageEvent } from './message-payload.ts';
import type { Channel, Interaction, Message, Shows, StoredFile } from './model.ts';

/** How long a nonce is remembered: the documentation says a few minutes. */
const nonceMs = 5 * 60_000;
/** Flags that whoever writes may set themselves. */
const ownFlags = MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.Ephemeral;

export const getMessage = (channel: Channel, id: string): Message => {
  const message = channel.messages.get(id);
  if (!message) throw discordError(RESTJSONErrorCodes.UnknownMessage);
  return message;
};

const tellOf = (
  core: Core,
  channel: Channel,
  t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
  message: Message,
): void => {
  // What only one person sees is no event of the channel.
  if (message.ephemeralTo !== null) core.changed();
  else
    core.publish({
      t,
      guildId: channel.guildId,
      channelId: channel.id,
      d: (view) => messageEvent(core, channel, { message, view }),
    });
};

/** Numbers every component, and says of a menu how many may be chosen, as Discord does. */
const numbered = (components: readonly APIMessageTopLevelComponent[]): APIMessageTopLevelComponent[] => {
  let last = 0;
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const type = 'type' in value && typeof value.type === 'number' ? value.type : null;
    const own = {
      ...(type !== null && { id: ++last }),
      ...(type === ComponentType.StringSelect && { min_values: 1, max_values: 1 }),
    };
    return { ...own, ...Object.fromEntries(Object.entries(value).map(([key, each]) => [key, visit(each)])) };
  };
  return visit(components) as APIMessageTopLevelComponent[];
};

export type NewMessage = {
  readonly channel: Channel;
  readonly authorId: string;
  readonly body: MessageBody;
  readonly files: readonly StoredFile[];
  readonly shows?: Shows;
  readonly type?: MessageType;
  readonly interaction?: Interaction;
  readonly ephemeralTo?: string | null;
  /** A deferred answer: the bot is thinking. */
  readonly loading?: boolean;
  /** System messages may be empty. */
  readonly mayBeEmpty?: boolean;
};

/** The message that was made with this nonce a moment ago, if there is one. */
export const withNonce = (core: Core, body: MessageBody, authorId: string): Message | undefined => {
  if (!body.enforce_nonce || body.nonce === undefined || body.nonce === null) return undefined;
  for (const channel of core.channels.values()) {
    for (const message of channel.messages.values()) {
      const isSame = message.authorId === authorId && String(message.nonce) === String(body.nonce);
      if (isSame && core.clock.now() - message.at < nonceMs) return message;
    }
  }
  return undefined;
};

/**
 * Says something in a channel and tells the bot.
 * @throws DiscordError 50006 where there is nothing in it, 50035 where a limit is passed
 */
export const createMessage = (core: Core, draft: NewMessage): Message => {
  const { channel, authorId, body, files, shows = {}, interaction = null, ephemeralTo = null } = draft;
  checkBody(body);
  const components = numbered(body.components ?? []);
  const content = body.content ?? '';
  const isEmpty = content.trim() === '' && files.length + components.length + Object.keys(shows).length === 0;
  if (isEmpty && !draft.loading && !draft.mayBeEmpty) {
    throw discordError(RESTJSONErrorCodes.CannotSendAnEmptyMessage);
  }
  const replyTo = body.message_reference?.message_id ?? null;
  const original = replyTo === null ? undefined : channel.messages.get(replyTo);
  const mustExist = draft.type === undefined && body.message_reference?.fail_if_not_exists !== false;
  if (replyTo !== null && !original && mustExist) {
    throw invalidForm('message_reference', 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message');
  }
  const allowed = body.allowed_mentions;
  const { users, roles, everyone } = mentionsIn(core, channel, { content, allowed });
  const pingsReplied = original && (allowed ? allowed.replied_user === true : true);
  const mentions = [...new Set([...users, ...(pingsReplied ? [original.authorId] : [])])];
  const isQuiet = ((body.flags ?? 0) & MessageFlags.SuppressNotifications) !== 0;
  const now = core.clock.now();
  const message: Message = {
    id: core.ids.next(),
    channelId: channel.id,
    authorId,
    type: draft.type ?? (original ? MessageType.Reply : MessageType.Default),
    content,
    components,
    flags:
      ((body.flags ?? 0) & ownFlags & ~MessageFlags.Ephemeral) |
      (draft.loading ? MessageFlags.Loading : 0) |
      (ephemeralTo !== null ? MessageFlags.Ephemeral : 0),
    shows,
    files: [...files],
    nonce: body.nonce ?? null,
    timestamp: isoTime(core.clock.wallTime()),
    at: now,
    editedTimestamp: null,
    mentions,
    mentionRoles: roles,
    mentionEveryone: everyone,
    pinged: isQuiet ? [] : mentions.filter((id) => id !== authorId),
    replyTo: draft.type === undefined && !original ? null : replyTo,
    interaction,
    ephemeralTo,
    reactions: new Map(),
    threadId: null,
    pinned: false,
    history: [],
  };
  channel.messages.set(message.id, message);
  if (ephemeralTo === null) channel.lastMessageId = message.id;
  if (channel.thread) channel.thread.sent += 1;
  tellOf(core, channel, 'MESSAGE_CREATE', message);
  return message;
};

/** Changes a message; `files` are those that come along. Nobody is notified, as on Discord. */
export const editMessage = (
  core: Core,
  channel: Channel,
  { message, body, files }: { message: Message; body: MessageBody; files: readonly StoredFile[] },
): Message => {
  checkBody(body);
  const kept = keptFiles(body);
  const old = message.files.filter(({ id }) => kept === 'all' || kept.has(id));
  if (kept !== 'all') {
    for (const file of old) {
      const entry = kept.get(file.id);
      if (entry?.description !== undefined) file.description = entry.description;
    }
  }
  const content = body.content === undefined ? message.content : (body.content ?? '');
  const components = body.components === undefined ? message.components : numbered(body.components ?? []);
  if (content.trim() === '' && old.length + files.length + components.length === 0) {
    throw discordError(RESTJSONErrorCodes.CannotSendAnEmptyMessage);
  }
  const shown = { content: message.content, files: message.files.map(({ filename }) => filename) };
  message.history.push({ at: core.clock.now(), ...shown });
  for (const file of message.files) if (!old.includes(file)) file.gone = true;
  message.files = [...old, ...files];
  const wasLoading = (message.flags & MessageFlags.Loading) !== 0;
  message.flags &= ~MessageFlags.Loading;
  const { users, roles, everyone } = mentionsIn(core, channel, { content, allowed: body.allowed_mentions });
  Object.assign(message, { content, components });
  Object.assign(message, { mentions: users, mentionRoles: roles, mentionEveryone: everyone });
  if (!wasLoading) message.editedTimestamp = isoTime(core.clock.wallTime());
  tellOf(core, channel, 'MESSAGE_UPDATE', message);
  return message;
};

/** Says that a message changed by something other than an edit: a thread under it. */
export const tellOfMessage = (core: Core, channel: Channel, message: Message): void =>
  tellOf(core, channel, 'MESSAGE_UPDATE', message);

/** Most messages that are pinned in a channel. */
const mostPins = 250;

/**
 * Pins a message, and says so in the channel.
 * @throws DiscordError 30003 where too many are
 */
export const pinMessage = (
  core: Core,
  channel: Channel,
  { message, userId }: { readonly message: Message; readonly userId: string },
): void => {
  if (message.pinned) return;
  const pins = [...channel.messages.values()].filter(({ pinned }) => pinned).length;
  if (pins >= mostPins) throw discordError(RESTJSONErrorCodes.MaximumNumberOfPinsReachedForTheChannel);
  message.pinned = true;
  tellOf(core, channel, 'MESSAGE_UPDATE', message);
  createMessage(core, {
    ...{ channel, authorId: userId, type: MessageType.ChannelPinnedMessage, files: [], mayBeEmpty: true },
    body: { message_reference: { message_id: message.id } },
  });
};

/** Takes a message and its files away. */
export const deleteMessage = (core: Core, channel: Channel, message: Message): void => {
  channel.messages.delete(message.id);
  for (const file of message.files) file.gone = true;
  if (message.ephemeralTo !== null) core.changed();
  else
    core.publish({
      t: 'MESSAGE_DELETE',
      guildId: channel.guildId,
      channelId: channel.id,
      d: () => ({
        id: message.id,
        channel_id: channel.id,
        ...(channel.guildId !== null && { guild_id: channel.guildId }),
      }),
    });
};
