import type { AnyBlock } from '@slack/types';
import { elementsOf, type Json } from '../block-kit.ts';
import { kindNames, mimetypeOf, publishMessage } from './payloads.ts';
import type { Channel, Message, State } from './state.ts';

const wordsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as Json;
  const isText = (type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string';
  return isText ? [text] : Object.values(value).flatMap(wordsIn);
};

/** All words of blocks but those on buttons, one a line. */
export const wordsOf = (blocks: readonly AnyBlock[]): string =>
  blocks.flatMap((block) => (block.type === 'actions' ? [] : wordsIn(block))).join('\n');

export const buttonsOf = (blocks: readonly AnyBlock[]) =>
  blocks.flatMap(elementsOf).flatMap(({ type, action_id, value = '', text, style }) => {
    const shown = { actionId: String(action_id), value: String(value), label: wordsIn(text)[0] ?? '' };
    return type === 'button' ? [{ ...shown, isDanger: style === 'danger' }] : [];
  });

/** A message as people see it. */
export const messageView = (state: State, message: Message) => {
  const { channel, ts, user, bot, text, thread, blocks, isEdited, isPinned } = message;
  const bytesOf = (id: string | undefined): Buffer => state.files.get(id ?? '')?.bytes ?? Buffer.alloc(0);
  return {
    ...{ channel, ts, thread, user, isBot: bot !== null, text, blocks, isEdited, isPinned },
    /** All words of its blocks, one a line. */
    words: wordsOf(blocks),
    buttons: buttonsOf(blocks),
    files: message.files.flatMap((id) => {
      const file = state.files.get(id);
      if (!file || file.isDeleted) return [];
      const { name, title, alt } = file;
      return [{ id, name, title, alt, mimetype: mimetypeOf(file), bytes: bytesOf(id) }];
    }),
    /** Pictures in its blocks. */
    pictures: blocks.flatMap((block) => {
      if (block.type !== 'image' || !('slack_file' in block)) return [];
      const { id } = block.slack_file as { readonly id?: string };
      return [{ alt: block.alt_text, bytes: bytesOf(id) }];
    }),
    /** Who has reacted, by name. */
    reactions: Object.fromEntries([...message.reactions].map(([name, users]) => [name, [...users]])),
  };
};
export type MessageView = Readonly<ReturnType<typeof messageView>>;

type Named = string | { readonly id: string };
const idOf = (one: Named): string => (typeof one === 'string' ? one : one.id);

/** A channel or conversation as people see it. */
export const placeView = (state: State, channel: Channel) => {
  const { id, name, kind, members, teams } = channel;
  const all = (): readonly MessageView[] =>
    [...channel.messages.values()].filter((one) => !one.isTombstone).map((one) => messageView(state, one));
  const tellBots = (type: string, bots: readonly string[]): void => {
    const event = { type: `${kindNames[kind].event}_${type}`, channel: id, event_ts: state.nextTs() };
    for (const installation of state.installations.filter(({ botUser }) => bots.includes(botUser))) {
      state.onPublish({ event, channel, installation, team: teams[0] ?? '' });
    }
  };
  return {
    ...{ id, name, channel, all },
    /** What stands in the channel itself. */
    messages: (): readonly MessageView[] => all().filter(({ thread }) => thread === null),
    /** What was replied under a message. */
    replies: ({ ts }: Pick<MessageView, 'ts'>) => all().filter(({ thread }) => thread === ts),
    message: (ts: string): MessageView | undefined => all().find((one) => one.ts === ts),
    invite: (...users: readonly Named[]): void => users.forEach((user) => void members.add(idOf(user))),
    /** Somebody, or the bot, is not in it any more. */
    kick: (user: Named): void => {
      members.delete(idOf(user));
      tellBots('left', [idOf(user)]);
    },
    archive: (): void => {
      channel.isArchived = true;
      publishMessage(state, channel, { subtype: `${kindNames[kind].event}_archive` });
    },
    delete: (): void => {
      state.channels.delete(id);
      tellBots('deleted', [...members]);
    },
  };
};

export type Place = ReturnType<typeof placeView>;
