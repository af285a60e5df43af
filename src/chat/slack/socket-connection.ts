import { SocketModeClient } from '@slack/socket-mode';
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { optional } from '../shared/lenient.ts';
import type { SlackRequest } from './receiver.ts';
import { createSlackLogger } from './slack-logger.ts';

/** How long Slack may take to say hello. */
const helloMs = 20_000;
const requestMs = 10_000;
/** Of its heartbeats; the processors may be busy with a film. */
const pongMs = 12_000;
/** How long Slack may take to close its side. */
const leaveMs = 1_000;

const frame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), num_connections: optional(z.number()) }),
  z.object({ type: z.literal('disconnect') }),
  z.object({
    type: z.literal('events_api'),
    payload: z.object({ event: z.object({ type: z.string() }) }),
  }),
  z.object({ type: z.literal(['slash_commands', 'interactive']), payload: z.looseObject({}) }),
]);

const request = z.object({ body: z.record(z.string(), z.unknown()) });

type Acknowledge = (response?: object) => Promise<void>;

const readFrame = (data: unknown): z.output<typeof frame> | undefined => {
  try {
    return frame.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
};

/** One that Slack has said hello on. */
export type SocketConnection = {
  /** Resolves once it is closed, by whomever. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens one connection of Socket Mode; it never opens itself again: the library's own way waits for seconds before
 * that, and where Slack refuses then, nobody is told.
 * @param options.onHello with how many connections of the app Slack counts
 * @param options.signal gives up, also what is asked meanwhile
 * @throws what the library throws; GramzoomError `chat-unreachable` where nobody says hello, `cancelled`
 */
export const openSocketConnection = async ({
  appToken,
  apiUrl,
  onRequest,
  onHello,
  clock,
  log,
  signal,
}: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly onRequest: (request: SlackRequest) => void;
  readonly onHello: (connections: number) => void;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly signal: AbortSignal;
}): Promise<SocketConnection> => {
  const leaving = new AbortController();
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: pongMs,
    logger: createSlackLogger(log, { clock, tells: /\bp[io]ng\b|handshake/ }),
    clientOptions: {
      ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
      // Trying again is our own affair, so that it ends when we do.
      ...{ retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: requestMs },
      fetch: (url, init) => {
        const signals = [leaving.signal, ...(init?.signal ? [init.signal] : [])];
        return fetch(url, { ...init, signal: AbortSignal.any(signals) });
      },
    },
  });
  const closed = Promise.withResolvers<void>();
  let reason = 'the connection was closed';
  client.on('error', (error: unknown) => {
    if (error instanceof Error) reason = error.message;
  });
  client.once('disconnected', () => closed.resolve());

  // What the library cannot read it throws where nobody hears it.
  const handle = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    const read = readFrame(data);
    if (!read) {
      log.warn('slack: a message of a connection cannot be read');
      return;
    }
    if (read.type === 'hello' && read.num_connections !== undefined) onHello(read.num_connections);
    for (const each of handle) each(data, isBinary);
  });
  client.on('slack_event', ({ ack, ...event }: { readonly ack: Acknowledge }) => {
    const { data } = request.safeParse(event);
    if (data) onRequest({ body: data.body, acknowledge: ack });
  });

  const close = async (): Promise<void> => {
    leaving.abort();
    const left = client.disconnect();
    // The second time it does not wait for the other side.
    const timer = clock.after(leaveMs, () => void client.disconnect());
    await left;
    timer.cancel();
  };

  const silent = Promise.withResolvers<never>();
  const timer = clock.after(helloMs, () =>
    silent.reject(new GramzoomError('chat-unreachable', { platform: 'Slack', reason: 'nobody says hello' })),
  );
  const giveUp = (): void => silent.reject(new GramzoomError('cancelled', {}, { cause: signal.reason }));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const lost = closed.promise.then((): never => {
    throw new GramzoomError('chat-unreachable', { platform: 'Slack', reason });
  });
  const started = client.start();
  try {
    await Promise.race([started, lost, silent.promise]);
  } catch (error) {
    started.catch(() => {});
    await close();
    throw error;
  } finally {
    lost.catch(() => {});
    timer.cancel();
    signal.removeEventListener('abort', giveUp);
  }
  return { closed: closed.promise, close };
};
