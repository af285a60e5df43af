import type { AnyBlock } from '@slack/types';
import {
  type Call,
  channelOf,
  type Methods,
  messageIn,
  method,
  ownChannel,
  placeToSpeak,
  readSaid,
  refuse,
} from './methods.ts';
import { kindNames, messagePayload, publishMessage, publishRemoved, react } from './payloads.ts';
import type { Channel, Message, State } from './state.ts';

const ownMessage = (call: Call, channel: Channel, error: string): Message => {
  const message = messageIn(channel, call.need('ts'));
  return message.bot === call.installation.bot ? message : refuse(error);
};

const picturesIn = (blocks: readonly AnyBlock[]) => {
  const files = blocks.filter((block) => 'slack_file' in block);
  return new Map(files.map(({ block_id, slack_file }) => [block_id, JSON.stringify(slack_file)]));
};

/** A picture in a block that keeps its id is not drawn again: people go on seeing the old one. */
const checkPictures = (state: State, before: readonly AnyBlock[], after: readonly AnyBlock[]): void => {
  const old = picturesIn(before);
  const isStale = [...picturesIn(after)].some(([id, file]) => old.has(id) && old.get(id) !== file);
  if (isStale) state.violations.push('another picture in a block of the same block_id');
};

const listed = ({ state, text, isTrue }: Call, channel: Channel, messages: readonly Message[]) => {
  const [oldest, latest] = [Number(text('oldest') ?? 0), Number(text('latest') ?? Number.MAX_VALUE)];
  const limit = Number(text('limit') ?? 100);
  const found = messages.filter(({ ts }) =>
    isTrue('inclusive') ? +ts >= oldest && +ts <= latest : +ts > oldest && +ts < latest,
  );
  const shown = found.slice(0, limit).map((message) => ({
    ...messagePayload(state, channel, message),
    ...(isTrue('include_all_metadata') && message.metadata !== undefined && { metadata: message.metadata }),
  }));
  return { messages: shown, has_more: found.length > limit, response_metadata: { next_cursor: '' } };
};

const history = (call: Call): string => `${kindNames[channelOf(call).kind].scope}:history`;

/** What is said and shown in channels. */
export const messageMethods: Methods = {
  'chat.postMessage': method({ tier: 'special', scope: 'chat:write' }, (call) => {
    const { state, installation, json } = call;
    const { channel, thread } = placeToSpeak(call);
    const by = { user: installation.botUser, bot: installation.bot, metadata: json('metadata') };
    const message = state.post(channel, { ...by, ...readSaid(call), thread });
    const payload = messagePayload(state, channel, message);
    publishMessage(state, channel, payload);
    return { channel: channel.id, ts: message.ts, message: payload };
  }),
  'chat.postEphemeral': method({ tier: 4, scope: 'chat:write' }, (call) => {
    const { state, need } = call;
    const { channel, thread } = placeToSpeak(call);
    const user = need('user');
    if (!channel.members.has(user)) refuse('user_not_in_channel');
    const where = { user, channel: channel.id, thread, via: 'chat.postEphemeral' as const };
    const said = readSaid(call);
    // In a thread without answers nobody sees it.
    const isShown = thread === null || state.repliesTo(channel, thread).length > 0;
    return { message_ts: isShown ? state.showAlone({ ...where, ...said }) : state.nextTs() };
  }),
  'chat.update': method({ tier: 3, scope: 'chat:write' }, (call) => {
    const { state, json } = call;
    const channel = channelOf(call);
    const message = ownMessage(call, channel, 'cant_update_message');
    const { text, blocks } = readSaid(call);
    checkPictures(state, message.blocks, blocks);
    const hasBlocks = json('blocks') !== undefined;
    // What is changed by its blocks shows no mark.
    const isEdited = message.isEdited || !hasBlocks;
    Object.assign(message, { text, blocks: hasBlocks ? blocks : message.blocks, isEdited });
    const payload = messagePayload(state, channel, message);
    publishMessage(state, channel, { subtype: 'message_changed', message: payload });
    return { channel: channel.id, ts: message.ts, text, message: payload };
  }),
  'chat.delete': method({ tier: 3, scope: 'chat:write' }, (call) => {
    const channel = channelOf(call);
    const message = ownMessage(call, channel, 'cant_delete_message');
    publishRemoved(call.state, channel, message);
    return { channel: channel.id, ts: message.ts };
  }),
  'chat.getPermalink': method({ tier: 'special' }, (call) => {
    const channel = channelOf(call);
    const { ts } = messageIn(channel, call.need('message_ts'));
    const permalink = `${call.state.origin}/archives/${channel.id}/p${ts.replace('.', '')}`;
    return { channel: channel.id, permalink };
  }),
  'conversations.history': method({ tier: 3, scope: history }, (call) => {
    const channel = ownChannel(call);
    const top = [...channel.messages.values()].filter(({ thread }) => thread === null);
    return listed(call, channel, top.reverse());
  }),
  'conversations.replies': method({ tier: 3, scope: history }, (call) => {
    const channel = ownChannel(call);
    const parent = channel.messages.get(call.need('ts')) ?? refuse('thread_not_found');
    return listed(call, channel, [parent, ...call.state.repliesTo(channel, parent.ts)]);
  }),
  'pins.add': method({ tier: 2, scope: 'pins:write' }, (call) => {
    const message = messageIn(ownChannel(call), call.need('timestamp'));
    if (message.isPinned) refuse('already_pinned');
    message.isPinned = true;
    call.state.changed();
    return {};
  }),
  'reactions.add': method({ tier: 3, scope: 'reactions:write' }, (call) => {
    const { state, installation, need } = call;
    const channel = ownChannel(call);
    const [message, name] = [messageIn(channel, need('timestamp')), need('name')];
    if (!/^[\w+'-]+$/.test(name)) refuse('invalid_name');
    if (message.reactions.get(name)?.has(installation.botUser)) refuse('already_reacted');
    react(state, { channel, message }, { name, user: installation.botUser, isAdded: true });
    return {};
  }),
};
