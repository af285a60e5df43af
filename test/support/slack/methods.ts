import type { AnyBlock } from '@slack/types';
import { problemsOfBlocks, type TypeOfFile, unreadyFile } from '../block-kit.ts';
import type { Tier } from './limits.ts';
import { mimetypeOf } from './payloads.ts';
import { type Channel, type Installation, type Message, SlackRefusal, type State } from './state.ts';

/** A request of the Web API. */
export type Call = {
  readonly state: State;
  readonly installation: Installation;
  text(name: string): string | undefined;
  /** @throws SlackRefusal `invalid_arguments` where it is missing */
  need(name: string): string;
  json(name: string): unknown;
  isTrue(name: string): boolean;
};

/** A method of the Web API, with the scope that it asks for. */
export type Method = {
  readonly tier: Tier;
  readonly scope?: string | ((call: Call) => string);
  run(call: Call): object;
};
/** How often it may be called, the scope that it asks for, and what it does. */
export const method = (asked: Omit<Method, 'run'>, run: Method['run']): Method => ({ ...asked, run });
export type Methods = Readonly<Record<string, Method>>;

export const refuse = (error: string, more: object = {}): never => {
  throw new SlackRefusal(error, more);
};

/** A channel that the bot can see; a person's id stands for the conversation with them. */
export const channelOf = ({ state, installation, need }: Call, name = 'channel'): Channel => {
  const id = need(name);
  const isPerson = state.users.get(id)?.isBot === false;
  const channel = isPerson ? state.dm(installation, id) : state.channels.get(id);
  if (!channel) return refuse('channel_not_found');
  const isOpen =
    channel.kind === 'public' && channel.teams.some((team) => state.installationFor(team) === installation);
  return isOpen || channel.members.has(installation.botUser) ? channel : refuse('channel_not_found');
};

export const isMember = ({ installation }: Call, { members }: Channel): boolean =>
  members.has(installation.botUser);

export const ownChannel = (call: Call): Channel => {
  const channel = channelOf(call);
  return isMember(call, channel) ? channel : refuse('not_in_channel');
};

export const messageIn = (channel: Channel, ts: string, error = 'message_not_found'): Message => {
  const message = channel.messages.get(ts);
  return message && !message.isTombstone ? message : refuse(error);
};

/** What a `slack_file` of a block is, where it can be used. */
export const typeOfFile =
  (state: State): TypeOfFile =>
  ({ id, url }) => {
    const [, named] = /\/files-pri\/[^-]+-([^/]+)\//.exec(String(url)) ?? [];
    const file = state.files.get(String(id ?? named));
    return (file && !file.isDeleted && mimetypeOf(file)) || undefined;
  };

/** Blocks with the ids that Slack gives to those without. */
export const withIds = (state: State, blocks: readonly AnyBlock[]): AnyBlock[] =>
  blocks.map((block) => ({ ...block, block_id: block.block_id ?? state.nextId('b') }));

export const readBlocks = ({ state, json }: Call): readonly AnyBlock[] => {
  const given = json('blocks') ?? [];
  const problems = problemsOfBlocks(given, { surface: 'message', typeOf: typeOfFile(state) });
  if (problems.some((problem) => problem !== unreadyFile)) {
    state.violations.push(`invalid_blocks: ${problems.join('; ')}`);
  }
  const messages = problems.map((problem) => `[ERROR] ${problem}`);
  if (problems.length > 0) refuse('invalid_blocks', { errors: problems, response_metadata: { messages } });
  return withIds(state, given as readonly AnyBlock[]);
};

/** Words and blocks of what is said. */
export const readSaid = (call: Call): Pick<Message, 'text' | 'blocks'> => {
  const [text, blocks] = [call.text('text') ?? '', readBlocks(call)];
  if (text === '' && blocks.length === 0) refuse('no_text');
  if (text.length > 40_000) refuse('msg_too_long');
  if (text === '') call.state.violations.push('a message with blocks has no text for notifications');
  return { text, blocks };
};

/** Where something may be said: a channel, and under which message of it. */
export const placeToSpeak = (call: Call): { readonly channel: Channel; readonly thread: string | null } => {
  const channel = channelOf(call);
  const mayEverywhere = channel.kind === 'public' && call.installation.scopes.includes('chat:write.public');
  if (!isMember(call, channel) && !mayEverywhere) refuse('not_in_channel');
  if (channel.isArchived) refuse('is_archived');
  const ts = call.text('thread_ts');
  if (ts === undefined) return { channel, thread: null };
  const parent = channel.messages.get(ts) ?? refuse('thread_not_found');
  // A reply to a reply lands in the same thread.
  return { channel, thread: parent.thread ?? parent.ts };
};
