import { MessageType } from 'discord-api-types/v10';
import { decodeButtonId } from '../../src/chat/discord/button-id.ts';
import { shortId } from '../../src/chat/discord/message-marks.ts';
import type { MessageView } from '../support/discord/driver/message-view.ts';
import type { FakeDiscord } from '../support/discord/fake-discord.ts';

/** One message of the bot that everybody sees. */
export type SaidMessage = {
  readonly message: MessageView;
  readonly isFilm: boolean;
  /** See `renderOf`. */
  readonly render: string;
};

/** The beginning of the id of the render that a message is about; empty where it does not say so. */
export const renderOf = ({ buttons, content }: MessageView): string => {
  const [button] = buttons.flatMap(({ customId }) => decodeButtonId(customId ?? '') ?? []);
  const footer = /^-# (?:.* · )?(\S+)$/.exec(content.replaceAll('\\', '').split('\n').at(-1) ?? '');
  return button ? shortId(button.subject.id) : (footer?.[1] ?? '');
};

/** Whether a message carries a film: its file says so. */
const isFilm = ({ files }: MessageView): boolean => files.some(({ name }) => name.endsWith('.gif'));

/** All that the bot has said and that still stands, anywhere. */
export const allSaid = (fake: FakeDiscord): readonly SaidMessage[] =>
  [...fake.core.channels.keys()]
    .flatMap((id) => fake.place(id).messages())
    .filter(({ byBot, payload }) => byBot && payload.type !== MessageType.ThreadStarterMessage)
    .map((message) => ({ message, isFilm: isFilm(message), render: renderOf(message) }));

export const filmsSaid = (fake: FakeDiscord): readonly SaidMessage[] =>
  allSaid(fake).filter((said) => said.isFilm);

/** A button of a film by what it does. */
export const buttonId = ({ buttons }: MessageView, action: string): string => {
  const found = buttons.find(({ customId }) => decodeButtonId(customId ?? '')?.action === action);
  if (!found?.customId) throw new Error(`a film has no button ${action}`);
  return found.customId;
};
