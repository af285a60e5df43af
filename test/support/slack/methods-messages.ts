import type { AnyBlock } from '@slack/types';
import {
  type Call,
  channelOf,
  isMember,
  type Method,
  messageIn,
  readSaid,
  refuse,
  said,
  scoped,
  writableThread,
} from './methods.ts';
import { channelTypeOf, messagePayload } from './payloads.ts';
import type { Channel, Message, State } from './state.ts';

const write = scoped('chat:write');

/** Tells of a message of the bot's own, as of everybody's. */
const publishMessage = (state: State, channel: Channel, event: object): void =>
  state.publish({
    event: {
      ...{ type: 'message', ...event },
      ...{ channel: channel.id, channel_type: channelTypeOf(channel), event_ts: state.nextTs() },
    },
    ...{ channel, installation: null, team: channel.teams[0] ?? '' },
  });

const own = (call: Call, message: Message, error: string): Message =>
  message.bot === call.installation.bot ? message : refuse(error);

const pictures = (blocks: readonly AnyBlock[]) =>
  blocks.flatMap((block) =>
    block.type === 'image' && 'slack_file' in block
      ? [{ id: block.block_id, file: JSON.stringify(block.slack_file) }]
      : [],
  );

/** A picture in a block that keeps its id is not drawn again: people go on seeing the old one. */
const checkPictures = (state: State, before: readonly AnyBlock[], after: readonly AnyBlock[]): void => {
  const known = new Map(pictures(before).map(({ id, file }) => [id, file]));
  for (const { id, file } of pictures(after)) {
    if (known.has(id) && known.get(id) !== file)
      state.violations.push('another picture in a block of the same block_id');
  }
};

const listed = ({ state, args }: Call, channel: Channel, messages: readonly Message[]) => {
  const [oldest, latest] = [
    Number(args.text('oldest') ?? 0),
    Number(args.text('latest') ?? Number.MAX_VALUE),
  ];
  const isWithin = ({ ts }: Message): boolean =>
    args.isTrue('inclusive')
      ? Number(ts) >= oldest && Number(ts) <= latest
      : Number(ts) > oldest && Number(ts) < latest;
  const limit = Number(args.text('limit') ?? 100);
  const found = messages.filter(isWithin);
  const shown = found.slice(0, limit).map((message) => ({
    ...messagePayload(state, channel, message),
    ...(args.isTrue('include_all_metadata') &&
      message.metadata !== undefined && { metadata: message.metadata }),
  }));
  return { messages: shown, has_more: found.length > limit, response_metadata: { next_cursor: '' } };
};

const historyScopes = (call: Call): readonly string[] => [
  `${{ channel: 'channels', group: 'groups', im: 'im' }[channelTypeOf(channelOf(call))]}:history`,
];

const readable = (call: Call): Channel => {
  const channel = channelOf(call);
  return isMember(call, channel) ? channel : refuse('not_in_channel');
};

