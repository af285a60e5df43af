import { createServer } from 'node:http';
import type { LocaleString } from 'discord-api-types/v10';
import type { Clock } from '../../../src/ports/clock.ts';
import type { FakeClock } from '../fake-clock.ts';
import { closeServer, listenHere } from '../fake-http.ts';
import { createRunningClock } from '../running-clock.ts';
import { createWaitFor } from '../wait-for.ts';
import { createCdn } from './cdn.ts';
import { createGuildHandle, type GuildHandle, type GuildOptions } from './driver/guild-handle.ts';
import { createPerson, type Person } from './driver/person.ts';
import { createPlace, type Place } from './driver/place.ts';
import { createGateway, type GatewayOptions } from './gateway/gateway.ts';
import { privileged } from './gateway/intents.ts';
import { createFaults } from './rest/faults.ts';
import { createRateLimiter, discordLimits, type RateLimits } from './rest/rate-limits.ts';
import { createRest, type RequestRecord } from './rest/rest-server.ts';
import { applicationRoutes } from './rest/routes-application.ts';
import { interactionRoutes } from './rest/routes-interactions.ts';
import { messageRoutes } from './rest/routes-messages.ts';
import { placeRoutes } from './rest/routes-places.ts';
import { openSchemaCheck, type Violation } from './rest/schema.ts';
import { type Core, createCore, type Happening } from './state/core.ts';
import type { User } from './state/model.ts';

export type FakeDiscordOptions = {
  /** Time of deadlines, limits and signatures. By default the machine's, which a test may push forward. */
  readonly clock?: FakeClock;
  /** `noLimits` for a clock that stands still, and for tests that are about something else. */
  readonly rateLimits?: RateLimits;
  readonly token?: string;
  readonly botName?: string;
  /** Privileged intents that are switched on for the application, as bits. */
  readonly privilegedIntents?: number;
  readonly gateway?: Partial<GatewayOptions>;
  /** 0 takes any free one. */
  readonly apiPort?: number;
  readonly cdnPort?: number;
};

export type PersonSettings = Partial<Pick<User, 'locale' | 'premium' | 'dmsClosed' | 'installed'>> & {
  /** How old their account is. */
  readonly accountDays?: number;
};

/** Timers that end with the fake. */
const ownTimers = (clock: Clock) => {
  const timers = new Set<{ cancel(): void }>();
  const own: Clock = {
    now: clock.now,
    wallTime: clock.wallTime,
    after: (delayMs, callback) => {
      const timer = clock.after(delayMs, () => {
        timers.delete(timer);
        callback();
      });
      timers.add(timer);
      return timer;
    },
  };
  return { clock: own, cancel: () => [...timers].forEach((timer) => void timer.cancel()) };
};

const situation = (
  core: Core,
  requests: readonly RequestRecord[],
  told: readonly Happening['t'][],
): string => {
  const last = requests
    .slice(-8)
    .map(({ method, path, status }) => `  ${method} ${path}: ${status || 'unanswered'}`);
  const channels = [...core.channels.values()].map(
    ({ name, messages }) => `${name || 'dm'} ${messages.size}`,
  );
  return [
    `requests so far: ${requests.length}, the last:`,
    ...last,
    `events so far: ${told.length}, the last: ${told.slice(-8).join(', ')}`,
    `messages: ${channels.join(', ')}`,
  ].join('\n');
};

/**
 * A Discord of its own on this machine: REST, gateway and CDN over real sockets, for the real client. What
 * Discord's description forbids is in `violations`.
 */
export const createFakeDiscord = async (options: FakeDiscordOptions = {}) => {
  const { token = 'a-bot.token', botName = 'gramzoom', privilegedIntents = 0 } = options;
  if ((privilegedIntents & ~privileged) !== 0) throw new Error('only privileged intents are switched on');
  const clock = options.clock ?? createRunningClock();
  const timers = ownTimers(clock);
  const core = createCore({ clock: timers.clock, token, name: botName, privilegedIntents });
  const gateway = createGateway(core, {
    shards: 1,
    maxConcurrency: 16,
    heartbeatMs: 41_250,
    mostGuildsPerShard: 2500,
    ...options.gateway,
  });
  const faults = createFaults();
  const violations: Violation[] = [];
  const requests: RequestRecord[] = [];
  const told: Happening['t'][] = [];
  core.onPublish(({ t }) => void told.push(t));
  const { handle } = createRest({
    core,
    routes: [...applicationRoutes(gateway.address), ...messageRoutes, ...placeRoutes, ...interactionRoutes],
    limiter: createRateLimiter(timers.clock, options.rateLimits ?? discordLimits),
    faults,
    check: openSchemaCheck(),
    violations,
    requests,
  });
  const cdn = createCdn(core);

  const api = createServer((request, response) => void handle(request, response));
  // As long as Discord's: closing early meets uploads that have just begun, which is a fault of its own below.
  api.keepAliveTimeout = 75_000;
  api.on('upgrade', gateway.upgrade);
  const files = createServer((request, response) => {
    cdn.handle(request.url ?? '/', response).catch(() => response.destroy());
  });
  const [apiHost, cdnHost] = await Promise.all([
    listenHere(api, options.apiPort ?? 0),
    listenHere(files, options.cdnPort ?? 0),
  ]);
  gateway.listenOn(`ws://${apiHost}`);
  core.cdnOrigin = `http://${cdnHost}`;

  return {
    core,
    clock,
    token,
    /** What discord.js takes as `rest.api`. */
    restApi: `http://${apiHost}/api`,
    /** Where attachments come from, `host:port`. */
    cdnHost,
    applicationId: core.application.id,
    gateway,
    faults,
    cdn,
    commands: core.commands,
    /** Where a request or an answer is not as Discord describes it. Empty where the description is not here. */
    violations: violations as readonly Violation[],
    requests: requests as readonly RequestRecord[],
    /** Names of everything that happened, told to the bot or not. */
    happened: told as readonly Happening['t'][],
    /** Answers of the kind that Discord counts toward a ban. */
    get invalidRequests(): number {
      return requests.filter(({ status }) => [401, 403, 429].includes(status)).length;
    },
    guild: (given?: GuildOptions): GuildHandle => createGuildHandle(core, given),
    person: (name: string, { accountDays = 1000, ...settings }: PersonSettings = {}): Person => {
      const locale: LocaleString = settings.locale ?? 'en-US';
      const given = { premium: false, dmsClosed: false, installed: false, ...settings, locale };
      const user: User = { id: core.ids.nextUser(accountDays), name, globalName: name, bot: false, ...given };
      core.users.set(user.id, user);
      return createPerson(core, user);
    },
    place: (id: string): Place => createPlace(core, id),
    /** Waits for a fact, never for time. */
    waitFor: createWaitFor(core.onChange, () => situation(core, requests, told)),
    close: async (): Promise<void> => {
      timers.cancel();
      gateway.close();
      await Promise.all([closeServer(api), closeServer(files)]);
    },
  };
};

export type FakeDiscord = Awaited<ReturnType<typeof createFakeDiscord>>;
