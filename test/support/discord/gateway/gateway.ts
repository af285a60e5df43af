import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  PermissionFlagsBits as Bit,
  GatewayCloseCodes as Close,
  GatewayOpcodes as Op,
} from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Core, Happening } from '../state/core.ts';
import { may } from '../state/permissions.ts';
import { beginSession, type Identify, identifyRefusal, type Resume, resumeSession } from './handshake.ts';
import { type HandshakeAnswer, refuseHandshake } from './handshakes.ts';
import { intentOf } from './intents.ts';
import { dispatch, isForShard, type Session, sendJson } from './session.ts';

export type GatewayOptions = {
  readonly shards: number;
  readonly maxConcurrency: number;
  readonly heartbeatMs: number;
  /** Most guilds that one shard may serve, as 2500 on Discord. */
  readonly mostGuildsPerShard: number;
};

/** What happened at the gateway, for tests to look at. */
export type GatewayRecord = {
  readonly at: number;
  readonly kind: 'connect' | 'identify' | 'resume' | 'heartbeat' | 'close';
  readonly path?: string;
  readonly shard?: number;
  readonly code?: number;
  /** Of a resume: the events that were sent again. */
  readonly replayed?: readonly string[];
};

type Payload = { readonly op: number; readonly d?: unknown };

/** The gateway: sessions, heartbeats, and who is told what. */
export const createGateway = (
  core: Core,
  { shards, maxConcurrency, heartbeatMs, mostGuildsPerShard }: GatewayOptions,
) => {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const sockets = new Set<WebSocket>();
  const connections = new Set<Duplex>();
  const records: GatewayRecord[] = [];
  const refusals: number[] = [];
  const doubled: string[] = [];
  let identifies = 0;
  let isDown = false;
  let handshakes = 0;
  let ignored = 0;
  let answer: HandshakeAnswer = 'usual';
  let origin = '';

  const record = (entry: Omit<GatewayRecord, 'at'>): void => {
    records.push({ at: core.clock.now(), ...entry });
    core.changed();
  };

  const identify = (socket: WebSocket, request: Identify): Session | null => {
    if (ignored > 0) {
      ignored -= 1;
      record({ kind: 'identify', shard: request.shard?.[0] ?? 0 });
      return null;
    }
    const refused = refusals.shift() ?? identifyRefusal(core, request, { mostGuildsPerShard });
    identifies += 1;
    record({ kind: 'identify', shard: request.shard?.[0] ?? 0, ...(refused !== null && { code: refused }) });
    if (refused !== null) {
      socket.close(refused);
      return null;
    }
    const session = beginSession(core, socket, { request, resumeUrl: `${origin}/resume` });
    sessions.set(session.id, session);
    core.changed();
    return session;
  };

  const resume = (socket: WebSocket, request: Resume): Session | null => {
    const session = sessions.get(request.session_id);
    const replayed = resumeSession(core, socket, { session, request });
    if (!session || !replayed) return null;
    record({ kind: 'resume', shard: session.shard[0], replayed });
    return session;
  };

  const onConnection = (socket: WebSocket, path: string): void => {
    let session: Session | null = null;
    sockets.add(socket);
    record({ kind: 'connect', path });
    if (answer === 'close-at-once') socket.close(1011);
    else if (answer !== 'no-hello')
      sendJson(socket, { op: Op.Hello, d: { heartbeat_interval: heartbeatMs } });
    socket.on('message', (data) => {
      const { op, d } = JSON.parse(String(data)) as Payload;
      if (op === Op.Heartbeat) {
        record({ kind: 'heartbeat', ...(session && { shard: session.shard[0] }) });
        sendJson(socket, { op: Op.HeartbeatAck });
      } else if (op === Op.Identify) session = identify(socket, d as Identify);
      else if (op === Op.Resume) session = resume(socket, d as Resume);
      else if (!session) socket.close(Close.NotAuthenticated);
    });
    socket.on('close', (code) => {
      sockets.delete(socket);
      if (session?.socket === socket) {
        session.socket = null;
        session.lostAt = core.clock.now();
        // A client that says good-bye in order gives its session up.
        if (code === 1000 || code === 1001) sessions.delete(session.id);
      }
      record({ kind: 'close', code, ...(session && { shard: session.shard[0] }) });
    });
  };

  const isVisible = (channelId: string | null): boolean => {
    const channel = channelId === null ? undefined : core.channels.get(channelId);
    return !channel || may(core, channel, core.application.id, Bit.ViewChannel);
  };

  core.onPublish((happening: Happening) => {
    const needed = intentOf(happening);
    const twice = doubled.indexOf(happening.t);
    if (twice >= 0) doubled.splice(twice, 1);
    if (!isVisible(happening.channelId)) return;
    // Of guilds it is no member of, a bot hears nothing but interactions.
    const guild = happening.guildId === null ? undefined : core.guilds.get(happening.guildId);
    const isOutside = guild && !guild.members.has(core.application.id);
    if (isOutside && happening.t !== 'INTERACTION_CREATE') return;
    for (const session of sessions.values()) {
      if (!isForShard(session, happening)) continue;
      if (needed !== 0 && (session.intents & needed) === 0) continue;
      const d = happening.d({ intents: session.intents });
      dispatch(session, happening.t, d);
      if (twice >= 0) dispatch(session, happening.t, d);
    }
  });

  const chosen = (shard: number | undefined): readonly Session[] =>
    [...sessions.values()].filter((session) => shard === undefined || session.shard[0] === shard);

  return {
    records,
    /** Sessions that have a socket now. */
    get connected(): number {
      return chosen(undefined).filter(({ socket }) => socket).length;
    },
    /** Sessions that are alive, connected or not. */
    get sessions(): number {
      return sessions.size;
    },
    /** Connections that were asked for, whatever became of them. */
    get handshakes(): number {
      return handshakes;
    },
    /** Connections that are open now, in whatever state. */
    get connections(): number {
      return connections.size;
    },
    /** How handshakes are answered from now on. */
    answerHandshakes: (to: HandshakeAnswer): void => {
      answer = to;
    },
    listenOn: (url: string): void => {
      origin = url;
    },
    address: () => ({
      url: `${origin}/gateway`,
      shards,
      session_start_limit: {
        total: 1000,
        remaining: Math.max(0, 1000 - identifies),
        reset_after: 86_400_000,
        max_concurrency: maxConcurrency,
      },
    }),
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      handshakes += 1;
      connections.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        connections.delete(socket);
        core.changed();
      });
      core.changed();
      if (typeof answer === 'object') {
        refuseHandshake(socket, answer);
        return;
      }
      if (answer === 'hang') {
        // Unread, its end would go unnoticed.
        socket.on('end', () => socket.destroy()).resume();
        return;
      }
      if (isDown) {
        socket.destroy();
        core.changed();
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => {
        onConnection(opened, new URL(request.url ?? '/', 'http://localhost').pathname);
      });
    },
    /** Breaks connections, as a lost network does, or closes them with a code. */
    drop: ({ shard, code }: { readonly shard?: number; readonly code?: number } = {}): void => {
      for (const { socket } of chosen(shard)) {
        if (code === undefined) socket?.terminate();
        else socket?.close(code);
      }
    },
    /** Lets nobody in until it is up again; what happens meanwhile is kept for those who resume. */
    down: (): void => {
      isDown = true;
      for (const socket of sockets) socket.terminate();
    },
    up: (): void => {
      isDown = false;
    },
    /** Forgets sessions, so that the next RESUME is refused. */
    forgetSessions: (): void => sessions.clear(),
    /** The next IDENTIFY is closed with this code. */
    refuseIdentify: (code: number): void => void refusals.push(code),
    /** So many IDENTIFYs from now on are answered by nothing. */
    ignoreIdentifies: (times: number): void => {
      ignored = times;
    },
    askForHeartbeat: (): void => {
      for (const { socket } of chosen(undefined)) sendJson(socket, { op: Op.Heartbeat, d: null });
    },
    /** Sends something as it is, whether or not Discord would: to every session, or on its connections. */
    sendRaw: (
      packet: { readonly t: string; readonly d: unknown } | { readonly op: number; readonly d: unknown },
    ) => {
      for (const session of sessions.values()) {
        if ('t' in packet) dispatch(session, packet.t, packet.d);
        else sendJson(session.socket, packet);
      }
    },
    /** The next event of this name is sent twice. */
    sendTwice: (t: Happening['t']): void => void doubled.push(t),
    close: (): void => {
      for (const socket of connections) socket.destroy();
      server.close();
    },
  };
};

export type Gateway = ReturnType<typeof createGateway>;
