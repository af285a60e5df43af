import { DiscordAPIError, GatewayCloseCodes, GatewayIntentBits, REST, type RESTOptions } from 'discord.js';
import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { fetchGatewayInformation, type GatewayInformation } from './gateway-packet.ts';
import { createGatewayShard, type GatewayShard } from './gateway-shard.ts';
import { createIdentifyThrottler } from './identify-throttler.ts';
import { discordSetupWords } from './setup-words.ts';

/** Nothing of it is privileged. */
const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessageReactions,
].reduce((all, bit) => all | bit, 0);

const longestPauseMs = 300_000;
/** Discord's interval between heartbeats, and how many may be missed. */
const usualHeartbeatMs = 41_250;
const mostMissed = 3;
/** A start waits so long for the first answer; it keeps trying behind it. */
const patienceMs = 20_000;

const tokenRefused = (cause: unknown): GramzoomError =>
  new GramzoomError(
    'token-refused',
    { platform: 'Discord', key: 'DISCORD_TOKEN', advice: discordSetupWords.tokenAdvice },
    { cause },
  );

const unreachable = (reason: string): GramzoomError =>
  new GramzoomError('chat-unreachable', { platform: 'Discord', reason });

/** Why Discord will never let this bot in as it is; undefined where another try may help. */
const refusalOf = (code: number): GramzoomError | undefined => {
  if (code === GatewayCloseCodes.AuthenticationFailed) return tokenRefused(null);
  return code === GatewayCloseCodes.DisallowedIntents || code === GatewayCloseCodes.InvalidIntents
    ? new GramzoomError('setup-refused', { platform: 'Discord', advice: discordSetupWords.intentsAdvice })
    : undefined;
};

/** All shards of one login. */
type Connection = {
  readonly shards: readonly GatewayShard[];
  /** All of them are in. Rejects where one was closed for good before. */
  readonly entered: Promise<void>;
  close(): Promise<void>;
};

type GatewayDeps = {
  readonly token: string;
  readonly rest: Partial<RESTOptions>;
  readonly clock: Clock;
  readonly log: AppLog;
  /** Every event as Discord sent it, whatever was seen before. Must not throw. */
  readonly onEvent: (type: string, event: unknown) => void;
  /** This process hears nothing any more and should end: refused for good, or silent for too long. */
  readonly onEnd: (error: GramzoomError) => void;
  readonly heartbeatMs?: number;
};

/**
 * The connection to Discord: discord.js' shards, each of which resumes and reconnects by itself. There is one of
 * each at a time, whatever fails, and events are handed on as they come: discord.js' own structures have no part
 * in it, since what they throw about a packet nobody catches.
 */
