import { PermissionFlagsBits as Bit, RESTJSONErrorCodes } from 'discord-api-types/v10';
import { discordError } from '../state/discord-error.ts';
import { type MessageBody, uploadsOf } from '../state/message-body.ts';
import { messagePayload } from '../state/message-payload.ts';
import { createMessage, deleteMessage, editMessage, pinMessage, withNonce } from '../state/messages.ts';
import type { Channel, Message } from '../state/model.ts';
import { may, requirePermission, sendBit } from '../state/permissions.ts';
import { addReaction, parseEmoji, reactionOf } from '../state/reactions.ts';
import { channelFileLimit, storeFiles } from '../state/stored-files.ts';
import { enterThread } from '../state/threads.ts';
import { getUser, userPayload } from '../state/users.ts';
import { ownChannel, ownMessage } from './own-channel.ts';
import { type RestCall, type Route, route } from './router.ts';

const messages = '/channels/{channel_id}/messages';
const one = `${messages}/{message_id}`;
const reactions = `${one}/reactions/{emoji_name}`;

const store = async ({ core, body, files }: RestCall, channel: Channel) => {
  if (files.size > 0) requirePermission(core, channel, core.application.id, Bit.AttachFiles);
  const uploads = uploadsOf(body as MessageBody, files);
  return await storeFiles(core, uploads, { channel, maxBytes: channelFileLimit(core, channel) });
};

const send = async (call: RestCall) => {
  const { core } = call;
  const bot = core.application.id;
  const body = call.body as MessageBody;
  const channel = ownChannel(call);
  requirePermission(core, channel, bot, sendBit(channel));
  const recipient = channel.recipients.map((id) => getUser(core, id))[0];
  if (recipient?.dmsClosed) throw discordError(RESTJSONErrorCodes.CannotSendMessagesToThisUser);
  if (body.message_reference) requirePermission(core, channel, bot, Bit.ReadMessageHistory);
  const before = withNonce(core, body, bot);
  if (before) return messagePayload(core, before);
  const files = await store(call, channel);
  enterThread(core, channel, bot);
  // Another request with this nonce may have been quicker while the files were read.
  const meanwhile = withNonce(core, body, bot);
  return messagePayload(core, meanwhile ?? createMessage(core, { channel, authorId: bot, body, files }));
};

const list = (call: RestCall) => {
  const { core, query } = call;
  const channel = ownChannel(call);
  if (!may(core, channel, core.application.id, Bit.ReadMessageHistory)) return [];
  const limit = Number(query.get('limit') ?? 50);
  const after = BigInt(query.get('after') ?? 0);
  const id = (message: Message): bigint => BigInt(message.id);
  // Newest first; of those after another the oldest ones.
  const found = [...channel.messages.values()]
    .filter((message) => message.ephemeralTo === null && id(message) > after)
    .sort((a, b) => (id(a) < id(b) ? 1 : -1));
  const chosen = query.has('after') ? found.slice(-limit) : found.slice(0, limit);
  return chosen.map((message) => messagePayload(core, message));
};

const edit = async (call: RestCall) => {
  const { core } = call;
  const channel = ownChannel(call);
  const message = ownMessage(call, channel);
  if (message.authorId !== core.application.id) {
    throw discordError(RESTJSONErrorCodes.CannotEditMessageAuthoredByAnotherUser);
  }
  if (channel.thread?.archived) throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
  const files = await store(call, channel);
  return messagePayload(core, editMessage(core, channel, { message, body: call.body as MessageBody, files }));
};

const remove = (call: RestCall): void => {
  const { core } = call;
  const channel = ownChannel(call);
  const message = ownMessage(call, channel);
  if (channel.thread?.archived) throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
  if (message.authorId !== core.application.id) {
    requirePermission(core, channel, core.application.id, Bit.ManageMessages);
  }
  deleteMessage(core, channel, message);
};

const touched = (call: RestCall) => {
  const channel = ownChannel(call);
  const message = ownMessage(call, channel);
  return { channel, message, emoji: parseEmoji(call.param('emoji_name')) };
};

const reactors = (call: RestCall) => {
  const { core, query } = call;
  const { message, emoji } = touched(call);
  const after = query.get('after');
  const form = query.get('type') === '1' ? 'bursts' : 'users';
  const ids = [...(reactionOf(message, emoji)?.[form] ?? [])].sort((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  return ids
    .filter((id) => after === null || BigInt(id) > BigInt(after))
    .slice(0, Number(query.get('limit') ?? 25))
    .map((id) => userPayload(getUser(core, id)));
};

/** Messages and what people put under them. */
export const messageRoutes: readonly Route[] = [
  route('POST', messages, send),
  route('GET', messages, list),
  route('GET', one, (call) => {
    const channel = ownChannel(call, Bit.ReadMessageHistory);
    return messagePayload(call.core, ownMessage(call, channel));
  }),
  route('PATCH', one, edit),
  route('DELETE', one, remove),
  route('PUT', `${messages}/pins/{message_id}`, (call) => {
    const channel = ownChannel(call, Bit.ReadMessageHistory, Bit.PinMessages);
    const message = ownMessage(call, channel);
    if (channel.thread?.archived) throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
    pinMessage(call.core, channel, { message, userId: call.core.application.id });
  }),
  route('GET', reactions, reactors),
  route('PUT', `${reactions}/@me`, (call) => {
    const { channel, message, emoji } = touched(call);
    addReaction(call.core, channel, { message, userId: call.core.application.id, emoji });
  }),
];
