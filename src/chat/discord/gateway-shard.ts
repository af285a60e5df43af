/**
 * One connection to Discord's gateway. Long because everything in it works on one object of the library, whose methods
 * are wrapped here and nowhere else.
 */
// biome-ignore-all lint/complexity/useLiteralKeys: only so do the library's private members keep their names checked
import {
  CloseCodes,
  DefaultWebSocketManagerOptions,
  type SessionInfo,
  WebSocketShard,
  WebSocketShardDestroyRecovery,
  WebSocketShardEvents,
  WebSocketShardStatus,
} from '@discordjs/ws';
import { GatewayCloseCodes } from 'discord.js';
import { backoffMs } from '../../concurrency/backoff.ts';
import { pause } from '../../concurrency/pause.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import { type GatewayInformation, isGatewayAddress, readPacket } from './gateway-packet.ts';
import type { IdentifyThrottler } from './identify-throttler.ts';

/** For each step of a login: the handshake with HELLO, and what follows IDENTIFY or RESUME. */
const stepMs = 20_000;
/** Before a connection that broke is resumed; after failed tries ever longer. */
const shortestPauseMs = 500;
/** A good-bye that nobody answers. */
const leaveMs = 3_000;

/** After these Discord lets nobody in again who says the same. */
const hopelessCodes: ReadonlySet<number> = new Set([
  GatewayCloseCodes.AuthenticationFailed,
  GatewayCloseCodes.InvalidShard,
  GatewayCloseCodes.ShardingRequired,
  GatewayCloseCodes.InvalidAPIVersion,
  GatewayCloseCodes.InvalidIntents,
  GatewayCloseCodes.DisallowedIntents,
]);

type GatewayShardDeps = {
  readonly id: number;
  readonly token: string;
  readonly intents: number;
  readonly information: GatewayInformation;
  readonly throttler: Pick<IdentifyThrottler, 'waitForIdentify'>;
  readonly clock: Clock;
  readonly log: AppLog;
  /** Every event as Discord sent it. Must not throw. */
  readonly onEvent: (type: string, event: unknown) => void;
  /** It is in; told again after each new connection. */
  readonly onConnected: () => void;
  /** A try to connect came to nothing; it keeps trying. */
  readonly onTrouble: () => void;
  /** It was closed for good, with one of Discord's codes. */
  readonly onRefused: (code: number) => void;
};

/**
 * A shard of discord.js that resumes and reconnects by itself, with what it lacks: it can be ended in any state, a
 * step that takes too long is begun anew, tries become more seldom, and nothing that is received ends the process.
 * For that some of the library's own methods are wrapped here, and nowhere else.
 */
