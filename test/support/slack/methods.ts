import type { AnyBlock, View } from '@slack/types';
import { problemsOfBlocks, type TypeOfFile, unreadyFile } from './block-rules.ts';
import type { Tier } from './limits.ts';
import { isReady, mimetypeOf } from './payloads.ts';
import { type Channel, type Installation, type Message, SlackRefusal, type State } from './state.ts';

export type Args = {
  text(name: string): string | undefined;
  /** @throws SlackRefusal `invalid_arguments` where it is missing */
  need(name: string): string;
  json(name: string): unknown;
  isTrue(name: string): boolean;
};

export type Call = { readonly state: State; readonly installation: Installation; readonly args: Args };

/** A method of the Web API. Scopes: one of them is enough; none where it asks for none. */
export type Method = {
  readonly tier: Tier;
  readonly scopes?: (call: Call) => readonly string[];
  run(call: Call): object;
};

export const refuse = (error: string, more: object = {}): never => {
  throw new SlackRefusal(error, more);
};

export const scoped =
  (...scopes: readonly string[]) =>
  (): readonly string[] =>
    scopes;

/** Whether the channel is there for an installation. */
const isVisible = (state: State, installation: Installation, channel: Channel): boolean =>
  channel.members.has(installation.botUser) ||
  (channel.kind === 'public' && channel.teams.some((team) => state.installationFor(team) === installation));

/** A channel that the bot can see; a person's id stands for the conversation with them. */
export const channelOf = ({ state, installation, args }: Call, name = 'channel'): Channel => {
  const id = args.need(name);
  const channel = state.users.has(id) ? state.dm(installation, id) : state.channels.get(id);
  return channel && isVisible(state, installation, channel) ? channel : refuse('channel_not_found');
};

export const isMember = ({ installation }: Call, { members }: Channel): boolean =>
  members.has(installation.botUser);

/** A channel in which the bot may say something. */
const writableChannel = (call: Call): Channel => {
  const channel = channelOf(call);
  const mayEverywhere = channel.kind === 'public' && call.installation.scopes.includes('chat:write.public');
  if (!isMember(call, channel) && !mayEverywhere) refuse('not_in_channel');
  return channel.isArchived ? refuse('is_archived') : channel;
};

export const messageIn = (channel: Channel, ts: string, error = 'message_not_found'): Message => {
  const message = channel.messages.get(ts);
  return message && !message.isTombstone ? message : refuse(error);
};

/** What a `slack_file` of a block is, where it can be used. */
export const typeOfFile =
  (state: State): TypeOfFile =>
  ({ id, url }) => {
    const file = [...state.files.values()].find(
      (one) => one.id === id || (url !== undefined && String(url).includes(`-${one.id}/`)),
    );
    return file && isReady(file) && !file.isDeleted ? mimetypeOf(file) : undefined;
  };

/** Reads blocks as Slack does: those without an id get one. */
export const readBlocks = ({ state, args }: Call): readonly AnyBlock[] => {
  const given = args.json('blocks') ?? [];
  const problems = problemsOfBlocks(given, { surface: 'message', typeOf: typeOfFile(state) });
  if (problems.length > 0) {
    const messages = problems.map((problem) => `[ERROR] ${problem}`);
    // That a file is not processed yet is a matter of time, and no mistake.
    if (problems.some((problem) => problem !== unreadyFile)) {
      state.violations.push(`invalid_blocks: ${problems.join('; ')}`);
    }
    refuse('invalid_blocks', { errors: problems, response_metadata: { messages } });
  }
  return withIds(state, given as readonly AnyBlock[]);
};

export const withIds = (state: State, blocks: readonly AnyBlock[]): readonly AnyBlock[] =>
  blocks.map((block) => ({ ...block, block_id: block.block_id ?? state.nextId('b') }));

const longestText = 40_000;

/** Words and blocks of what is said. */
export const readSaid = (call: Call): Pick<Message, 'text' | 'blocks'> => {
  const text = call.args.text('text') ?? '';
  const blocks = readBlocks(call);
  if (text === '' && blocks.length === 0) refuse('no_text');
  if (text.length > longestText) refuse('msg_too_long');
  if (text === '') call.state.violations.push('a message with blocks has no text for notifications');
  return { text, blocks };
};

/** Where it is said in a thread: under which message. */
const parentOf = ({ args }: Call, channel: Channel): string | null => {
  const thread = args.text('thread_ts');
  if (thread === undefined) return null;
  const parent = channel.messages.get(thread);
  if (!parent) return refuse('thread_not_found');
  // A reply to a reply lands in the same thread.
  return parent.thread ?? parent.ts;
};

export const said = (call: Call, more: Partial<Message> = {}) => ({
  ...{ user: call.installation.botUser, bot: call.installation.bot },
  ...more,
});

export const writableThread = (call: Call): { readonly channel: Channel; readonly thread: string | null } => {
  const channel = writableChannel(call);
  return { channel, thread: parentOf(call, channel) };
};

export const viewProblem = (call: Call, problems: readonly string[]): void => {
  if (problems.length === 0) return;
  call.state.violations.push(`invalid view: ${problems.join('; ')}`);
  const error = problems.some((problem) => problem.startsWith('view_too_large'))
    ? 'view_too_large'
    : 'invalid_arguments';
  refuse(error, { response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) } });
};

export const viewOf = ({ args }: Call): View =>
  (args.json('view') as View | undefined) ?? refuse('invalid_arguments');
