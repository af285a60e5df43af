import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { app, type State } from './state.ts';

export type Connection = {
  readonly id: string;
  readonly openedAt: number;
  /** Nothing is sent to it any more. */
  isLeaving: boolean;
  readonly socket: WebSocket;
};

type Ack = { readonly envelope_id?: string; readonly payload?: object };

const mostConnections = 10;

/** Socket Mode: up to ten connections, each event to one of them in turn. */
export const createSocketMode = (
  state: State,
  on: {
    readonly acknowledged: (envelope: string, payload: object) => void;
    /** Somebody listens who can be told what is still to be told. */
    readonly listening: () => void;
    /** What it was told and has not acknowledged is told to somebody else. */
    readonly closed: (connection: Connection) => void;
  },
) => {
  const server = new WebSocketServer({ noServer: true });
  const connections: Connection[] = [];
  const tickets = new Set<string>();
  let turn = 0;
  /** Connections that Slack counts although the app knows nothing of them any more. */
  let ghosts = 0;

  const send = ({ socket }: Connection, message: object): void => socket.send(JSON.stringify(message));

  const accept = (socket: WebSocket): void => {
    const connection: Connection = {
      id: randomUUID(),
      openedAt: state.clock.now(),
      isLeaving: false,
      socket,
    };
    connections.push(connection);
    socket.on('message', (data) => {
      const { envelope_id, payload = {} } = JSON.parse(String(data)) as Ack;
      if (envelope_id === undefined)
        state.violations.push(`an acknowledgement without envelope_id: ${String(data)}`);
      else on.acknowledged(envelope_id, payload);
      state.changed();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      connections.splice(connections.indexOf(connection), 1);
      on.closed(connection);
      state.changed();
    });
    send(connection, {
      ...{ type: 'hello', num_connections: connections.length + ghosts, connection_info: { app_id: app.id } },
      debug_info: { host: 'applink-1', build_number: 1, approximate_connection_time: 18_060 },
    });
    on.listening();
    state.changed();
  };

  return {
    connections: connections as readonly Connection[],
    /** A new connection's address: once. */
    open: (): string => {
      if (connections.length >= mostConnections)
        state.violations.push(`more than ${mostConnections} connections`);
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${state.origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${app.id}`;
    },
    upgrade: (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
      const ticket = new URL(request.url ?? '/', state.origin).searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) return void duplex.destroy();
      server.handleUpgrade(request, duplex, head, accept);
    },
    /** Who is told next; undefined where nobody listens. */
    pick: (): Connection | undefined => {
      const able = connections.filter(
        ({ isLeaving, socket }) => !isLeaving && socket.readyState === socket.OPEN,
      );
      turn += 1;
      return able[turn % Math.max(1, able.length)];
    },
    send,
    setGhosts: (count: number) => {
      ghosts = count;
    },
    /** Slack asks a connection to come anew; after that nothing is sent to it. */
    disconnect: (
      connection: Connection,
      reason: 'refresh_requested' | 'warning' | 'link_disabled' = 'refresh_requested',
    ): void => {
      connection.isLeaving = reason !== 'warning';
      send(connection, { type: 'disconnect', reason, debug_info: { host: 'applink-1' } });
    },
    /** The connection breaks without a word. */
    cut: ({ socket }: Connection): void => socket.terminate(),
    close: (): void => {
      for (const { socket } of connections) socket.terminate();
      server.close();
    },
  };
};

export type SocketMode = ReturnType<typeof createSocketMode>;
