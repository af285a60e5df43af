import { type ReactionKind, reactionKinds } from '../../domain/message.ts';

/** What Slack calls the emoji that people react with. */
export const reactionNames: Readonly<Record<ReactionKind, string>> = {
  reroll: 'game_die',
  end: 'x',
  send: 'envelope',
};

/** What a reaction asks for, in whichever skin tone; undefined for any other. */
export const reactionKind = (name: string): ReactionKind | undefined => {
  const plain = name.replace(/::.*$/, '');
  return reactionKinds.find((kind) => reactionNames[kind] === plain);
};
