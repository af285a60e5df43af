import { RESTJSONErrorCodes as Code } from 'discord.js';
import { wordsFor } from '../../messages/languages.ts';
import type { DiscordCalls } from './discord-calls.ts';
import { isRefusal, translated } from './discord-errors.ts';
import type { DiscordPlace } from './place.ts';
import { oneLine } from './plain-text.ts';

const mostLetters = 100;
/** How many messages are remembered with their threads, so that Discord is not asked at each progress picture. */
const mostRemembered = 2000;

/** Then there will be no thread under that message. */
const impossible = [
  Code.MaximumActiveThreads,
  Code.CannotExecuteActionOnThisChannelType,
  Code.MissingPermissions,
  Code.MissingAccess,
] as const;
/** Then nothing can be said about a message. */
const unseen = [Code.MissingPermissions, Code.MissingAccess] as const;

type At = { readonly channel: string; readonly message: string };

const name = (about: string, { locale }: DiscordPlace): string => {
  const { threadName } = wordsFor(locale);
  return oneLine(threadName(about), mostLetters) || 'gramzoom';
};

/** Goes on under the message itself. */
const inPlace = (place: DiscordPlace, { message }: At): DiscordPlace => ({
  ...place,
  replyTo: message,
  // Whoever belongs there speaks for themselves from now on; a guest has nothing but this.
  interaction: place.isGuest ? place.interaction : null,
});

const inThread = (place: DiscordPlace, at: At, thread: string): DiscordPlace => ({
  ...place,
  channel: thread,
  replyTo: null,
  interaction: null,
  canOpenThread: false,
  under: at,
});

/** Threads under messages, one each. Where there cannot be one, it goes on in place. */
export const createThreads = (calls: DiscordCalls) => {
  const known = new Map<string, Promise<string | null>>();

  const open = async (at: At, title: string): Promise<string | null> => {
    try {
      return await calls.startThread(at, title);
    } catch (error) {
      // A thread has the id of the message above it.
      if (isRefusal(error, Code.ThreadAlreadyCreatedForMessage)) return at.message;
      if (isRefusal(error, ...impossible)) return null;
      throw error;
    }
  };

  /** Where there cannot be a thread, a message that is gone has none either. */
  const look = async (at: At): Promise<null> => {
    try {
      await calls.message(at);
    } catch (error) {
      if (!isRefusal(error, ...unseen)) throw error;
    }
    return null;
  };

  const remembered = (at: At, find: () => Promise<string | null>): Promise<string | null> => {
    const before = known.get(at.message);
    if (before !== undefined) return before;
    const opening = find();
    known.set(at.message, opening);
    opening.catch(() => known.delete(at.message));
    const [oldest] = known.keys();
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    return opening;
  };

  return {
    /** @throws GramzoomError `chat-gone` where the message is */
    open: async (at: At, place: DiscordPlace, about: string): Promise<DiscordPlace> => {
      // What a guest has said can only be looked at like the rest, by a token that may have lapsed.
      if (place.isGuest) return inPlace(place, at);
      const find = () => (place.canOpenThread ? open(at, name(about, place)) : look(at));
      const thread = await translated(() => remembered(at, find));
      return thread === null ? inPlace(place, at) : inThread(place, at, thread);
    },
    /** A message that is gone has no thread. */
    forget: ({ message }: At): void => {
      known.delete(message);
    },
  };
};
