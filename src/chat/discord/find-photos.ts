import { MessageType, Routes } from 'discord.js';
import { pause } from '../../concurrency/pause.ts';
import { type AnsweredMessage, type Author, readAnsweredMessage, type WrittenMessage } from './events.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { type Picture, picturesIn } from './pictures.ts';

/** Discord looks at a link once the message has been told of. */
const previewMs = 3_000;

/** Who wrote a message, if that was a person. */
export const personIn = (author: Author | undefined): string | null =>
  author && !author.bot ? author.id : null;

/** The photos that a message is about. */
export type FoundPhotos = {
  readonly photos: readonly Picture[];
  /** The person who wrote the message that they are in; null where that is whoever asks, or not known. */
  readonly author: string | null;
};

const none: FoundPhotos = { photos: [], author: null };

/**
 * Finds the photos that somebody's message is about: its own, else those of the message that it answers, else what a
 * link in it shows a moment later. What Discord leaves out is asked for.
 * @param options.signal ends waiting for a preview
 */
export const createFindPhotos = ({
  rest,
  hosts,
  clock,
  signal,
}: Pick<HandlerDeps, 'rest' | 'hosts' | 'clock'> & { readonly signal: AbortSignal }) => {
  /** Undefined where it is gone, or not for the bot to see. */
  const fetched = async (channel: string, message: string): Promise<AnsweredMessage | undefined> => {
    try {
      return readAnsweredMessage(await rest.get(Routes.channelMessage(channel, message), { signal }));
    } catch {
      return undefined;
    }
  };

  const answeredBy = async (event: WrittenMessage): Promise<FoundPhotos> => {
    const known = event.referenced_message;
    const photos = known ? picturesIn(known, hosts) : [];
    if (photos.length > 0) return { photos, author: personIn(known?.author) };
    const message = event.message_reference?.message_id;
    // What is forwarded is in the message itself.
    if (event.type !== MessageType.Reply || message === undefined) return none;
    const found = await fetched(event.message_reference?.channel_id ?? event.channel_id, message);
    return found ? { photos: picturesIn(found, hosts), author: personIn(found.author) } : none;
  };

  const previewed = async (event: WrittenMessage): Promise<readonly Picture[]> => {
    if (!/https?:\/\//i.test(event.content)) return [];
    await pause(clock, previewMs, { signal });
    const found = await fetched(event.channel_id, event.id);
    return found ? picturesIn(found, hosts) : [];
  };

  return async (event: WrittenMessage): Promise<FoundPhotos> => {
    const own = picturesIn(event, hosts);
    if (own.length > 0) return { photos: own, author: null };
    const answered = await answeredBy(event);
    if (answered.photos.length > 0) return answered;
    return { photos: await previewed(event), author: null };
  };
};
