import type { Clock } from '../../../src/ports/clock.ts';

const tiers = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
export type Tier = keyof typeof tiers | 'special';

/** How long after a refusal another request may still have been on its way. */
const onItsWayMs = 500;

/** Counts requests of a workspace and method on the clock, as Slack's tiers do. */
export const createLimits = (
  clock: Clock,
  { isOn, onIgnored }: { readonly isOn: () => boolean; readonly onIgnored: (key: string) => void },
) => {
  const windows = new Map<string, { left: number; endsAt: number }>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  const refused = new Map<string, { readonly at: number; readonly until: number }>();

  /** Milliseconds to wait; 0 where it is let through. */
  const windowWait = (key: string, most: number): number => {
    const open = windows.get(key);
    const window = open && open.endsAt > clock.now() ? open : { left: most, endsAt: clock.now() + 60_000 };
    windows.set(key, window);
    if (window.left <= 0) return window.endsAt - clock.now();
    window.left -= 1;
    return 0;
  };

  /** One a second, and a few at once. */
  const bucketWait = (key: string, burst: number): number => {
    const { tokens, at } = buckets.get(key) ?? { tokens: burst, at: clock.now() };
    const filled = Math.min(burst, tokens + (clock.now() - at) / 1000);
    buckets.set(key, { tokens: filled < 1 ? filled : filled - 1, at: clock.now() });
    return filled < 1 ? (1 - filled) * 1000 : 0;
  };

  return {
    /**
     * Takes a request.
     * @returns whole seconds to wait where it is refused
     */
    take: (request: {
      method: string;
      tenant: string;
      tier: Tier;
      channel: string | undefined;
    }): number | null => {
      const { method, tenant, tier, channel } = request;
      if (!isOn()) return null;
      const isPost = method === 'chat.postMessage';
      const key = [tenant, method, ...(isPost ? [channel] : [])].join(' ');
      const last = refused.get(key);
      if (last && clock.now() > last.at + onItsWayMs && clock.now() < last.until) onIgnored(key);
      const waitMs = isPost ? bucketWait(key, 4) : tier === 'special' ? 0 : windowWait(key, tiers[tier]);
      if (waitMs <= 0) return null;
      const seconds = Math.ceil(waitMs / 1000);
      // Timers of clients may be a little early.
      refused.set(key, { at: clock.now(), until: clock.now() + seconds * 1000 - 50 });
      return seconds;
    },
    /** A refusal that was planned by a test: what comes before its end is held against the bot all the same. */
    refuse: (key: string, seconds: number): void =>
      void refused.set(key, { at: clock.now(), until: clock.now() + seconds * 1000 - 50 }),
  };
};
