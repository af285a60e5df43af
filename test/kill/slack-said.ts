import { parseMessageKey } from '../../src/domain/subject.ts';
import type { FakeSlack } from '../support/slack/fake-slack.ts';
import type { MessageView } from '../support/slack/place.ts';
import { type Said, shownId } from './town.ts';

export type SlackSaid = Said & { readonly message: MessageView };

/** The beginning of the id of the render that a message is about, by its blocks; empty where they do not say. */
export const renderOf = ({ blocks }: Pick<MessageView, 'blocks'>): string => {
  const [key] = blocks.flatMap(({ block_id: id = '' }) => /^gz1:(.+):[\w-]+$/.exec(id)?.[1] ?? []);
  return shownId(parseMessageKey(key ?? '').subject?.id ?? '');
};

const kindOf = ({ files, pictures }: MessageView): Said['kind'] => {
  if (files.some(({ name }) => name.endsWith('.gif'))) return 'film';
  return files.length + pictures.length > 0 ? 'picture' : 'answer';
};

/** All that the bot has said and that still stands, anywhere. */
export const allSaid = (fake: FakeSlack): readonly SlackSaid[] => {
  const nameOf = (user: string): string => fake.state.users.get(user)?.name ?? user;
  const bots = fake.state.installations.map(({ botUser }) => botUser);
  return [...fake.state.channels.keys()]
    .flatMap((id) => fake.place(id).all())
    .filter(({ isBot }) => isBot)
    .map((message) => ({
      message,
      kind: kindOf(message),
      render: renderOf(message),
      text: message.words,
      pinged: [...new Set(message.words.match(/(?<=<@)\w+(?=>)/g))].map(nameOf),
      bytes: message.files[0]?.bytes,
      hasDice: message.reactions['game_die']?.some((user) => bots.includes(user)) ?? false,
    }));
};
