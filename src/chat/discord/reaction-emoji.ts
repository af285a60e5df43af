import { type ReactionKind, reactionKinds } from '../../domain/message.ts';

/** What people react with. */
export const reactionEmoji: Readonly<Record<ReactionKind, string>> = {
  reroll: '🎲',
  end: '❌',
  send: '✉️',
};

/** Keyboards differ in the mark that asks for colour. */
const plain = (emoji: string): string => emoji.replaceAll('\uFE0F', '');

/** What a reaction asks for; undefined for any other emoji, and for those that a server made. */
export const reactionKind = (emoji: {
  readonly id?: unknown;
  readonly name?: string | null | undefined;
}): ReactionKind | undefined =>
  emoji.id ? undefined : reactionKinds.find((kind) => plain(reactionEmoji[kind]) === plain(emoji.name ?? ''));
