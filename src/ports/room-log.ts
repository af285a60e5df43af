import type { BlobId } from '../domain/job.ts';
import type { MessageContent } from '../domain/message.ts';
import type { Size } from '../domain/picture.ts';

/** A picture of a photo as the page shows it, with its sides in pixels. */
export type StoredPreview = Size & { readonly blob: BlobId };

/** What a person typed on the local page. */
export type PersonMessage = {
  readonly kind: 'person';
  readonly name: string;
  /** The command as typed or as the form put it, such as `/gramzoom size:256`. */
  readonly text: string;
  /** Which photo came with it; its own bytes are shown to nobody. */
  readonly photo: BlobId | null;
  /** Null where there is no photo, or none has been made: older versions had none. */
  readonly preview: StoredPreview | null;
};

/** What the bot answered: about a render, or plain words to a command. */
export type BotMessage =
  | { readonly kind: 'render'; readonly content: MessageContent }
  | { readonly kind: 'words'; readonly text: string }
  /** What was said cannot be read any more. */
  | { readonly kind: 'damaged' };

export type RoomMessage = {
  readonly id: string;
  /** Rises with every message and edit of any room: what a tab has missed is what came after the last it saw. */
  readonly version: number;
  readonly room: string;
  /** The message above, for those in its thread. */
  readonly thread: string | null;
  readonly said: PersonMessage | BotMessage;
  readonly createdAt: number;
};

export type NewRoomMessage = Pick<RoomMessage, 'room' | 'thread' | 'said'> & {
  /** The same key in the same room and thread again changes nothing and gives what was there. */
  readonly key: string | null;
};

/** The history of the local page's rooms; durable once a method returns. */
export interface RoomLog {
  append(message: NewRoomMessage): Promise<RoomMessage>;
  /** Undefined where the message is gone. */
  edit(id: string, said: RoomMessage['said']): Promise<RoomMessage | undefined>;
  /**
   * Gives every message with this photo that has no preview of it this one; null takes the photo out of them.
   * Returns the messages that have changed.
   */
  showPhoto(photo: BlobId, preview: StoredPreview | null): Promise<readonly RoomMessage[]>;
  /** With the thread under it. Gives what went. */
  remove(id: string): Promise<readonly RoomMessage[]>;
  get(id: string): Promise<RoomMessage | undefined>;
  find(
    where: { readonly room: string; readonly thread: string | null },
    key: string,
  ): Promise<RoomMessage | undefined>;
  /** The newest messages of a room, oldest first, each followed by its thread. */
  latest(room: string, options: { readonly limit: number }): Promise<readonly RoomMessage[]>;
  /** What somebody of that name said, in any room. */
  ofPerson(name: string): Promise<readonly RoomMessage[]>;
  /** What people said with that photo, in any room. */
  withPhoto(photo: BlobId): Promise<readonly RoomMessage[]>;
}
