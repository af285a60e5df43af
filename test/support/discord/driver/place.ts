import { type APIOverwrite, OverwriteType } from 'discord-api-types/v10';
import { deleteChannel, getChannel, setOverwrites } from '../state/channels.ts';
import type { Core } from '../state/core.ts';
import { deleteMessage, getMessage } from '../state/messages.ts';
import type { Channel } from '../state/model.ts';
import { setArchived } from '../state/threads.ts';
import { type MessageView, viewMessage } from './message-view.ts';

/** A channel, a thread or direct messages, for a test to look at and to change. */
export type Place = {
  readonly id: string;
  readonly name: string;
  readonly guildId: string | null;
  readonly archived: boolean;
  /** What stands there now, oldest first; with `as` also what only that user sees. */
  messages(options?: { readonly as?: string }): readonly MessageView[];
  message(id: string): MessageView | undefined;
  /** Its threads, oldest first. */
  threads(): readonly Place[];
  /** Takes permissions from the bot in this channel, by an overwrite; 0 gives them back. */
  denyBot(bits: bigint): void;
  /** As a moderator would. */
  archive(options?: { readonly locked?: boolean }): void;
  unarchive(): void;
  delete(): void;
  deleteMessage(id: string): void;
};

export const createPlace = (core: Core, id: string): Place => {
  const channel = (): Channel => getChannel(core, id);
  return {
    id,
    get name() {
      return channel().name;
    },
    get guildId() {
      return channel().guildId;
    },
    get archived() {
      return channel().thread?.archived ?? false;
    },
    messages: ({ as } = {}) =>
      [...channel().messages.values()]
        .filter(({ ephemeralTo }) => ephemeralTo === null || ephemeralTo === as)
        .map((message) => viewMessage(core, message)),
    message: (messageId) => {
      const message = channel().messages.get(messageId);
      return message && viewMessage(core, message);
    },
    threads: () =>
      [...core.channels.values()]
        .filter(({ thread, parentId }) => thread && parentId === id)
        .map((thread) => createPlace(core, thread.id)),
    denyBot: (bits) => {
      const bot = core.application.id;
      const others = channel().overwrites.filter((overwrite) => overwrite.id !== bot);
      const own: APIOverwrite = { id: bot, type: OverwriteType.Member, allow: '0', deny: String(bits) };
      setOverwrites(core, channel(), bits === 0n ? others : [...others, own]);
    },
    archive: ({ locked } = {}) =>
      setArchived(core, channel(), { archived: true, ...(locked !== undefined && { locked }) }),
    unarchive: () => setArchived(core, channel(), { archived: false, locked: false }),
    delete: () => deleteChannel(core, channel()),
    deleteMessage: (messageId) => deleteMessage(core, channel(), getMessage(channel(), messageId)),
  };
};
