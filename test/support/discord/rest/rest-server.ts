import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Call } from '../../fault-queue.ts';
import type { Core } from '../state/core.ts';
import { DiscordError } from '../state/discord-error.ts';
import { type Effect, type Faults, ServerFailure } from './faults.ts';
import { type RateLimiter, refusal } from './rate-limits.ts';
import { type RequestBody, readBody } from './read-body.ts';
import { findRoute, type RestAnswer, type Route } from './router.ts';
import type { SchemaCheck, Violation } from './schema.ts';

/** A request that came in, for tests to look at. */
export type RequestRecord = Call & {
  /** Milliseconds on the clock. */
  readonly at: number;
  readonly body: unknown;
  readonly files: readonly { readonly filename: string; readonly bytes: number }[];
  /** 0 while it is not answered, and where the connection was cut. */
  status: number;
};

type Parts = {
  readonly core: Core;
  readonly routes: readonly Route[];
  readonly limiter: RateLimiter;
  readonly faults: Faults;
  readonly check: SchemaCheck;
  readonly violations: Violation[];
  readonly requests: RequestRecord[];
};

/** What goes back: an answer, or a broken connection. */
type Reply =
  | (RestAnswer & { readonly headers?: Readonly<Record<string, string>>; readonly page?: string })
  | 'cut';

const prefix = '/api/v10';
const withoutToken = /^\/(?:interactions|webhooks)\//;
const notFound = { status: 404, body: { message: '404: Not Found', code: 0 } };
const unauthorized = { status: 401, body: { message: '401: Unauthorized', code: 0 } };

const send = (outgoing: ServerResponse, reply: Reply, now: number): void => {
  if (reply === 'cut') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const { status, body, headers = {}, page } = reply;
  if (page !== undefined) {
    outgoing.writeHead(status, { 'content-type': 'text/html' });
    outgoing.end(page);
    return;
  }
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  outgoing.writeHead(status, { date: new Date(now).toUTCString(), ...type, ...headers });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
};

const asAnswer = (error: unknown): RestAnswer => {
  if (error instanceof DiscordError) return { status: error.status, body: error.body };
  if (error instanceof ServerFailure)
    return { status: error.status, body: { message: error.message, code: 0 } };
  throw error;
};

const limited = (effect: Effect & { readonly kind: 'rate-limit' }): Reply => {
  const { body, ...rest } = refusal(effect.refusal);
  const named = effect.code === undefined ? {} : { code: effect.code, message: effect.message };
  return { ...rest, body: { ...body, ...named } };
};

/** What a fault makes of a request before anything is done; null where it lets it through. */
const before = async (effect: Effect | null): Promise<Reply | null> => {
  if (effect?.kind === 'refuse') return { status: effect.error.status, body: effect.error.body };
  if (effect?.kind === 'rate-limit') return limited(effect);
  if (effect?.kind === 'edge') {
    const { status, page } = effect;
    return page === null ? { status, body: { message: `status ${status}`, code: 0 } } : { status, page };
  }
  if (effect?.kind === 'cut' && effect.when === 'before') return 'cut';
  if (effect?.kind !== 'wait' || effect.when !== 'before') return null;
  try {
    await effect.gate();
    return null;
  } catch (error) {
    return asAnswer(error);
  }
};

/** The REST interface: token, limits, faults, then the route; requests and answers are checked on their way. */
export const createRest = (parts: Parts) => {
  const { core, routes, limiter, faults, check, violations, requests } = parts;

  const note = (violation: Violation | null): void => {
    if (violation) violations.push(violation);
  };

  /** What a fault makes of the answer to a request that was done. */
  const after = async (effect: Effect | null, arrivedAt: number): Promise<Reply | null> => {
    if (effect?.kind === 'slow') {
      const leftMs = Math.max(0, arrivedAt + effect.ms - core.clock.now());
      await new Promise<void>((resolve) => void core.clock.after(leftMs, resolve));
    }
    if (effect?.kind === 'wait' && effect.when === 'after') await effect.gate();
    if (effect?.kind === 'cut' && effect.when === 'after') return 'cut';
    if (effect?.kind === 'instead') return { status: 200, body: effect.body };
    return effect?.kind === 'fail-after'
      ? { status: effect.status, body: { message: 'failed', code: 0 } }
      : null;
  };

  type Work = { readonly route: Route; readonly query: URLSearchParams; readonly read: RequestBody };

  const work = async (call: Call, { route, query, read }: Work): Promise<RestAnswer> => {
    note(check.request(call.method, call.path, read.body));
    note(check.query(call.method, call.path, query));
    const param = (name: string): string => call.params[name] ?? '';
    let answer: RestAnswer;
    try {
      answer = await route.answer({ core, param, query, ...read });
    } catch (error) {
      answer = asAnswer(error);
    }
    note(check.answer(call.method, call.path, answer));
    core.changed();
    return answer;
  };

  const answerOf = async (incoming: IncomingMessage): Promise<Reply> => {
    const arrivedAt = core.clock.now();
    const { method = 'GET', headers } = incoming;
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : null;
    const found = path === null ? null : findRoute(routes, method, path);
    if (path === null || !found) {
      note({ what: 'route', route: `${method} ${url.pathname}`, problems: ['the fake has no such route'] });
      return notFound;
    }
    const call: Call = { method, path: found.route.path, params: found.params };
    const record: RequestRecord = { ...call, at: arrivedAt, body: undefined, files: [], status: 0 };
    requests.push(record);
    const end = (reply: Reply): Reply => {
      record.status = reply === 'cut' ? 0 : reply.status;
      core.changed();
      return reply;
    };
    const bytes = await buffer(incoming);
    const isAllowed = withoutToken.test(path) || headers.authorization === `Bot ${core.application.token}`;
    if (!isAllowed) return end(unauthorized);
    const taken = limiter.take(method, call.path, call.params);
    if (taken.refused) {
      const refused = refusal(taken.refused);
      return end({ ...refused, headers: { ...taken.headers, ...refused.headers } });
    }
    const read = await readBody(bytes, headers['content-type'] ?? '');
    const files = [...read.files.values()];
    const effect = faults.next({ ...call, files: files.map(({ filename }) => filename) });
    const refused = await before(effect);
    if (refused) return end(refused);
    Object.assign(record, {
      body: read.body,
      files: files.map((file) => ({ filename: file.filename, bytes: file.bytes.byteLength })),
    });
    const answer = await work(call, { route: found.route, query: url.searchParams, read });
    return end((await after(effect, arrivedAt)) ?? { ...answer, headers: taken.headers });
  };

  return {
    handle: async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
      try {
        send(outgoing, await answerOf(incoming), core.clock.wallTime());
      } catch (error) {
        // The client is gone, or the fake has a fault of its own: that shall not look like one of Discord's.
        if (!incoming.complete) return;
        const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
        note({ what: 'answer', route: `${incoming.method} ${incoming.url}`, problems: [what] });
        const body = { message: 'the fake failed', code: 0 };
        send(outgoing, { status: 500, body }, core.clock.wallTime());
      }
    },
  };
};
