import { WebAPIRateLimitedError } from '@slack/web-api';
import { z } from 'zod';
import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { withoutNulls } from '../shared/lenient.ts';
import { isError, translated } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';

/** What Slack asks to wait where it does not say for how long. */
const usualWaitMs = 10_000;
/** Nobody waits longer than that: whoever wants it tries again. */
const longestWaitMs = 60_000;
const mostRefusals = 3;

/** How long Slack asks to wait; undefined for all but a refusal for too many requests. */
const askedWaitMs = (error: unknown): number | undefined => {
  if (error instanceof WebAPIRateLimitedError) return error.retryAfter * 1000;
  return isError(error, 'ratelimited', 'rate_limited') ? usualWaitMs : undefined;
};

export type Manner = {
  /** Whose token asks. */
  readonly tenant: string;
  /** Nobody would miss it: where Slack asks to wait it is given up. */
  readonly isDispensable?: boolean;
  /** Of the file that it is about, for the error. */
  readonly bytes?: number;
};

/**
 * Requests of the Web API that are made once, but for those that Slack refuses for now: it is asked again once it may be,
 * where somebody would miss it. Meanwhile others go on; what is held, and for how long, the clients know.
 */
export const createSlackCalls = ({
  tenants,
  clock,
}: {
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly clock: Clock;
}) => {
  const ended = new AbortController();

  const attempt = async (
    method: string,
    args: Readonly<Record<string, unknown>>,
    { tenant, isDispensable = false }: Manner,
  ): Promise<unknown> => {
    for (let refusals = 1; ; refusals++) {
      const { once } = await tenants.clients(tenant);
      try {
        return await once.apiCall(method, { ...args });
      } catch (error) {
        const waitMs = askedWaitMs(error);
        const mayWait = !isDispensable && refusals < mostRefusals;
        if (waitMs === undefined || waitMs > longestWaitMs || !mayWait) throw error;
        await pause(clock, waitMs, { signal: ended.signal }).catch(() => {
          throw new GramzoomError('stopping', {});
        });
      }
    }
  };

  return {
    /**
     * @param options.schema what follows from the answer; nothing unless told
     * @throws GramzoomError as `translateError` has it, `chat-unreachable` for an answer that is none of Slack's,
     * `stopping`
     */
    call: <S extends z.ZodType = z.ZodUnknown>(
      method: string,
      args: Readonly<Record<string, unknown>>,
      { schema, ...manner }: Manner & { readonly schema?: S },
    ): Promise<z.output<S>> =>
      translated(async () => {
        const answer = await attempt(method, args, manner);
        const read = (schema ?? z.unknown()).safeParse(withoutNulls(answer));
        if (read.success) return read.data as z.output<S>;
        const reason = `${method}: its answer cannot be read`;
        throw new GramzoomError('chat-unreachable', { platform: 'Slack', reason }, { cause: read.error });
      }, manner),
    /** Lets nobody wait any more. */
    stop: (): void => ended.abort(),
  };
};

export type SlackCalls = ReturnType<typeof createSlackCalls>;
