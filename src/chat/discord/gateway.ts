import {
  Client,
  type ClientOptions,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  type GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
  Status,
} from 'discord.js';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { pause } from '../../ports/pause.ts';
import { watchHeartbeats } from './heartbeat-watch.ts';
import { createIdentifyThrottler } from './identify-throttler.ts';

/** Nothing of it is privileged. */
const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessageReactions,
];

type Cached = { readonly id: string; readonly client: Client };
const onlyItself = { maxSize: 0, keepOverLimit: ({ id, client }: Cached) => id === client.user?.id };

/** Of servers, channels, roles and threads alone: permissions follow from them. Memory stays level. */
const makeCache = Options.cacheWithLimits({
  ApplicationCommandManager: 0,
  AutoModerationRuleManager: 0,
  BaseGuildEmojiManager: 0,
  DMMessageManager: 0,
  EntitlementManager: 0,
  GuildBanManager: 0,
  GuildEmojiManager: 0,
  GuildInviteManager: 0,
  GuildMemberManager: onlyItself,
  GuildMessageManager: 0,
  GuildScheduledEventManager: 0,
  GuildStickerManager: 0,
  MessageManager: 0,
  PresenceManager: 0,
  ReactionManager: 0,
  ReactionUserManager: 0,
  StageInstanceManager: 0,
  ThreadMemberManager: 0,
  UserManager: onlyItself,
  VoiceStateManager: 0,
});

const archivedThreads = { interval: 3_600, lifetime: 3_600 };

const longestPauseMs = 300_000;
/** A start waits so long for the first answer; it goes on trying behind it. */
const patienceMs = 20_000;
/** Leaving hangs where the library is in the midst of a handshake. */
const leaveMs = 3_000;

/** Why Discord will never let this bot in as it is; undefined where another try may help. */
const refusalOf = (thrown: unknown, closed: number | null): GramzoomError | undefined => {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === DiscordjsErrorCodes.TokenInvalid || closed === GatewayCloseCodes.AuthenticationFailed) {
    const data = { platform: 'Discord', key: 'DISCORD_TOKEN' };
    return new GramzoomError('token-refused', data, { cause: thrown });
  }
  return closed === GatewayCloseCodes.DisallowedIntents || closed === GatewayCloseCodes.InvalidIntents
    ? new GramzoomError('intents-refused', { platform: 'Discord' }, { cause: thrown })
    : undefined;
};

const unreachable = (reason: string): GramzoomError =>
  new GramzoomError('chat-unreachable', { platform: 'Discord', reason });

export type GatewayDeps = {
  readonly token: string;
  readonly rest: NonNullable<ClientOptions['rest']>;
  readonly clock: Clock;
  readonly log: AppLog;
  /** What is heard, by the event's name: as Discord sent it, whatever was seen before. Must not throw. */
  readonly events: Readonly<Partial<Record<GatewayDispatchEvents, (event: unknown) => void>>>;
  /** This process hears nothing any more and should end: refused for good, or silent for too long. */
  readonly onEnd: (error: GramzoomError) => void;
  readonly heartbeatMs?: number;
};

export type Gateway = {
  /**
   * Logs in. Where Discord cannot be reached it returns all the same, and goes on trying.
   * @param signal gives up waiting for the first answer
   * @throws GramzoomError `token-refused`, `intents-refused`; the signal's reason
   */
  start(signal?: AbortSignal): Promise<void>;
  /** The connected client, for what it knows of servers; null before the first login. */
  client(): Client<true> | null;
  /** What is wrong, in a few words; null: all shards are connected. */
  health(): string | null;
  /** Milliseconds from a heartbeat to its acknowledgement; null before the first. */
  pingMs(): number | null;
  close(): Promise<void>;
};

/**
 * The connection to Discord: discord.js, with shards of its own. It resumes and reconnects by itself; events are
 * read as they come, so that nothing depends on what it remembers: partials have no part in that.
 */