export const createGatewayShard = (deps: GatewayShardDeps) => {
  const { id, clock, log, information } = deps;
  const lineLimit = createLineLimit(clock);
  const leaving = new AbortController();
  let session: SessionInfo | null = null;
  let isConnected = false;
  let opening: Promise<void> = Promise.resolve();
  let failures = 0;
  let acknowledged = -1;
  let pingMs = -1;
  let deadline: Timer | null = null;

  const expectWithin = (ms: number | null): void => {
    deadline?.cancel();
    deadline =
      ms === null || leaving.signal.aborted
        ? null
        : clock.after(ms, () => {
            log.warn('gateway: a shard got no answer', { shard: id, seconds: ms / 1000 });
            shard['connection']?.terminate();
          });
  };

  const shard = new WebSocketShard(
    {
      options: {
        ...DefaultWebSocketManagerOptions,
        token: deps.token,
        intents: deps.intents,
        gatewayInformation: information,
        shardCount: information.shards,
        // Deadlines are kept here, by the clock, and end the socket at once.
        handshakeTimeout: null,
        helloTimeout: null,
        readyTimeout: null,
      },
      retrieveSessionInfo: () => session,
      updateSessionInfo: (_, info) => {
        if (info && !Number.isSafeInteger(info.sequence)) return;
        // An address that is not one counts as missing.
        const resumeURL = isGatewayAddress(info?.resumeURL) ? info.resumeURL : information.url;
        session = info && { ...info, resumeURL };
      },
      waitForIdentify: async (_, signal) => {
        await deps.throttler.waitForIdentify(id, signal);
        expectWithin(stepMs);
      },
    },
    id,
  );

  const inner = {
    internalConnect: shard['internalConnect'].bind(shard),
    onMessage: shard['onMessage'].bind(shard),
    unpackMessage: shard['unpackMessage'].bind(shard),
    heartbeat: shard['heartbeat'].bind(shard),
    destroy: shard.destroy.bind(shard),
  };

  const tryToConnect = async (pauseMs: number): Promise<void> => {
    if (leaving.signal.aborted) return;
    isConnected = false;
    try {
      if (pauseMs > 0) await pause(clock, pauseMs, leaving);
      if (shard.status !== WebSocketShardStatus.Idle) return;
      // Where the address of the session leads nowhere, the usual one takes sessions up, too.
      if (session && failures > 0) session = { ...session, resumeURL: information.url };
      failures += 1;
      expectWithin(stepMs);
      // Ends when the session has begun; what is thrown on the way is followed by the close of the socket.
      void inner.internalConnect().catch((error: unknown) => {
        if (!leaving.signal.aborted) log.warn('gateway: a shard failed to connect', { shard: id, error });
      });
      // It has its socket after a few microtasks.
      await new Promise((resolve) => setImmediate(resolve));
      // The library takes its own listener away before the socket is gone, and an error without one is fatal.
      shard['connection']?.on('error', () => {});
    } catch (error) {
      if (!leaving.signal.aborted) log.warn('gateway: a shard failed to connect', { shard: id, error });
    }
  };

  /** One after another: a connection may break while it is being opened, and the library tells some things twice. */
  const connect = (pauseMs: number): Promise<void> => {
    opening = opening.then(() => tryToConnect(pauseMs));
    return opening;
  };

  shard['internalConnect'] = () => connect(0);
  shard['unpackMessage'] = async (data: unknown, isBinary: boolean) => {
    const { packet, problem } = readPacket(await inner.unpackMessage(data, isBinary));
    const others = problem === null ? null : lineLimit(problem);
    if (others !== null) {
      const more = others > 0 && { others };
      log.warn('gateway: a packet cannot be read', { shard: id, problem, ...more });
    }
    // Without its interval a connection is of no use.
    if (problem === 'hello') shard['connection']?.terminate();
    return packet;
  };
  shard['onMessage'] = async (data: unknown, isBinary: boolean) => {
    if (leaving.signal.aborted) return;
    try {
      await inner.onMessage(data, isBinary);
    } catch (error) {
      log.error('gateway: failed to handle a packet', { shard: id, error });
    }
    if (leaving.signal.aborted) clearInterval(shard['heartbeatInterval'] ?? undefined);
  };
  shard['heartbeat'] = async (isRequested?: boolean) => {
    if (leaving.signal.aborted) return;
    try {
      await inner.heartbeat(isRequested);
    } catch (error) {
      log.warn('gateway: failed to send a heartbeat', { shard: id, error });
    }
  };
  shard.destroy = async ({ recover, ...options } = {}) => {
    if (shard.status === WebSocketShardStatus.Idle) return;
    const resumes = recover === WebSocketShardDestroyRecovery.Resume;
    const kept = session;
    try {
      await inner.destroy({
        ...options,
        code: options.code ?? (resumes ? CloseCodes.Resuming : CloseCodes.Normal),
      });
    } catch (error) {
      log.warn('gateway: failed to close a connection', { shard: id, error });
    }
    if (recover === undefined) return;
    // The library would forget it; its own pause runs on after the end.
    if (resumes) session = kept;
    await connect(failures === 0 ? shortestPauseMs : backoffMs(failures));
  };

  const connected = (): void => {
    expectWithin(null);
    isConnected = true;
    failures = 0;
    deps.onConnected();
  };
  shard.on(WebSocketShardEvents.Hello, () => expectWithin(session ? stepMs : null));
  shard.on(WebSocketShardEvents.Ready, connected);
  shard.on(WebSocketShardEvents.Resumed, () => {
    log.info('gateway: a shard resumed its session', { shard: id });
    connected();
  });
  shard.on(WebSocketShardEvents.HeartbeatComplete, ({ heartbeatAt, latency }) => {
    acknowledged = heartbeatAt;
    pingMs = latency;
  });
  shard.on(WebSocketShardEvents.Dispatch, ({ data }) => {
    // Events that were missed come before the word that the session is resumed.
    if (!isConnected && deadline) expectWithin(stepMs);
    if (!leaving.signal.aborted) deps.onEvent(data.t, data.d);
  });
  shard.on(WebSocketShardEvents.Error, ({ error }) => {
    if (!leaving.signal.aborted) log.warn('gateway: the connection of a shard failed', { shard: id, error });
  });
  shard.on(WebSocketShardEvents.Closed, ({ code }) => {
    expectWithin(null);
    const wasConnected = isConnected;
    isConnected = false;
    if (leaving.signal.aborted) return;
    if (hopelessCodes.has(code)) {
      deps.onRefused(code);
      return;
    }
    log.info('gateway: a shard reconnects', { shard: id, code });
    if (!wasConnected) deps.onTrouble();
  });

  const end = (): void => {
    expectWithin(null);
    const connection = shard['connection'];
    if (connection) {
      connection.onmessage = null;
      connection.onclose = null;
      connection.on('error', () => {});
      connection.terminate();
    }
    clearInterval(shard['heartbeatInterval'] ?? undefined);
    shard['initialHeartbeatTimeoutController']?.abort();
    // Whoever waits for this connection waits no more.
    shard.emit(WebSocketShardEvents.Closed, { code: CloseCodes.Normal });
  };

  return {
    id,
    open: () => {
      // What it rejects with came as an event, too, and it keeps trying.
      void shard.connect().catch(() => {});
    },
    isConnected: () => isConnected,
    /** When the last heartbeat that was acknowledged was sent; -1 before the first. */
    acknowledged: () => acknowledged,
    /** Milliseconds from a heartbeat to its acknowledgement; -1 before the first. */
    pingMs: () => pingMs,
    /** Says good-bye where that is possible. After it there is no socket, no timer and no event. */
    close: async () => {
      leaving.abort();
      // A socket that is just being made.
      await opening;
      const connection = shard['connection'];
      if (connection && connection.readyState === connection.OPEN) {
        // The library would resume what it waits for.
        shard['timeoutAbortControllers'].clear();
        const left = Promise.withResolvers<void>();
        const timer = clock.after(leaveMs, left.resolve);
        void shard.destroy({ code: CloseCodes.Normal, reason: 'the bot leaves' }).then(left.resolve);
        await left.promise;
        timer.cancel();
      }
      end();
    },
  };
};

export type GatewayShard = ReturnType<typeof createGatewayShard>;
