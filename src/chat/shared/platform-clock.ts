import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';

/** A header's date is cut to seconds, and an answer takes its time: no difference that means anything. */
const exactMs = 2_000;
/** From this on somebody should look after the machine's clock. */
const tellMs = 30_000;
/** The platform is younger than that. */
const earliest = Date.UTC(2020, 0, 1);

/**
 * The platform's time, however wrong the machine's clock is: ids and tokens carry moments of the platform's, and
 * what is shown as a moment is read by its clients. From one answer to the next it continues by the monotonic clock.
 */
export const createPlatformClock = (
  clock: Clock,
  { platform, log }: { readonly platform: string; readonly log: Pick<AppLog, 'warn' | 'info'> },
) => {
  let known: { readonly at: number; readonly wall: number } | null = null;
  let toldMs = 0;

  const wallTime = (): number => (known ? known.wall + clock.now() - known.at : clock.wallTime());

  const tell = (aheadMs: number): void => {
    if (Math.abs(aheadMs - toldMs) <= tellMs) return;
    toldMs = aheadMs;
    const aheadSeconds = Math.round(aheadMs / 1000);
    if (Math.abs(aheadMs) > tellMs) {
      log.warn('clock: this machine differs from the platform, whose time is used', {
        platform,
        aheadSeconds,
      });
    } else log.info('clock: this machine agrees with the platform again', { platform, aheadSeconds });
  };

  const set = (wall: number): void => {
    const aheadMs = clock.wallTime() - wall;
    known = { at: clock.now(), wall: Math.abs(aheadMs) < exactMs ? clock.wallTime() : wall };
    tell(aheadMs);
  };

  return {
    /** The machine's clock, with the platform's time for whatever people and ids are told. */
    clock: { now: clock.now, after: clock.after, wallTime } satisfies Clock,
    /** Whether anything of the platform's has been heard; until then its time is the machine's. */
    isKnown: () => known !== null,
    /** @param date the `Date` header of an answer that has just come */
    answered: (date: string | null): void => {
      const second = Date.parse(date ?? '');
      if (second > earliest) set(second + 500);
    },
    /** The platform has made something at this moment, in milliseconds since 1970: it is not earlier there. */
    notBefore: (ms: number): void => {
      if (known === null || ms > wallTime() + exactMs) set(ms);
    },
  };
};

export type PlatformClock = ReturnType<typeof createPlatformClock>;
