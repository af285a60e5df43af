import type { RoomLog, RoomMessage } from '../../ports/room-log.ts';

/** Something that whoever looks at a room should see. */
export type RoomChange =
  | { readonly kind: 'said'; readonly message: RoomMessage }
  | { readonly kind: 'removed'; readonly id: string };

export type RoomListener = (change: RoomChange) => void;

/** The room log, and who watches it: every change is told once it is durable. */
export type LiveRooms = RoomLog & {
  /** How many listeners there are. */
  readonly watching: number;
  /** Tells of every change in a room until the returned function is called. */
  watch(room: string, listener: RoomListener): () => void;
};

export const createLiveRooms = (log: RoomLog): LiveRooms => {
  const listeners = new Map<string, Set<RoomListener>>();

  const tell = (room: string, change: RoomChange): void => {
    for (const listener of listeners.get(room) ?? []) listener(change);
  };

  return {
    get watching() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0);
    },
    async append(message) {
      const said = await log.append(message);
      tell(said.room, { kind: 'said', message: said });
      return said;
    },
    async edit(id, said) {
      const edited = await log.edit(id, said);
      if (edited) tell(edited.room, { kind: 'said', message: edited });
      return edited;
    },
    async showPhoto(photo, preview) {
      const edited = await log.showPhoto(photo, preview);
      for (const message of edited) tell(message.room, { kind: 'said', message });
      return edited;
    },
    async remove(id) {
      const removed = await log.remove(id);
      for (const message of removed) tell(message.room, { kind: 'removed', id: message.id });
      return removed;
    },
    get: (id) => log.get(id),
    find: (where, key) => log.find(where, key),
    latest: (room, options) => log.latest(room, options),
    ofPerson: (name) => log.ofPerson(name),
    withPhoto: (photo) => log.withPhoto(photo),
    watch(room, listener) {
      const watching = listeners.get(room) ?? new Set();
      listeners.set(room, watching.add(listener));
      return () => {
        watching.delete(listener);
        if (watching.size === 0) listeners.delete(room);
      };
    },
  };
};