export const createGateway = (deps: GatewayDeps) => {
  const { token, clock, log, heartbeatMs = usualHeartbeatMs } = deps;
  const leaving = new AbortController();
  const rest = new REST(deps.rest).setToken(token);
  const throttler = createIdentifyThrottler(clock, (ms) =>
    log.warn('gateway: a shard waits before it begins a new session', { seconds: Math.round(ms / 1000) }),
  );
  let current: Connection | null = null;
  let nextLook: Timer | undefined;

  const end = (error: GramzoomError): void => {
    if (!leaving.signal.aborted) deps.onEnd(error);
  };

  const connect = (information: GatewayInformation, onTrouble: () => void): Connection => {
    const entered = Promise.withResolvers<void>();
    let isIn = false;
    const shards = Array.from({ length: information.shards }, (_, id) =>
      createGatewayShard({
        ...{ id, token, intents, information, throttler, clock, log, onTrouble },
        onEvent: deps.onEvent,
        onConnected: () => {
          isIn ||= shards.every((shard) => shard.isConnected());
          if (isIn) entered.resolve();
        },
        onRefused: (code) => {
          const error = refusalOf(code) ?? unreachable(`the gateway closed with code ${code}`);
          // Until it is in, another number of shards may help.
          if (isIn) end(error);
          else entered.reject(error);
        },
      }),
    );
    for (const shard of shards) shard.open();
    return {
      shards,
      entered: entered.promise,
      close: async () => {
        entered.resolve();
        await Promise.all(shards.map((shard) => shard.close()));
      },
    };
  };

  /** One try. @throws GramzoomError where Discord refuses; whatever else a request throws */
  const logIn = async (onTrouble: () => void): Promise<void> => {
    const information = await fetchGatewayInformation(rest, leaving.signal).catch((error: unknown) => {
      throw error instanceof DiscordAPIError && error.status === 401 ? tokenRefused(error) : error;
    });
    leaving.signal.throwIfAborted();
    throttler.setLimit(information.session_start_limit);
    if (information.session_start_limit.remaining < information.shards)
      throw unreachable('no new sessions are left for today');
    const connection = connect(information, onTrouble);
    current = connection;
    try {
      await connection.entered;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };

  /**
   * Looks once per interval whether each shard's heartbeats are acknowledged, and ends the process where for three
   * intervals none was: the library has not got it going again by itself.
   */
  const watchHeartbeats = (): void => {
    const known = new Map<number, { mark: number; missed: number }>();
    const look = (): void => {
      for (const { id: shard, acknowledged } of current?.shards ?? []) {
        const before = known.get(shard);
        const mark = acknowledged();
        const missed = before?.mark === mark ? before.missed + 1 : 0;
        known.set(shard, { mark, missed });
        if (missed < mostMissed) continue;
        const seconds = Math.round((missed * heartbeatMs) / 1000);
        log.error('gateway: no heartbeat was acknowledged, this process ends', { shard, seconds });
        end(unreachable(`no heartbeat of shard ${shard} was acknowledged for ${seconds} s`));
        return;
      }
      nextLook = clock.after(heartbeatMs, look);
    };
    nextLook = clock.after(0, look);
  };

  const isHopeless = (error: unknown): boolean =>
    error instanceof GramzoomError && (error.code === 'token-refused' || error.code === 'setup-refused');

  /** Tries until it is in. @throws GramzoomError where that is hopeless */
  const logInAtLast = async (onFailure: () => void): Promise<void> => {
    await retryWithBackoff(() => logIn(onFailure), {
      ...{ clock, signal: leaving.signal, longestMs: longestPauseMs },
      isTransient: (error) => !isHopeless(error),
      onFailure: (error, waitMs) => {
        log.warn('discord: cannot be reached, trying again', { error, tryingAgainInMs: waitMs });
        onFailure();
      },
    });
    if (!leaving.signal.aborted) watchHeartbeats();
  };

  return {
    /**
     * Logs in. Where Discord cannot be reached it returns all the same, and keeps trying.
     * @param signal gives up waiting for the first answer
     * @throws GramzoomError `token-refused`, `setup-refused`; the signal's reason
     */
    start: async (signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted();
      const first = Promise.withResolvers<void>();
      let isStarting = true;
      const patience = clock.after(patienceMs, first.resolve);
      const giveUp = (): void => first.reject(signal?.reason);
      signal?.addEventListener('abort', giveUp, { once: true });
      logInAtLast(first.resolve).then(first.resolve, (error: unknown) => {
        if (leaving.signal.aborted) first.resolve();
        else if (isStarting) first.reject(error);
        else end(toGramzoomError(error));
      });
      try {
        await first.promise;
      } finally {
        isStarting = false;
        patience.cancel();
        signal?.removeEventListener('abort', giveUp);
      }
    },
    /** What is wrong, in a few words; null: all shards are connected. */
    health: () => (current?.shards.every((shard) => shard.isConnected()) ? null : 'Discord is not connected'),
    /** Milliseconds from a heartbeat to its acknowledgement; null before the first. */
    pingMs: () => {
      const pings = (current?.shards ?? []).map((shard) => shard.pingMs()).filter((ping) => ping >= 0);
      return pings.length === 0 ? null : pings.reduce((sum, ping) => sum + ping, 0) / pings.length;
    },
    close: async () => {
      leaving.abort();
      nextLook?.cancel();
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      await current?.close();
    },
  };
};

export type Gateway = ReturnType<typeof createGateway>;
