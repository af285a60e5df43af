import type { Actor, Renders } from '../../app/renders.ts';
import { type GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { ReplyTarget } from '../../domain/job.ts';
import type { ReactionKind } from '../../domain/message.ts';
import type { AppLog } from '../../ports/log.ts';
import type { Reaction } from '../../ports/reactions.ts';
import { createMessageTurns } from './message-turns.ts';

/** Who reacted, and where that is answered. */
export type ReactedBy = Actor & { readonly replyTarget: ReplyTarget };

/**
 * Hands reactions to the use cases, those of one person to one message one after another: an emoji may be gone before
 * it is dealt with.
 */
export const createReactionTurns = ({
  renders,
  log,
}: {
  readonly renders: () => Renders;
  readonly log: Pick<AppLog, 'warn'>;
}) => {
  const turns = createMessageTurns();

  const follow = async (reaction: Reaction, by: ReactedBy): Promise<GramzoomError | null> => {
    try {
      await renders().react(reaction, by);
      return null;
    } catch (error) {
      await renders().refuse(reaction, { error, replyTarget: by.replyTarget });
      return toGramzoomError(error);
    }
  };

  const takeBack = async (reaction: Reaction): Promise<void> => {
    try {
      await renders().unreact(reaction);
    } catch (error) {
      log.warn('reaction: failed to take it back', { error });
    }
  };

  return {
    /**
     * Does what a reaction asks for, or tells whoever reacted why not.
     * @param options.by whoever reacted, found out in turn; null where nothing is to be done about it
     * @returns why it led to nothing, after it has been told
     * @throws those of `by`
     */
    react: (
      reaction: Reaction,
      { by }: { readonly by: () => Promise<ReactedBy | null> },
    ): Promise<GramzoomError | null> =>
      turns.ofOne(reaction.message.ref, reaction.user, async () => {
        const who = await by();
        return who && (await follow(reaction, who));
      }),
    unreact: (reaction: Reaction): Promise<void> =>
      turns.ofOne(reaction.message.ref, reaction.user, () => takeBack(reaction)),
    /** Somebody who keeps order took them away, all of them or those of a kind. */
    clear: (message: Reaction['message'], kind: ReactionKind | null): Promise<void> =>
      turns.ofAll(message.ref, () => renders().clearReactions(message, kind)),
  };
};

export type ReactionTurns = ReturnType<typeof createReactionTurns>;
