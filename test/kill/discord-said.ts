import { MessageType } from 'discord-api-types/v10';
import { decodeButtonId } from '../../src/chat/discord/button-id.ts';
import type { MessageView } from '../support/discord/driver/message-view.ts';
import type { FakeDiscord } from '../support/discord/fake-discord.ts';
import { type Said, shownId } from './town.ts';

export type DiscordSaid = Said & { readonly message: MessageView };

/** The beginning of the id of the render that a message is about; empty where it does not say so. */
export const renderOf = ({ buttons, content }: MessageView): string => {
  const [button] = buttons.flatMap(({ customId }) => decodeButtonId(customId ?? '') ?? []);
  const footer = /^-# (?:.* · )?(\S+)$/.exec(content.replaceAll('\\', '').split('\n').at(-1) ?? '');
  return button ? shownId(button.subject.id) : (footer?.[1] ?? '');
};

/** A message that carries a film says so by its file. */
const kindOf = ({ files }: MessageView): Said['kind'] => {
  if (files.some(({ name }) => name.endsWith('.gif'))) return 'film';
  return files.length > 0 ? 'picture' : 'answer';
};

/** All that the bot has said and that still stands, anywhere. */
export const allSaid = (fake: FakeDiscord): readonly DiscordSaid[] =>
  [...fake.core.channels.keys()]
    .flatMap((id) => fake.place(id).messages())
    .filter(({ byBot, payload }) => byBot && payload.type !== MessageType.ThreadStarterMessage)
    .map((message) => ({
      message,
      kind: kindOf(message),
      render: renderOf(message),
      text: message.content,
      pinged: message.pinged,
      bytes: message.files[0]?.bytes,
      hasDice: message.reactions['🎲']?.includes('gramzoom') ?? false,
    }));

/** A button of a film by what it does. */
export const buttonId = ({ buttons }: MessageView, action: string): string => {
  const found = buttons.find(({ customId }) => decodeButtonId(customId ?? '')?.action === action);
  if (!found?.customId) throw new Error(`a film has no button ${action}`);
  return found.customId;
};
