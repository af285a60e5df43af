import { pause } from '../../concurrency/pause.ts';
import { SlidingWindow } from '../../concurrency/sliding-window.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import type { RequestKind } from './request-kind.ts';
import { type AnswerHeaders, readLimitBody, retryAfterMs, secondsHeaderMs } from './retry-after.ts';

/** A request was not sent, or is not sent again: Discord would refuse it. */
export class RequestHeld extends Error {
  override readonly name = 'RequestHeld';
}

/** Discord shuts out whoever has 10,000 requests refused within ten minutes. */
const budgetWindowMs = 600_000;
/** From so many refusals on, what nobody would miss is left out … */
const softBudget = 300;
/** … and from so many on, everything. */
const hardBudget = 1_500;
/** Over all routes. Discord takes 50. */
const mostPerSecond = 45;
/** So long others wait for the answer of the one that asks whether it works again. */
const probeMs = 10_000;
/** A limit that is told before it is reached lasts no longer; what comes too early is refused and told anew. */
const longestResetMs = 60_000;

type Answered = { readonly status: number; readonly headers: AnswerHeaders; readonly text: string };

/** Discord's own answers have a body that it wrote; others come from the network in front of it. */
const isFromEdge = ({ status, headers, text }: Answered): boolean => {
  if (status === 429)
    return readLimitBody(text)?.retry_after === undefined && headers.get('x-ratelimit-scope') === null;
  if (status !== 403) return false;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body !== 'object' || body === null || !('code' in body);
  } catch {
    return true;
  }
};

/**
 * Keeps requests from being sent where Discord would refuse them, for all clients of a process: it waits as long as
 * refusals ask for, longer with each refusal in a row, and where they ask for nothing. Whatever is asked how often,
 * refusals stay far below the number from which Discord shuts a bot out. Time is that of the clock which is handed in:
 * it only goes forward.
 */
export const createRequestLimits = ({
  clock,
  log,
  onRateLimited = () => {},
  random = Math.random,
}: {
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
  readonly onRateLimited?: () => void;
  readonly random?: () => number;
}) => {
  const ofEverything = { firstMs: 1_000, longestMs: 600_000, random };
  const ofCallbacks = { firstMs: 250, longestMs: 2_000, random };
  const routes = new Map<string, BackOff>();
  /** The network in front of Discord refuses this machine. */
  const machine = createBackOff(clock, ofEverything);
  /** Discord refuses the bot, on all routes. */
  const bot = createBackOff(clock, ofEverything);
  /** Discord refuses the token. */
  const token = createBackOff(clock, ofEverything);
  const refusals = new SlidingWindow(clock, budgetWindowMs);
  const sent = new SlidingWindow(clock, 1_000);
  /** Aborts when something works again. */
  let woken = new AbortController();
  let isOverBudget = false;

  const routeOf = ({ route, isCallback }: RequestKind): BackOff => {
    const known = routes.get(route);
    if (known) return known;
    if (routes.size >= 2_000) {
      for (const [key, { until }] of routes) if (until <= clock.now()) routes.delete(key);
    }
    const made = createBackOff(clock, isCallback ? ofCallbacks : ofEverything);
    routes.set(route, made);
    return made;
  };

  /** Whether there have been so many refusals that this is not asked. */
  const checkBudget = ({ isDispensable }: RequestKind): void => {
    const isOver = refusals.count >= softBudget;
    if (isOver && !isOverBudget) {
      log.warn('discord: too many requests are refused, unimportant ones are left out until that ends', {
        refusals: refusals.count,
        minutes: budgetWindowMs / 60_000,
      });
    }
    // It is told anew once it was well again, not each time that one refusal more or less counts.
    isOverBudget = isOver || (isOverBudget && refusals.count > softBudget / 2);
    if (refusals.count >= (isDispensable ? softBudget : hardBudget)) {
      throw new RequestHeld('too many requests were refused');
    }
  };

  /** What keeps a request from being sent. An interaction is answered now or never: only its own refusals count. */
  const above = ({ isCallback, isByToken, isAuthorized }: RequestKind): readonly BackOff[] => [
    ...(isCallback ? [] : [machine]),
    ...(isByToken ? [] : [bot]),
    ...(isAuthorized ? [token] : []),
  ];

  const freeAt = (kind: RequestKind): number => {
    const held = [...above(kind), routeOf(kind)].map(({ until }) => until);
    return Math.max(...held, kind.isByToken ? 0 : sent.freeAt(mostPerSecond));
  };

  const worked = (backOff: BackOff): void => {
    if (backOff.failures === 0) return;
    backOff.worked();
    woken.abort();
    woken = new AbortController();
  };

  return {
    /**
     * Waits until a request may be sent.
     * @returns when that was, in milliseconds of the clock
     * @param options.giveUpAt milliseconds of the clock: it does not wait beyond
     * @throws RequestHeld; the signal's reason
     */
    enter: async (
      kind: RequestKind,
      { giveUpAt, signal }: { readonly giveUpAt: number; readonly signal: AbortSignal },
    ): Promise<number> => {
      for (;;) {
        signal.throwIfAborted();
        checkBudget(kind);
        const waitMs = freeAt(kind) - clock.now();
        if (waitMs <= 0) break;
        if (clock.now() + waitMs > giveUpAt) throw new RequestHeld('its rate limit');
        const either = AbortSignal.any([signal, woken.signal]);
        await pause(clock, waitMs, { signal: either }).catch(() => signal.throwIfAborted());
      }
      // One asks whether it works again; the others wait for what becomes of that.
      for (const backOff of above(kind)) if (backOff.failures > 0) backOff.rest(probeMs);
      if (!kind.isByToken) sent.add();
      return clock.now();
    },
    /** Learns from an answer how long to keep from asking. */
    answered: (kind: RequestKind, answer: Answered, { sentAt }: { readonly sentAt: number }): void => {
      const { status, headers, text } = answer;
      const scope = headers.get('x-ratelimit-scope');
      const isShared = status === 429 && scope === 'shared';
      if ([401, 403, 429].includes(status) && !isShared) refusals.add();
      const askedMs = status === 429 ? retryAfterMs(headers, text) : null;
      if (status === 429) onRateLimited();
      if (isFromEdge(answer)) {
        (kind.isCallback ? routeOf(kind) : machine).refused({ askedMs, sentAt });
      } else if (status === 429) {
        const isGlobal =
          scope === 'global' || headers.get('x-ratelimit-global') !== null || readLimitBody(text)?.global;
        (isGlobal && !kind.isByToken ? bot : routeOf(kind)).refused({ askedMs, sentAt });
      } else if (status === 401 && kind.isAuthorized) {
        if (token.failures === 0) log.warn('discord: the token is refused', { route: kind.route });
        token.refused({ askedMs: null, sentAt });
      } else if (status < 500) {
        for (const backOff of above(kind)) worked(backOff);
        const resetMs = secondsHeaderMs(headers.get('x-ratelimit-reset-after'));
        const isUsedUp = headers.get('x-ratelimit-remaining') === '0' && resetMs !== null;
        if (isUsedUp || routes.has(kind.route)) routeOf(kind).worked();
        if (isUsedUp) routeOf(kind).rest(Math.min(longestResetMs, resetMs));
        else routes.delete(kind.route);
      }
    },
  };
};

export type RequestLimits = ReturnType<typeof createRequestLimits>;
