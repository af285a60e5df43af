import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Reaction } from '../../ports/reactions.ts';
import { createReactionTurns, type ReactedBy } from '../shared/reaction-turns.ts';
import type { ReactionEvent } from './events.ts';
import type { Handler, Incoming } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { decodeCredentials, encodePlace, messageAt, originOf, personId, placeIn } from './place.ts';
import { reactionKind } from './reaction-names.ts';

/** Whether a reaction is one of a person's to a message of the bot's, as far as the event tells. */
export const isReactionToBot = (
  { user, reaction, item, item_user: author }: ReactionEvent,
  self: string | undefined,
): boolean =>
  user !== self &&
  item.channel !== undefined &&
  item.ts !== undefined &&
  (author === undefined || self === undefined || author === self) &&
  reactionKind(reaction) !== undefined;

const isUnreachable = (error: unknown): boolean =>
  error instanceof GramzoomError && error.code === 'chat-unreachable';

const reactionOf = ({ body: { user, reaction, item }, team }: Incoming<ReactionEvent>): Reaction | null => {
  const kind = reactionKind(reaction);
  const { channel, ts } = item;
  if (!kind || channel === undefined || ts === undefined) return null;
  return { message: messageAt({ channel, ts }), kind, user: personId({ team, user }) };
};

/**
 * Reactions to messages of the bot, however old: which render is meant, the store knows. Those that were made while
 * the bot was away count where Slack repeats them; they are not asked for, since apps may look back seldom.
 */
export const createReactions = ({
  renders,
  people,
  clock,
  log,
  signal,
}: Pick<HandlerDeps, 'renders' | 'people' | 'clock' | 'log' | 'signal'>) => {
  const turns = createReactionTurns({ renders: () => renders, log });

  /** Who reacted, and where the message is: events name no threads. Null for messages that are not the bot's. */
  const reactedBy = async (
    reaction: Reaction,
    { body: { user }, installation: { tenant }, team }: Incoming<ReactionEvent>,
  ): Promise<ReactedBy | null> => {
    const sent = await renders.sentMessage(reaction.message);
    if (!sent) return null;
    const at = decodeCredentials(sent).place;
    const { locale, isAdmin } = await people.of({ tenant, team, user });
    const place = placeIn({ tenant, team, user, locale }, at);
    return {
      actor: originOf(place),
      isModerator: reaction.kind === 'end' && isAdmin,
      replyTarget: encodePlace(place),
    };
  };

  const added: Handler<ReactionEvent> = async (incoming) => {
    const reaction = reactionOf(incoming);
    if (!reaction) return;
    const react = async (): Promise<void> => {
      const error = await turns.react(reaction, { by: () => reactedBy(reaction, incoming) });
      // Of these nobody is told: it is tried again, by this process or the next one.
      if (error?.code === 'chat-unreachable' || error?.code === 'stopping') throw error;
    };
    await retryWithBackoff(react, {
      ...{ clock, signal, isTransient: isUnreachable, firstMs: 5_000, longestMs: 300_000 },
      onFailure: (error) => log.warn('reaction: failed to follow it, trying again', { error }),
    });
  };

  const removed: Handler<ReactionEvent> = async (incoming) => {
    const reaction = reactionOf(incoming);
    if (reaction) await turns.unreact(reaction);
  };

  return { added, removed };
};
