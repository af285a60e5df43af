import { RESTJSONErrorCodes as Code } from 'discord.js';
import QuickLRU from 'quick-lru';
import { wordsFor } from '../../messages/languages.ts';
import { oneLine } from '../shared/cut-text.ts';
import type { DiscordCalls } from './discord-calls.ts';
import { isLasting, isNotFound, isRefusal, translated } from './discord-errors.ts';
import type { MessageAt, ReplyContext } from './reply-context.ts';

const mostLetters = 100;
/** How many messages are remembered with their threads, so that Discord is not asked at each preview. */
const mostRemembered = 2000;

const name = (about: string, { locale }: ReplyContext): string => {
  const { threadName } = wordsFor(locale);
  return oneLine(threadName(about), mostLetters) || 'gramzoom';
};

/** Continues under the message itself. */
const inPlace = ({ photos: _, ...place }: ReplyContext, { message }: MessageAt): ReplyContext => ({
  ...place,
  replyTo: message,
  // Whoever belongs there speaks for themselves from now on; a guest has nothing but this.
  interaction: place.isGuest ? place.interaction : null,
});

const inThread = ({ photos: _, ...place }: ReplyContext, at: MessageAt, thread: string): ReplyContext => ({
  ...place,
  channel: thread,
  replyTo: null,
  interaction: null,
  canOpenThread: false,
  under: at,
});

/** What is around a thread of the bot's: the message above it. */
export const outside = ({ under, ...place }: ReplyContext): ReplyContext | undefined =>
  under && { ...place, channel: under.channel, replyTo: under.message };

/** Threads under messages, one each. Where there cannot be one, whatever the reason, everything is said in place. */
export const createThreads = (calls: DiscordCalls) => {
  const known = new QuickLRU<string, Promise<string | null>>({ maxSize: mostRemembered });

  /** A thread has the id of the message above it, and may outlive it. */
  const isThere = async (thread: string): Promise<boolean> => {
    try {
      await calls.channel(thread);
      return true;
    } catch (error) {
      if (!isLasting(error)) throw error;
      return false;
    }
  };

  /** The thread that is there although the bot cannot begin one; null if there is none. */
  const look = async (at: MessageAt): Promise<string | null> => {
    try {
      return (await calls.message(at)).thread?.id ?? null;
    } catch (error) {
      if (!isLasting(error)) throw error;
      if (!isNotFound(error)) return null;
      if (await isThere(at.message)) return at.message;
      throw error;
    }
  };

  const open = async (at: MessageAt, title: string): Promise<string | null> => {
    try {
      return await calls.startThread(at, title);
    } catch (error) {
      if (isRefusal(error, Code.ThreadAlreadyCreatedForMessage)) return at.message;
      if (!isLasting(error)) throw error;
      return await look(at);
    }
  };

  const remembered = (at: MessageAt, find: () => Promise<string | null>): Promise<string | null> => {
    const before = known.get(at.message);
    if (before !== undefined) return before;
    const opening = find();
    known.set(at.message, opening);
    opening.catch(() => known.delete(at.message));
    return opening;
  };

  return {
    /** @throws GramzoomError `chat-gone` where the message is, and no thread is left of it */
    open: async (at: MessageAt, place: ReplyContext, about: string): Promise<ReplyContext> => {
      // What a guest has said can only be looked at like the rest, by a token that may have lapsed.
      if (place.isGuest) return inPlace(place, at);
      const find = () => (place.canOpenThread ? open(at, name(about, place)) : look(at));
      const thread = await translated(() => remembered(at, find));
      return thread === null ? inPlace(place, at) : inThread(place, at, thread);
    },
    /** A message that is gone has no thread. */
    forget: ({ message }: MessageAt): void => {
      known.delete(message);
    },
  };
};
