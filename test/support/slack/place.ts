import type { AnyBlock } from '@slack/types';
import { elementsOf } from './block-rules.ts';
import { isReady, mimetypeOf } from './payloads.ts';
import type { Channel, Message, State } from './state.ts';

/** A message as people see it. */
export type MessageView = {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly isBot: boolean;
  readonly text: string;
  readonly blocks: readonly AnyBlock[];
  /** All words of its blocks, one a line. */
  readonly words: string;
  readonly buttons: readonly { readonly actionId: string; readonly value: string; readonly label: string }[];
  readonly files: readonly {
    readonly id: string;
    readonly name: string;
    readonly title: string;
    readonly mimetype: string;
    readonly bytes: Buffer;
  }[];
  /** Pictures in its blocks. */
  readonly pictures: readonly { readonly alt: string; readonly bytes: Buffer }[];
  /** Who has reacted, by name. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
  readonly isEdited: boolean;
};

type Json = { readonly [field: string]: unknown };

const wordsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as Json;
  if ((type === 'mrkdwn' || type === 'plain_text' || type === 'markdown') && typeof text === 'string')
    return [text];
  return Object.values(value).flatMap(wordsIn);
};

/** All words of blocks but those on buttons, one a line. */
export const wordsOf = (blocks: readonly AnyBlock[]): string =>
  blocks
    .filter(({ type }) => type !== 'actions')
    .flatMap(wordsIn)
    .join('\n');

export const buttonsOf = (blocks: readonly AnyBlock[]): MessageView['buttons'] =>
  blocks.flatMap(elementsOf).flatMap((element) =>
    element['type'] === 'button'
      ? [
          {
            actionId: String(element['action_id']),
            value: String(element['value'] ?? ''),
            label: wordsIn(element['text'])[0] ?? '',
          },
        ]
      : [],
  );

const picturesOf = (state: State, blocks: readonly AnyBlock[]): MessageView['pictures'] =>
  blocks.flatMap((block) => {
    if (block.type !== 'image' || !('slack_file' in block) || !block.slack_file) return [];
    const { id } = block.slack_file as { readonly id?: string };
    return [{ alt: block.alt_text, bytes: state.files.get(id ?? '')?.bytes ?? Buffer.alloc(0) }];
  });

export const messageView = (state: State, channel: Channel, message: Message): MessageView => ({
  ...{
    channel: channel.id,
    ts: message.ts,
    user: message.user,
    isBot: message.bot !== null,
    text: message.text,
  },
  ...{ blocks: message.blocks, words: wordsOf(message.blocks), buttons: buttonsOf(message.blocks) },
  files: message.files.flatMap((id) => {
    const file = state.files.get(id);
    if (!file || file.isDeleted) return [];
    const mimetype = isReady(file) ? mimetypeOf(file) : '';
    return [{ id, name: file.name, title: file.title, mimetype, bytes: file.bytes ?? Buffer.alloc(0) }];
  }),
  pictures: picturesOf(state, message.blocks),
  reactions: Object.fromEntries([...message.reactions].map(([name, users]) => [name, [...users]])),
  isEdited: message.isEdited,
});

/** A channel or conversation as people see it. */
export const placeView = (state: State, channel: Channel) => {
  const views = (messages: readonly Message[]): readonly MessageView[] =>
    messages.filter(({ isTombstone }) => !isTombstone).map((message) => messageView(state, channel, message));
  return {
    ...{ id: channel.id, name: channel.name, channel },
    /** What stands in the channel itself. */
    messages: (): readonly MessageView[] =>
      views([...channel.messages.values()].filter(({ thread }) => thread === null)),
    /** What was replied under a message. */
    replies: ({ ts }: Pick<MessageView, 'ts'>): readonly MessageView[] => views(state.repliesTo(channel, ts)),
    /** All that stands anywhere in it, in the order in which it was said. */
    all: (): readonly MessageView[] => views([...channel.messages.values()]),
    message: (ts: string): MessageView | undefined =>
      views([...channel.messages.values()]).find((one) => one.ts === ts),
    invite: (...users: readonly (string | { readonly id: string })[]): void => {
      for (const user of users) channel.members.add(typeof user === 'string' ? user : user.id);
    },
    /** Somebody, or the bot, is not in it any more. */
    kick: (user: string | { readonly id: string }): void =>
      void channel.members.delete(typeof user === 'string' ? user : user.id),
    archive: (): void => {
      channel.isArchived = true;
    },
  };
};

export type Place = ReturnType<typeof placeView>;
