import type { Clock } from '../../../src/ports/clock.ts';

const perMinute = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
export type Tier = keyof typeof perMinute | 'special';

/** How long after a refusal another request may have been on its way. */
const onItsWayMs = 500;

type Asked = Readonly<Record<'method' | 'tenant' | 'channel', string>>;

/** Counts requests of each workspace and method on the clock, as Slack's tiers do. */
export const createLimits = (clock: Clock, onIgnored: (key: string) => void) => {
  const windows = new Map<string, { left: number; endsAt: number }>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  const refused = new Map<string, { readonly at: number; readonly until: number }>();

  const windowWait = (key: string, most: number): number => {
    const open = windows.get(key);
    const window = open && open.endsAt > clock.now() ? open : { left: most, endsAt: clock.now() + 60_000 };
    windows.set(key, window);
    window.left -= 1;
    return window.left < 0 ? window.endsAt - clock.now() : 0;
  };
  /** One a second, and a few at once. */
  const bucketWait = (key: string, burst: number): number => {
    const { tokens, at } = buckets.get(key) ?? { tokens: burst, at: clock.now() };
    const filled = Math.min(burst, tokens + (clock.now() - at) / 1000);
    buckets.set(key, { tokens: filled < 1 ? filled : filled - 1, at: clock.now() });
    return filled < 1 ? (1 - filled) * 1000 : 0;
  };
  const keyOf = ({ method, tenant, channel }: Asked): string =>
    `${tenant} ${method} ${method === 'chat.postMessage' ? channel : ''}`;
  /** What comes before the end of a refusal is held against the bot; timers of clients may be a little early. */
  const refuse = (asked: Asked, seconds: number): void =>
    void refused.set(keyOf(asked), { at: clock.now(), until: clock.now() + seconds * 1000 - 50 });

  return {
    refuse,
    /** A process that begins cannot know what one before it was refused. */
    forgetRefusals: (): void => refused.clear(),
    /** Notes a request that comes although its like was refused. */
    check: (asked: Asked): void => {
      const { at, until } = refused.get(keyOf(asked)) ?? { at: 0, until: 0 };
      if (clock.now() > at + onItsWayMs && clock.now() < until) onIgnored(keyOf(asked));
    },
    /** Takes a request. @returns whole seconds to wait; 0 where it is let through */
    take: (asked: Asked, tier: Tier): number => {
      const key = keyOf(asked);
      const isPost = asked.method === 'chat.postMessage';
      const waitMs = isPost ? bucketWait(key, 4) : tier === 'special' ? 0 : windowWait(key, perMinute[tier]);
      const seconds = Math.ceil(waitMs / 1000);
      if (seconds > 0) refuse(asked, seconds);
      return seconds;
    },
  };
};
