import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { app, type State } from './state.ts';

export type Connection = {
  readonly socket: WebSocket /** Nothing is sent to it any more. */;
  isLeaving: boolean;
};

type Reason = 'refresh_requested' | 'warning' | 'link_disabled';

type Listener = {
  acknowledged(envelope: string, payload: object): void;
  /** Somebody listens who can be told what is still to be told. */
  listening(): void;
  /** What it was told and has not acknowledged is told to another one. */
  closed(connection: Connection): void;
};

/** Socket Mode: up to ten connections, each event to one of them in turn. */
export const createSocketMode = (state: State, on: Listener) => {
  const server = new WebSocketServer({ noServer: true });
  const connections: Connection[] = [];
  const tickets = new Set<string>();
  let [turn, ghosts] = [0, 0];
  const debug_info = { host: 'applink-1', build_number: 1, approximate_connection_time: 18_060 };
  const send = ({ socket }: Connection, message: object): void => socket.send(JSON.stringify(message));

  const accept = (socket: WebSocket): void => {
    const connection: Connection = { socket, isLeaving: false };
    connections.push(connection);
    socket.on('message', (data) => {
      const { envelope_id = '', payload = {} } = JSON.parse(String(data));
      on.acknowledged(envelope_id, payload);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      connections.splice(connections.indexOf(connection), 1);
      on.closed(connection);
      state.changed();
    });
    const num_connections = connections.length + ghosts;
    send(connection, { type: 'hello', num_connections, connection_info: { app_id: app.id }, debug_info });
    on.listening();
    state.changed();
  };

  return {
    connections: connections as readonly Connection[],
    send,
    /** A new connection's address: once. */
    open: (): string => {
      if (connections.length >= 10) state.violations.push('more than 10 connections');
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${state.origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${app.id}`;
    },
    upgrade: (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
      const { searchParams } = new URL(request.url ?? '/', state.origin);
      if (!tickets.delete(searchParams.get('ticket') ?? '')) duplex.destroy();
      else server.handleUpgrade(request, duplex, head, accept);
    },
    /** Who is told next; undefined where nobody listens. */
    pick: (): Connection | undefined => {
      const isOpen = ({ readyState, OPEN }: WebSocket) => readyState === OPEN;
      const able = connections.filter(({ isLeaving, socket }) => !isLeaving && isOpen(socket));
      return able[turn++ % Math.max(1, able.length)];
    },
    /** Connections that Slack counts although the app knows nothing of them any more. */
    setGhosts: (given: number): void => {
      ghosts = given;
    },
    /** Slack asks a connection to come anew, and sends nothing to it after that; a warning comes before. */
    disconnect: (connection: Connection, reason: Reason = 'refresh_requested'): void => {
      connection.isLeaving = reason !== 'warning';
      send(connection, { type: 'disconnect', reason, debug_info });
    },
    /** The connection breaks without a word. */
    cut: ({ socket }: Connection): void => socket.terminate(),
    close: (): void => {
      for (const { socket } of connections) socket.terminate();
      server.close();
    },
  };
};