const reaction = (call: Call, change: (users: Set<string>, user: string, name: string) => void): object => {
  const { state, installation, args } = call;
  const channel = readable(call);
  const message = messageIn(channel, args.need('timestamp'));
  const name = args.need('name');
  if (!/^[a-z0-9_+'-]+$/.test(name)) refuse('invalid_name');
  const users = message.reactions.get(name) ?? new Set();
  change(users, installation.botUser, name);
  message.reactions.set(name, users);
  if (users.size === 0) message.reactions.delete(name);
  publishReaction(state, { channel, message, name, user: installation.botUser, isAdded: users.size > 0 });
  return {};
};

/** Tells that somebody has reacted, or taken it back. */
export const publishReaction = (
  state: State,
  {
    channel,
    message,
    name,
    user,
    isAdded,
  }: { channel: Channel; message: Message; name: string; user: string; isAdded: boolean },
): void =>
  state.publish({
    event: {
      ...{
        type: isAdded ? 'reaction_added' : 'reaction_removed',
        user,
        reaction: name,
        item_user: message.user,
      },
      ...{ item: { type: 'message', channel: channel.id, ts: message.ts }, event_ts: state.nextTs() },
    },
    ...{ channel, installation: null, team: state.users.get(user)?.team ?? '' },
  });

/** What is said and shown in channels. */
export const messageMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': {
    ...{ tier: 'special', scopes: write },
    run: (call) => {
      const { state, args } = call;
      const { channel, thread } = writableThread(call);
      const message = state.post(
        channel,
        said(call, { ...readSaid(call), thread, metadata: args.json('metadata') }) as Message,
      );
      const payload = messagePayload(state, channel, message);
      publishMessage(state, channel, payload);
      return { channel: channel.id, ts: message.ts, message: payload };
    },
  },
  'chat.postEphemeral': {
    ...{ tier: 4, scopes: write },
    run: (call) => {
      const { state, args } = call;
      const { channel, thread } = writableThread(call);
      const user = args.need('user');
      if (!channel.members.has(user)) refuse('user_not_in_channel');
      state.ephemerals.push({
        user,
        channel: channel.id,
        thread,
        ...readSaid(call),
        via: 'chat.postEphemeral',
      });
      return { message_ts: state.nextTs() };
    },
  },
  'chat.update': {
    ...{ tier: 3, scopes: write },
    run: (call) => {
      const { state, args } = call;
      const channel = channelOf(call);
      const message = own(call, messageIn(channel, args.need('ts')), 'cant_update_message');
      const { text, blocks } = readSaid(call);
      checkPictures(state, message.blocks, blocks);
      const isEdited = message.isEdited || (args.text('blocks') === undefined && text !== message.text);
      Object.assign(message, {
        text,
        blocks: args.json('blocks') === undefined ? message.blocks : blocks,
        isEdited,
      });
      const payload = messagePayload(state, channel, message);
      publishMessage(state, channel, {
        subtype: 'message_changed',
        hidden: true,
        message: payload,
        ts: state.nextTs(),
      });
      return { channel: channel.id, ts: message.ts, text, message: payload };
    },
  },
  'chat.delete': {
    ...{ tier: 3, scopes: write },
    run: (call) => {
      const { state, args } = call;
      const channel = channelOf(call);
      const message = own(call, messageIn(channel, args.need('ts')), 'cant_delete_message');
      const previous = messagePayload(state, channel, message);
      state.remove(channel, message);
      publishDeleted(state, channel, { message, previous });
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.getPermalink': {
    tier: 'special',
    run: (call) => {
      const channel = channelOf(call);
      const { ts } = messageIn(channel, call.args.need('message_ts'));
      const permalink = `${call.state.origin}/archives/${channel.id}/p${ts.replace('.', '')}`;
      return { channel: channel.id, permalink };
    },
  },
  'conversations.history': {
    ...{ tier: 3, scopes: historyScopes },
    run: (call) => {
      const channel = readable(call);
      const top = [...channel.messages.values()].filter(({ thread }) => thread === null);
      return listed(call, channel, top.reverse());
    },
  },
  'conversations.replies': {
    ...{ tier: 3, scopes: historyScopes },
    run: (call) => {
      const channel = readable(call);
      const parent = channel.messages.get(call.args.need('ts')) ?? refuse('thread_not_found');
      return listed(call, channel, [parent, ...call.state.repliesTo(channel, parent.ts)]);
    },
  },
  'reactions.add': {
    ...{ tier: 3, scopes: scoped('reactions:write') },
    run: (call) =>
      reaction(call, (users, user) => {
        if (users.has(user)) refuse('already_reacted');
        users.add(user);
      }),
  },
  'reactions.remove': {
    ...{ tier: 2, scopes: scoped('reactions:write') },
    run: (call) =>
      reaction(call, (users, user) => {
        if (!users.delete(user)) refuse('no_reaction');
      }),
  },
};

/** Tells that a message is gone. */
export const publishDeleted = (
  state: State,
  channel: Channel,
  { message, previous }: { readonly message: Message; readonly previous: object },
): void =>
  publishMessage(state, channel, {
    ...{ subtype: 'message_deleted', hidden: true, deleted_ts: message.ts, previous_message: previous },
    ts: state.nextTs(),
  });
