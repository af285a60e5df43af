import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { errnoOf } from '../domain/errno.ts';
import { GramzoomError } from '../domain/errors.ts';

/** Answers requests until it is closed. */
export type HttpServer = {
  /** The port that is listened on. */
  readonly port: number;
  /** Where programs on this machine reach it. */
  readonly url: string;
  /** Takes no more connections, lets answers in progress finish for a moment, and ends the rest. */
  close(): Promise<void>;
};

/** How long a client may take, in milliseconds. Streams of events last as long as they like. */
const usualPatience = {
  headersTimeout: 10_000,
  // For the whole request with its body: 25 MB over a poor line.
  requestTimeout: 120_000,
  connectionsCheckingInterval: 2_000,
};
export type Patience = typeof usualPatience;

const maxHeaderSize = 16_384;
const keepAliveTimeout = 10_000;

const maxConnections = 2_000;
/** Browsers wait for an answer before they ask again; each request that waits may hold a stream open. */
const maxUnanswered = 16;

/** Cuts off connections on which one request after the other is sent without an answer being taken. */
const limitPipelines = (server: Server): void => {
  const unanswered = new WeakMap<Socket, number>();
  server.prependListener('request', ({ socket }, response) => {
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (count > maxUnanswered) socket.destroy();
  });
};

/** A host as it stands in an address: where all of them are listened on, the machine's own one. */
const reachableHost = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

const addressProblems: Readonly<Record<string, 'in-use' | 'forbidden' | 'unknown-host'>> = {
  EADDRINUSE: 'in-use',
  EACCES: 'forbidden',
  EADDRNOTAVAIL: 'unknown-host',
  ENOTFOUND: 'unknown-host',
};

/**
 * Listens for HTTP on one address.
 * @param options.fetch answers each request; what it throws becomes a bare 500
 * @param options.lingerMs how long answers in progress may take once the server is closed
 * @throws GramzoomError `address-unavailable`
 */
export const listen = async (options: {
  readonly host: string;
  readonly port: number;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly onError: (error: unknown) => void;
  readonly lingerMs?: number;
  readonly patience?: Patience;
}): Promise<HttpServer> => {
  const { host, port, fetch, onError, lingerMs = 500, patience = usualPatience } = options;
  const server = createAdaptorServer({
    fetch: async (request, { incoming }) => {
      // Cut off while what came in one piece with this was read.
      if (incoming.socket.destroyed) return new Response(null, { status: 503 });
      try {
        return await fetch(request);
      } catch (error) {
        onError(error);
        return new Response('something went wrong inside\n', { status: 500 });
      }
    },
    serverOptions: { ...patience, maxHeaderSize, keepAliveTimeout },
  }) as Server;
  server.maxConnections = maxConnections;
  limitPipelines(server);
  const listening = Promise.withResolvers<void>();
  const refuse = (cause: unknown): void => {
    const problem = addressProblems[errnoOf(cause) ?? ''];
    const error = problem && new GramzoomError('address-unavailable', { host, port, problem }, { cause });
    listening.reject(error ?? cause);
  };
  server.once('error', refuse);
  server.listen({ host, port }, listening.resolve);
  await listening.promise;
  server.off('error', refuse);
  server.on('error', onError);
  const address = server.address();
  const listenedOn = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: listenedOn,
    url: `http://${reachableHost(host)}:${listenedOn}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), lingerMs);
      await closed;
      clearTimeout(timer);
    },
  };
};
