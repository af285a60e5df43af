import { STATUS_CODES } from 'node:http';
import { RESTJSONErrorCodes as Code, type RESTOptions } from 'discord.js';
import { Agent, Headers, request } from 'undici';
import { backoffMs } from '../../concurrency/backoff.ts';
import { pause } from '../../concurrency/pause.ts';
import { errnoOf } from '../../domain/errno.ts';
import type { Clock } from '../../ports/clock.ts';
import { dispensableHeader, isRepeatable, type RequestKind, requestKind } from './request-kind.ts';
import { RequestHeld, type RequestLimits } from './request-limits.ts';
import { madeAt } from './snowflake.ts';
import { createStrays } from './strays.ts';

type MakeRequest = RESTOptions['makeRequest'];
type Init = Parameters<MakeRequest>[1];

/** How often a request may fail before discord.js hears of it; what rate limits do is not counted. */
const mostFailures = 3;
const ofFailures = { firstMs: 250, longestMs: 10_000 };
/** The connection broke under a request, which was done or not. */
const broken: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET']);
/** There was no connection: nothing has been done. */
const unconnected: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/** On a machine that was asleep all deadlines have passed at once: what has come meanwhile is read first. */
const readMs = 250;
/** How long work that nobody waits for may still run. */
const strayMs = 50_000;

/** What was asked may have been done or not, and must not be asked for again unseen. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

export type Answer = { readonly status: number; readonly headers: Headers; readonly bytes: Uint8Array };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const textOf = ({ bytes }: Answer): string => new TextDecoder().decode(bytes);

/**
 * Too many edits of an old message come as status 429, and discord.js would wait and try for ever while whatever
 * else is to be said there waits behind it. No waiting helps: it is a refusal like others.
 */
const isHardLimit = (answer: Answer): boolean => {
  if (answer.status !== 429) return false;
  const body = parsed(textOf(answer));
  return (
    typeof body === 'object' &&
    body !== null &&
    Reflect.get(body, 'code') === Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached
  );
};

/**
 * How discord.js shall send its requests (`rest.makeRequest`): files as whole bytes, over an agent of its own, and
 * with the answer read while the time limit still runs. Left alone it streams a FormData over whichever undici was
 * loaded first: Node's throws outside of any promise when Discord closes an idle connection just as an upload
 * begins, which ends the process, and another version of the package refuses Node's FormData altogether.
 *
 * All waiting is done here, by the clock that is handed in: discord.js would send a request that was refused without
 * a time again at once and for ever, measures limits by the machine's clock, which may jump, and has one deadline for
 * all. So it gets neither refusals for too many requests nor the headers that tell of limits. It also is kept from
 * asking twice for a message that only one was wanted of: see `isRepeatable`.
 * @param options.clock with Discord's time
 * @param options.onDate hears the `Date` of each answer
 * @param options.random from 0 to 1
 */
