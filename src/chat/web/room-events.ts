import { html } from 'hono/html';
import { type SSEMessage, SSEStreamingApi } from 'hono/streaming';
import type { Clock } from '../../ports/clock.ts';
import type { RoomMessage } from '../../ports/room-log.ts';
import { entryId, messageArticle } from './html/message.ts';
import type { LiveRooms, RoomChange } from './live-rooms.ts';

/** Messages of a room that a page shows when it is opened, threads not counted. */
export const historyLimit = 60;

/** Proxies and browsers take a silent connection for a dead one. */
const heartbeatMs = 25_000;
/** After which a browser connects again. */
const retryMs = 2000;

const saidEvent = async (message: RoomMessage): Promise<SSEMessage> => ({
  event: 'message',
  id: String(message.version),
  data: String(await messageArticle(message, { update: true })),
});

const removedEvent = async (id: string): Promise<SSEMessage> => ({
  event: 'message',
  data: String(await html`<li id="${entryId(id)}" hx-swap-oob="delete"></li>`),
});

const eventOf = (change: RoomChange): Promise<SSEMessage> =>
  change.kind === 'said' ? saidEvent(change.message) : removedEvent(change.id);

/** What one page has not been sent yet: the newest of each message, so that a slow reader costs no more. */
const createBacklog = () => {
  const changes = new Map<string, RoomChange>();
  let wake = (): void => {};
  return {
    wake: (): void => wake(),
    add(change: RoomChange): void {
      const id = change.kind === 'said' ? change.message.id : change.id;
      changes.delete(id);
      changes.set(id, change);
      wake();
    },
    take(): readonly RoomChange[] {
      const taken = [...changes.values()];
      changes.clear();
      return taken;
    },
    /** Until something is added or `wake` is called; false where the time is over before. */
    async wait(clock: Clock, ms: number): Promise<boolean> {
      if (changes.size > 0) return true;
      return new Promise<boolean>((resolve) => {
        const timer = clock.after(ms, () => resolve(false));
        wake = () => {
          timer.cancel();
          resolve(true);
        };
      });
    },
  };
};

export type RoomEvents = {
  /** A stream of server-sent events: what came after a version, then what comes. */
  open(room: string, options: { readonly after: number; readonly signal: AbortSignal }): Response;
  /** Ends every stream. */
  close(): Promise<void>;
};

/**
 * Tells pages what happens in their rooms. `message` is a message as HTML that replaces its older self or takes
 * itself away; `present` are the ids of all that is still there, for pages that were away.
 */
export const createRoomEvents = ({
  rooms,
  clock,
  onError,
}: {
  readonly rooms: LiveRooms;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): RoomEvents => {
  const streams = new Set<{ readonly end: () => void; readonly ended: Promise<void> }>();

  const catchUp = async (stream: SSEStreamingApi, room: string, after: number): Promise<void> => {
    const latest = await rooms.latest(room, { limit: historyLimit });
    const ids = latest.map(({ id }) => id);
    await stream.writeSSE({ event: 'present', data: JSON.stringify(ids), retry: retryMs });
    for (const message of latest) {
      if (message.version > after) await stream.writeSSE(await saidEvent(message));
    }
  };

  return {
    open(room, { after, signal }) {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const stream = new SSEStreamingApi(writable, readable);
      const backlog = createBacklog();
      let open = true;
      const end = (): void => {
        open = false;
        backlog.wake();
        stream.abort();
      };
      stream.onAbort(end);
      signal.addEventListener('abort', end);

      const run = async (): Promise<void> => {
        // Watched before the history is read, so that nothing falls between.
        const unwatch = rooms.watch(room, backlog.add);
        try {
          await catchUp(stream, room, after);
          while (open) {
            for (const change of backlog.take()) await stream.writeSSE(await eventOf(change));
            const woken = open && (await backlog.wait(clock, heartbeatMs));
            if (open && !woken) await stream.write(':\n\n');
          }
        } catch (error) {
          onError(error);
        } finally {
          unwatch();
          signal.removeEventListener('abort', end);
          await stream.close();
        }
      };
      const ended = run();
      const entry = { end, ended };
      streams.add(entry);
      void ended.then(() => streams.delete(entry));
      return new Response(stream.responseReadable, {
        headers: {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store',
          // For proxies that would hold back what comes bit by bit.
          'X-Accel-Buffering': 'no',
        },
      });
    },
    async close() {
      const ending = [...streams];
      for (const { end } of ending) end();
      await Promise.all(ending.map(({ ended }) => ended));
    },
  };
};
