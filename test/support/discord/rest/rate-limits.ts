import { createHash } from 'node:crypto';
import type { Clock } from '../../../../src/ports/clock.ts';

export type BucketRule = { readonly limit: number; readonly windowMs: number };

/** Limits by route, `METHOD /path/{template}`; every channel, guild and webhook has a bucket of its own. */
export type RateLimits = {
  /** Requests per second of all routes together, but those of interactions. */
  readonly globalPerSecond: number;
  readonly buckets: Readonly<Record<string, BucketRule>>;
};

const fiveInFive = { limit: 5, windowMs: 5000 };
const message = '/channels/{channel_id}/messages/{message_id}';
const reaction = `${message}/reactions/{emoji_name}`;

/** About what Discord's headers say; it may change them at any time. */
export const discordLimits: RateLimits = {
  globalPerSecond: 50,
  buckets: {
    'POST /channels/{channel_id}/messages': fiveInFive,
    'GET /channels/{channel_id}/messages': fiveInFive,
    [`PATCH ${message}`]: fiveInFive,
    [`DELETE ${message}`]: { limit: 5, windowMs: 1000 },
    [`PUT ${reaction}/@me`]: { limit: 1, windowMs: 250 },
    [`DELETE ${reaction}/@me`]: { limit: 1, windowMs: 250 },
    [`DELETE ${reaction}/{user_id}`]: { limit: 1, windowMs: 250 },
    [`POST ${message}/threads`]: { limit: 50, windowMs: 300_000 },
    'POST /channels/{channel_id}/threads': { limit: 50, windowMs: 300_000 },
    'POST /webhooks/{webhook_id}/{webhook_token}': { limit: 5, windowMs: 2000 },
    'PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original': { limit: 5, windowMs: 2000 },
    'POST /users/@me/channels': { limit: 10, windowMs: 10_000 },
  },
};

/** For tests that are about something else, and for clocks that stand still. */
export const noLimits: RateLimits = { globalPerSecond: Number.POSITIVE_INFINITY, buckets: {} };

export type Refusal = { readonly retryAfterMs: number; readonly global: boolean; readonly scope: string };

export type Taken = {
  readonly headers: Readonly<Record<string, string>>;
  readonly refused: Refusal | null;
};

/** Body and headers of a 429, as Discord writes them: the header in whole seconds. */
export const refusal = ({ retryAfterMs, global, scope }: Refusal) => ({
  status: 429,
  body: { message: 'You are being rate limited.', retry_after: retryAfterMs / 1000, global },
  headers: {
    'retry-after': String(Math.ceil(retryAfterMs / 1000)),
    'x-ratelimit-scope': scope,
    ...(global && { 'x-ratelimit-global': 'true' }),
  },
});

const majorOf = ({
  channel_id,
  guild_id,
  webhook_id,
  webhook_token,
}: Readonly<Record<string, string>>): string =>
  channel_id ?? guild_id ?? (webhook_id && `${webhook_id}:${webhook_token}`) ?? '';

/** Counts requests on the clock. */
export const createRateLimiter = (clock: Clock, limits: RateLimits) => {
  const windows = new Map<string, { left: number; endsAt: number }>();

  const windowOf = (key: string, { limit, windowMs }: BucketRule) => {
    const open = windows.get(key);
    if (open && open.endsAt > clock.now()) return open;
    const fresh = { left: limit, endsAt: clock.now() + windowMs };
    windows.set(key, fresh);
    return fresh;
  };

  return {
    /** Takes one from the buckets of a request. */
    take: (method: string, path: string, params: Readonly<Record<string, string>>): Taken => {
      const outsideGlobal = path.startsWith('/interactions/') || path.startsWith('/webhooks/');
      if (!outsideGlobal && Number.isFinite(limits.globalPerSecond)) {
        const all = windowOf('global', { limit: limits.globalPerSecond, windowMs: 1000 });
        if (all.left <= 0) {
          const retryAfterMs = Math.max(1, all.endsAt - clock.now());
          return { headers: {}, refused: { retryAfterMs, global: true, scope: 'global' } };
        }
        all.left -= 1;
      }
      const route = `${method} ${path}`;
      const rule = limits.buckets[route];
      if (!rule) return { headers: {}, refused: null };
      const bucket = windowOf(`${route} ${majorOf(params)}`, rule);
      const refused = bucket.left <= 0;
      if (!refused) bucket.left -= 1;
      const leftMs = Math.max(1, bucket.endsAt - clock.now());
      return {
        headers: {
          'x-ratelimit-limit': String(rule.limit),
          'x-ratelimit-remaining': String(bucket.left),
          'x-ratelimit-reset': String((clock.wallTime() + leftMs) / 1000),
          'x-ratelimit-reset-after': String(leftMs / 1000),
          'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
        },
        refused: refused ? { retryAfterMs: leftMs, global: false, scope: 'user' } : null,
      };
    },
  };
};

export type RateLimiter = ReturnType<typeof createRateLimiter>;
