import { REST, RESTEvents, type RESTOptions } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { PlatformEvent } from '../platform.ts';
import { createPlatformClock, type PlatformClock } from '../shared/platform-clock.ts';
import { createBufferedRequests } from './buffered-requests.ts';
import { createRequestLimits, type RequestLimits } from './request-limits.ts';
import { madeAt } from './snowflake.ts';

/** Longest delay that Node's timers take: each request has a deadline of its own. */
const noTimeoutMs = 2 ** 31 - 1;

/** What all that a process asks of Discord has in common: its limits, and the time there. */
export type DiscordTraffic = {
  readonly limits: RequestLimits;
  /** `clock` has Discord's time for `wallTime`. */
  readonly time: PlatformClock;
};

/**
 * One for each process.
 * @param options.onRateLimited Discord refused a request because there were too many
 */
export const createDiscordTraffic = ({
  clock,
  log,
  onRateLimited = () => {},
}: {
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn' | 'info'>;
  readonly onRateLimited?: () => void;
}): DiscordTraffic => ({
  limits: createRequestLimits({ clock, log, onRateLimited }),
  time: createPlatformClock(clock, { platform: 'Discord', log }),
});

type Given = {
  readonly traffic: DiscordTraffic;
  /** Another address than Discord's, such as `http://127.0.0.1:1234/api`. */
  readonly api?: string | undefined;
};

/**
 * How discord.js shall talk to Discord: the options of a `REST`.
 * @returns the options, what closes their connections once nothing is in flight any more, and what is in flight
 * although nobody waits for it
 */
export const createRestOptions = ({ traffic: { limits, time }, api }: Given) => {
  const { clock, answered: onDate } = time;
  const { makeRequest, strays, close } = createBufferedRequests({ limits, clock, onDate });
  const options: Partial<RESTOptions> = {
    ...(api !== undefined && { api }),
    makeRequest,
    timeout: noTimeoutMs,
    // Whoever makes the requests does all of that, and keeps limits by a clock that does not jump.
    retries: 0,
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    userAgentAppendix: 'gramzoom',
  };
  return { options, strays, close };
};

/** A way to talk to Discord without a gateway. */
export const createDiscordRest = ({ token, ...given }: Given & { readonly token: string }) => {
  const { options, strays, close } = createRestOptions(given);
  const rest = new REST(options).setToken(token);
  return {
    rest,
    strays,
    close: async () => {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      await close();
    },
  };
};

const callback = /\/interactions\/(\d+)\/[^/]+\/callback/;

/**
 * Tells when interactions are answered.
 * @param options.clock with Discord's time, which made the ids
 */
export const observeRest = (
  rest: REST,
  { clock, observe }: { readonly clock: Clock; readonly observe: (event: PlatformEvent) => void },
): void => {
  rest.on(RESTEvents.Response, ({ path }, { ok }) => {
    const [, interaction] = callback.exec(path) ?? [];
    if (interaction === undefined || !ok) return;
    const seconds = Math.max(0, (clock.wallTime() - madeAt(interaction)) / 1000);
    observe({ kind: 'acknowledged', platform: 'discord', seconds });
  });
};