export const createGateway = (deps: GatewayDeps): Gateway => {
  const { token, clock, log } = deps;
  const leaving = new AbortController();
  const throttler = createIdentifyThrottler(clock, (ms) =>
    log.warn('a shard waits before it begins a new session', { seconds: Math.round(ms / 1000) }),
  );
  let current: Client | null = null;
  let isIn = false;
  let stopWatch = (): void => {};

  const end = (error: GramzoomError): void => {
    if (!leaving.signal.aborted) deps.onEnd(error);
  };

  const open = (onClosed: (code: number) => void): Client => {
    const client = new Client({
      intents,
      makeCache,
      sweepers: { ...Options.DefaultSweeperSettings, threads: archivedThreads },
      allowedMentions: { parse: [] },
      rest: deps.rest,
      shards: 'auto',
      ws: {
        buildIdentifyThrottler: async (manager) => {
          const { session_start_limit: limit } = await manager.fetchGatewayInformation();
          throttler.setLimit({
            maxConcurrency: limit.max_concurrency,
            remaining: limit.remaining,
            resetAfterMs: limit.reset_after,
          });
          return throttler;
        },
      },
    });
    client.on(Events.Error, (error) => log.warn('the Discord client met an error', { error }));
    client.on(Events.ShardError, (error, shard) => log.warn("a shard's connection failed", { shard, error }));
    client.on(Events.ShardReconnecting, (shard) => log.info('a shard connects again', { shard }));
    client.on(Events.ShardResume, (shard, replayed) => log.info('a shard has resumed', { shard, replayed }));
    client.on(Events.ShardDisconnect, ({ code }) => onClosed(code));
    for (const [name, listener] of Object.entries(deps.events)) {
      client.ws.on(name as GatewayDispatchEvents, listener);
    }
    return client;
  };

  /** One try. @throws whatever the library throws */
  const logIn = async (): Promise<void> => {
    let closed: number | null = null;
    const client = open((code) => {
      closed = code;
      // While it logs in, the library says so itself.
      if (isIn && client === current) {
        end(refusalOf(null, code) ?? unreachable(`the gateway closed with code ${code}`));
      }
    });
    current = client;
    try {
      await client.login(token);
    } catch (error) {
      throw refusalOf(error, closed) ?? error;
    }
    isIn = true;
  };

  const watch = (): void => {
    stopWatch = watchHeartbeats({
      clock,
      acknowledged: () =>
        new Map(current?.ws.shards.map((shard) => [shard.id, shard.lastPingTimestamp] as const) ?? []),
      onSilence: (shard, silentMs) => {
        const seconds = Math.round(silentMs / 1000);
        log.error('no heartbeat was acknowledged: this process ends', { shard, seconds });
        end(unreachable(`no heartbeat of shard ${shard} was acknowledged for ${seconds} s`));
      },
      ...(deps.heartbeatMs !== undefined && { intervalMs: deps.heartbeatMs }),
    });
  };

  /** Tries until it is in. @throws GramzoomError where that is hopeless */
  const logInAtLast = async (onFailure: () => void): Promise<void> => {
    for (let failures = 0; !leaving.signal.aborted; failures += 1) {
      try {
        await logIn();
        watch();
        return;
      } catch (error) {
        if (error instanceof GramzoomError || leaving.signal.aborted) throw error;
        const waitMs = Math.min(longestPauseMs, 1_000 * 2 ** failures);
        log.warn('Discord cannot be reached', { error, tryingAgainInMs: waitMs });
        onFailure();
        await pause(clock, waitMs, leaving);
      }
    }
  };

  const isConnected = (client: Client): client is Client<true> =>
    client.isReady() && client.ws.shards.every(({ status }) => status === Status.Ready);

  return {
    start: async (signal) => {
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
    client: () => (isIn ? (current as Client<true>) : null),
    health: () => (current && isConnected(current) ? null : 'Discord is not connected'),
    pingMs: () => {
      const ping = isIn ? (current?.ws.ping ?? -1) : -1;
      return ping >= 0 ? ping : null;
    },
    close: async () => {
      leaving.abort();
      stopWatch();
      const client = current;
      if (!client) return;
      const left = Promise.withResolvers<void>();
      const timer = clock.after(leaveMs, left.resolve);
      client.destroy().then(left.resolve, left.reject);
      await left.promise.finally(() => timer.cancel());
    },
  };
};
