import { ButtonStyle, ComponentType, MessageFlags } from 'discord-api-types/v10';
import type { Core } from '../state/core.ts';
import { messagePayload } from '../state/message-payload.ts';
import type { Message, StoredFile } from '../state/model.ts';
import { attachmentPayload } from '../state/stored-files.ts';

export type FileView = {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly url: string;
  /** The alt text. */
  readonly description: string | null;
  readonly spoiler: boolean;
};

export type ButtonView = {
  readonly label: string;
  readonly emoji: string | null;
  readonly customId: string | null;
  readonly disabled: boolean;
  readonly danger: boolean;
  readonly url: string | null;
};

export type MenuView = {
  readonly customId: string;
  readonly placeholder: string;
  readonly options: readonly {
    readonly label: string;
    readonly value: string;
    /** It is what the menu shows as chosen. */
    readonly isDefault: boolean;
  }[];
};

/** A message as somebody looking at the channel sees it, at one moment. */
export type MessageView = {
  readonly id: string;
  readonly channelId: string;
  readonly author: string;
  readonly byBot: boolean;
  readonly content: string;
  readonly files: readonly FileView[];
  readonly buttons: readonly ButtonView[];
  readonly menus: readonly MenuView[];
  /** Who reacted, by emoji. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
  /** Only one person sees it. */
  readonly ephemeral: boolean;
  /** The bot is thinking. */
  readonly loading: boolean;
  readonly edited: boolean;
  /** Whom it notified. */
  readonly pinged: readonly string[];
  readonly replyTo: string | null;
  readonly threadId: string | null;
  readonly pinned: boolean;
  readonly nonce: string | number | null;
  /** Milliseconds on the clock. */
  readonly at: number;
  /** What it showed before, oldest first. */
  readonly history: Message['history'];
  /** As the API shows it. */
  readonly payload: ReturnType<typeof messagePayload>;
};

const fileView = (core: Core, file: StoredFile): FileView => ({
  id: file.id,
  name: file.filename,
  bytes: file.bytes,
  contentType: file.contentType,
  url: attachmentPayload(core, file).url,
  description: file.description,
  spoiler: file.filename.startsWith('SPOILER_'),
});

/** As much of a component as a look at it needs. */
type Loose = {
  readonly type?: unknown;
  readonly label?: string;
  readonly emoji?: { readonly name?: string };
  readonly custom_id?: string;
  readonly disabled?: boolean;
  readonly style?: number;
  readonly url?: string;
  readonly content?: string;
  readonly placeholder?: string;
  readonly options?: readonly {
    readonly label: string;
    readonly value: string;
    readonly default?: boolean;
  }[];
};

/** Every component of a message, however deep. */
const flatten = (value: unknown): readonly Loose[] => {
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Loose, ...Object.values(value).flatMap(flatten)];
};

const buttonView = ({ label, emoji, custom_id, disabled, style, url }: Loose): ButtonView => ({
  label: label ?? '',
  emoji: emoji?.name ?? null,
  customId: custom_id ?? null,
  disabled: disabled === true,
  danger: style === ButtonStyle.Danger,
  url: url ?? null,
});

const menuView = ({ custom_id = '', placeholder = '', options = [] }: Loose): MenuView => ({
  ...{ customId: custom_id, placeholder },
  options: options.map(({ label, value, default: isDefault = false }) => ({ label, value, isDefault })),
});

export const viewMessage = (core: Core, message: Message): MessageView => {
  const name = (id: string): string => core.users.get(id)?.name ?? id;
  const components = flatten(message.components);
  return {
    id: message.id,
    channelId: message.channelId,
    author: name(message.authorId),
    byBot: message.authorId === core.application.id,
    content: message.content,
    files: message.files.map((file) => fileView(core, file)),
    buttons: components.filter(({ type }) => type === ComponentType.Button).map(buttonView),
    menus: components.filter(({ type }) => type === ComponentType.StringSelect).map(menuView),
    reactions: Object.fromEntries(
      [...message.reactions.values()].map(({ emoji, users, bursts }) => [
        emoji.name,
        [...new Set([...users, ...bursts])].map(name),
      ]),
    ),
    ephemeral: message.ephemeralTo !== null,
    loading: (message.flags & MessageFlags.Loading) !== 0,
    edited: message.editedTimestamp !== null,
    pinged: message.pinged.map(name),
    replyTo: message.replyTo,
    threadId: message.threadId,
    pinned: message.pinned,
    nonce: message.nonce,
    at: message.at,
    history: [...message.history],
    payload: messagePayload(core, message, { toPerson: true }),
  };
};
