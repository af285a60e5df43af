import type { ReplyTarget } from '../../domain/job.ts';

/** A place of the page where something can be said: a room, or the thread under one of its messages. */
export type Place = { readonly room: string; readonly thread: string | null };

/** The text of a place in reply targets: `room`, or `room/message`, both percent-encoded. */
export const placeRef = ({ room, thread }: Place): string =>
  thread === null ? encodeURIComponent(room) : `${encodeURIComponent(room)}/${encodeURIComponent(thread)}`;

/** Reads what `placeRef` wrote. */
export const parsePlaceRef = (ref: string): Place => {
  const [room = '', thread] = ref.split('/').map(decodeURIComponent);
  return { room, thread: thread ?? null };
};

/** Where the bot answers in a room. */
export const replyIn = (room: string): ReplyTarget => ({
  platform: 'web',
  ref: placeRef({ room, thread: null }),
});