export const createBufferedRequests = ({
  clock,
  limits,
  onDate = () => {},
  random = Math.random,
}: {
  readonly clock: Clock;
  readonly limits: RequestLimits;
  readonly onDate?: (date: string | null) => void;
  readonly random?: () => number;
}) => {
  const dispatcher = new Agent();
  const closing = new AbortController();
  const strays = createStrays<Answer>();

  const send = async (url: string, init: Init, signal: AbortSignal): Promise<Answer> => {
    const { method, headers, body } = init;
    const isForm = body instanceof FormData;
    // Response writes the form, and knows its boundary.
    const form = isForm ? new Response(body) : null;
    const sent = form ? new Uint8Array(await form.arrayBuffer()) : (body as string | null | undefined);
    const contentType = form ? { 'content-type': form.headers.get('content-type') ?? '' } : {};
    const { [dispensableHeader]: _, ...given } = headers as Record<string, string>;
    const answer = await request(url, {
      dispatcher,
      method: (method ?? 'GET') as 'GET',
      headers: { ...given, ...contentType },
      body: sent ?? null,
      signal,
      // The deadline is ours.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const answered = new Headers(answer.headers as Record<string, string>);
    return { status: answer.statusCode, headers: answered, bytes: await answer.body.bytes() };
  };

  /**
   * Once the deadline has passed or the signal aborts nobody waits for it any more. What Discord makes of it stays
   * open for a while then, so that whoever writes the same message can find out.
   */
  const attempt = async (url: string, init: Init, kind: RequestKind): Promise<Answer> => {
    const { signal } = init;
    const cutting = new AbortController();
    const sending = send(url, init, cutting.signal);
    const left = Promise.withResolvers<never>();
    const leave = (error: unknown): void => {
      const cut = (): void => cutting.abort();
      const timer = clock.after(strayMs, cut);
      strays.add(kind.path, { answer: sending.finally(() => timer.cancel()), cut });
      left.reject(error);
    };
    const late = new AnswerLost(`no answer within ${Math.round(kind.deadlineMs / 1000)} s`);
    let reading: NodeJS.Timeout | undefined;
    const deadline = clock.after(kind.deadlineMs, () => {
      reading = setTimeout(leave, readMs, late);
    });
    const onAbort = (): void => leave(new DOMException('This operation was aborted', 'AbortError'));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([sending, left.promise]);
    } finally {
      deadline.cancel();
      clearTimeout(reading);
      signal?.removeEventListener('abort', onAbort);
    }
  };

  const patiently = async (url: string, init: Init): Promise<Answer> => {
    const kind = requestKind(url, init);
    const repeatable = isRepeatable(url, init);
    const ageMs = kind.interaction === null ? 0 : Math.max(0, clock.wallTime() - madeAt(kind.interaction));
    const giveUpAt = clock.now() + Math.max(0, kind.patienceMs - ageMs);
    const signal = AbortSignal.any([closing.signal, ...(init.signal ? [init.signal as AbortSignal] : [])]);
    /** Waits for the next try; false if there is none. */
    const again = async (failures: number): Promise<boolean> => {
      const waitMs = backoffMs(failures, { ...ofFailures, random });
      if (failures >= mostFailures || clock.now() + waitMs > giveUpAt) return false;
      await pause(clock, waitMs, { signal }).catch(() => signal.throwIfAborted());
      return true;
    };
    for (let failures = 0; ; ) {
      const sentAt = await limits.enter(kind, { giveUpAt, signal });
      let answer: Answer;
      try {
        answer = await attempt(url, init, kind);
      } catch (error) {
        failures += 1;
        if (error instanceof AnswerLost || signal.aborted) throw error;
        if (!unconnected.has(errnoOf(error))) {
          if (!repeatable) throw new AnswerLost('no answer came', { cause: error });
          if (!broken.has(errnoOf(error))) throw error;
        }
        if (await again(failures)) continue;
        throw error;
      }
      const { status, headers } = answer;
      onDate(status < 400 ? headers.get('date') : null);
      if (isHardLimit(answer)) return { ...answer, status: 400 };
      limits.answered(kind, { status, headers, text: status >= 400 ? textOf(answer) : '' }, { sentAt });
      if (status === 429) continue;
      // discord.js would forget the token for good.
      if (status === 401 && kind.isAuthorized && !kind.isLogin)
        throw new RequestHeld('its token was refused');
      if (status < 500) return answer;
      if (!repeatable) throw new AnswerLost(`status ${status}`);
      failures += 1;
      if (!(await again(failures))) return answer;
    }
  };

  const makeRequest: MakeRequest = async (url, init) => {
    const answer = await patiently(url, init);
    const { status, headers, bytes } = answer;
    for (const name of [...headers.keys()]) {
      if (name.startsWith('x-ratelimit-') || name === 'retry-after') headers.delete(name);
    }
    const text = (): string => textOf(answer);
    return {
      body: null,
      bodyUsed: false,
      arrayBuffer: async () => new Uint8Array(bytes).buffer,
      json: async () => {
        const value = parsed(text());
        // What is no object is no answer of Discord's, and would trip discord.js up.
        if (typeof value === 'object' && value !== null) return value;
        throw new AnswerLost(`status ${status} with a body that is none of Discord's`);
      },
      text: async () => text(),
      headers: headers as unknown as globalThis.Headers,
      status,
      statusText: STATUS_CODES[status] ?? '',
      ok: status >= 200 && status < 300,
    };
  };

  return {
    makeRequest,
    /** What continues although nobody waits for it any more. */
    strays,
    /** Ends what nobody waits for, and closes the connections once nothing else is in flight. */
    close: async (): Promise<void> => {
      closing.abort();
      strays.close();
      await dispatcher.close();
    },
  };
};
