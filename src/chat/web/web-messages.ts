import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId, ReplyTarget } from '../../domain/job.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import type { LiveRooms } from './live-rooms.ts';
import { parsePlaceRef, placeRef } from './room-ref.ts';

const messageRef = (id: string): MessageRef => ({ platform: 'web', ref: id });

/**
 * The page as a place where the bot answers. A reply target is a room or the thread under a message, a
 * message its id in the log, an attachment the id of its blob.
 */
export const createWebMessages = (rooms: LiveRooms, blobs: Blobs): Chat => ({
  platform: 'web',
  maxFileBytes: () => null,
  rerollTarget: (target) => target,

  async send(target, content, { key }) {
    const { room, thread } = parsePlaceRef(target.ref);
    if (thread !== null && !(await rooms.get(thread))) {
      throw new GramzoomError('chat-gone', { platform: 'web' });
    }
    const message = await rooms.append({ room, thread, said: { kind: 'render', content }, key });
    return messageRef(message.id);
  },

  async edit(message, content) {
    const edited = await rooms.edit(message.ref, { kind: 'render', content });
    if (!edited) throw new GramzoomError('chat-gone', { platform: 'web' });
  },

  // What is said in a room is there for whoever is in it.
  async privately() {
    throw new GramzoomError('chat-gone', { platform: 'web' });
  },

  async find(target, key) {
    const found = await rooms.find(parsePlaceRef(target.ref), key);
    return found && messageRef(found.id);
  },

  async openThread(message): Promise<ReplyTarget> {
    const above = await rooms.get(message.ref);
    if (!above) throw new GramzoomError('chat-gone', { platform: 'web' });
    // A thread has no threads of its own: what belongs under one of its messages continues in it.
    const place = { room: above.room, thread: above.thread ?? above.id };
    return { platform: 'web', ref: placeRef(place) };
  },

  outside(thread) {
    const place = parsePlaceRef(thread.ref);
    return place.thread === null
      ? null
      : { platform: 'web', ref: placeRef({ room: place.room, thread: null }) };
  },

  // There are neither pins nor roles in a room, and nobody leaves it for good.
  async pin() {},
  async giveRole() {
    throw new GramzoomError('chat-refused', { platform: 'web', reason: 'other' });
  },
  async isMember() {
    return true;
  },

  // A room is there as long as anybody names it.
  async isThere(target) {
    const { thread } = parsePlaceRef(target.ref);
    return thread === null || (await rooms.get(thread)) !== undefined;
  },

  async remove(message) {
    await rooms.remove(message.ref);
  },

  async forget(what) {
    if (what.kind === 'person') {
      if (what.person.platform !== 'web') return [];
      for (const { id } of await rooms.ofPerson(what.person.user)) await rooms.remove(id);
      return [];
    }
    const previews = new Set<BlobId>();
    for (const { id, said } of await rooms.withPhoto(what.photo)) {
      if (said.kind !== 'person' || (what.saidBy && said.name !== what.saidBy.user)) continue;
      if (said.preview) previews.add(said.preview.blob);
      await rooms.edit(id, { ...said, photo: null, preview: null });
    }
    return [...previews];
  },

  async openAttachment(attachment, { signal, maxBytes }) {
    signal.throwIfAborted();
    const bytes = await blobs.get(attachment.ref as BlobId);
    if (!bytes) throw new GramzoomError('photo-expired', {});
    if (bytes.length > maxBytes) {
      throw new GramzoomError('photo-too-many-bytes', { bytes: bytes.length, maxBytes });
    }
    return bytes;
  },
});
