import { html } from 'hono/html';
import type { Clock } from '../../ports/clock.ts';
import type { RoomMessage } from '../../ports/room-log.ts';
import { entryId, messageArticle } from './html/message.ts';
import type { LiveRooms, RoomChange } from './live-rooms.ts';
import type { Owners } from './owners.ts';

/** Messages of a room that a page shows when it is opened, threads not counted. */
export const historyLimit = 60;

/** Proxies and browsers take a silent connection for a dead one. */
const heartbeatMs = 25_000;
/** After which a browser connects again. */
const retryMs = 2000;

type ServerSentEvent = {
  readonly event: string;
  /** Any text: each of its lines becomes one of the event's. */
  readonly data: string;
  readonly id?: string;
  readonly retryMs?: number;
};

/** An event as the stream carries it. Ids and names of events are ours and hold no line ends. */
const wireText = ({ event, data, id, retryMs }: ServerSentEvent): string =>
  [
    `event: ${event}`,
    ...data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
    '\n',
  ].join('\n');

/** How a message looks to whoever reads the stream. */
type Show = (message: RoomMessage) => Promise<string>;

const eventOf = async (change: RoomChange, show: Show): Promise<ServerSentEvent> =>
  change.kind === 'said'
    ? { event: 'message', id: String(change.message.version), data: await show(change.message) }
    : {
        event: 'message',
        data: String(await html`<li id="${entryId(change.id)}" hx-swap-oob="delete"></li>`),
      };

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

/** What somebody wants to hear of. */
type StreamRequest = { readonly room: string; readonly after: number; readonly person: string | null };

export type RoomEvents = {
  /**
   * A stream of server-sent events: what came after a version, then what comes. Nothing is watched or kept for a
   * response until its body is read: one that is thrown away (the answer to HEAD, say) leaves nothing behind.
   */
  open(
    room: string,
    options: {
      readonly after: number;
      /** Who looks; null where it is not known. */
      readonly person: string | null;
      readonly signal: AbortSignal;
    },
  ): Response;
  /** Ends every stream. */
  close(): Promise<void>;
};

/**
 * Tells pages what happens in their rooms. `message` is a message as HTML that replaces its older self or takes
 * itself away; `present` are the ids of all that is still there, for pages that were away.
 */
export const createRoomEvents = ({
  rooms,
  owners,
  clock,
  onError,
}: {
  readonly rooms: Pick<LiveRooms, 'latest' | 'watch'>;
  readonly owners: Owners;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): RoomEvents => {
  /** How to end each stream that is being read. */
  const streams = new Map<() => void, Promise<void>>();
  let isClosed = false;

  async function* catchUp(room: string, after: number, show: Show): AsyncGenerator<ServerSentEvent> {
    const latest = await rooms.latest(room, { limit: historyLimit });
    yield { event: 'present', data: JSON.stringify(latest.map(({ id }) => id)), retryMs };
    for (const message of latest)
      if (message.version > after) yield await eventOf({ kind: 'said', message }, show);
  }

  async function* follow(
    { room, after, person }: StreamRequest,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const backlog = createBacklog();
    const show: Show = async (message) => {
      const own = await owners.of(person, message);
      return String(await messageArticle(message, { update: true, own }));
    };
    signal.addEventListener('abort', () => backlog.wake());
    // Watched before the history is read, so that nothing falls between.
    const unwatch = rooms.watch(room, backlog.add);
    try {
      for await (const event of catchUp(room, after, show)) yield wireText(event);
      while (!signal.aborted) {
        for (const change of backlog.take()) yield wireText(await eventOf(change, show));
        const woken = signal.aborted || (await backlog.wait(clock, heartbeatMs));
        if (!woken) yield ':\n\n';
      }
    } finally {
      unwatch();
    }
  }

  /** @param request aborts where the client has gone */
  const begin = (asked: StreamRequest, request: AbortSignal) => {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const gone = new AbortController();
    const texts = follow(asked, gone.signal);
    const end = (): void => {
      if (gone.signal.aborted) return;
      gone.abort();
      request.removeEventListener('abort', end);
      streams.delete(end);
      void texts.return(undefined).catch(onError).finally(resolve);
    };
    request.addEventListener('abort', end);
    streams.set(end, over);
    return { texts, end, over };
  };

  return {
    open(room, { after, person, signal }) {
      const encoder = new TextEncoder();
      let stream: ReturnType<typeof begin> | undefined;
      let isCancelled = false;
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            if (isClosed || signal.aborted) return controller.close();
            stream ??= begin({ room, after, person }, signal);
            try {
              const { value, done } = await stream.texts.next();
              if (isCancelled) return;
              if (done) controller.close();
              else controller.enqueue(encoder.encode(value));
            } catch (error) {
              onError(error);
              stream.end();
              if (!isCancelled) controller.close();
            }
          },
          async cancel() {
            isCancelled = true;
            stream?.end();
            await stream?.over;
          },
        },
        // Nothing is asked for ahead of the reader.
        { highWaterMark: 0 },
      );
      return new Response(body, {
        headers: {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store',
          // For proxies that would hold back what comes bit by bit.
          'X-Accel-Buffering': 'no',
        },
      });
    },
    async close() {
      isClosed = true;
      const ending = [...streams];
      for (const [end] of ending) end();
      await Promise.all(ending.map(([, over]) => over));
    },
  };
};
