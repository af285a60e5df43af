import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../src/ports/clock.ts';
import { createFaultQueue, type FaultPlace } from './fault-queue.ts';
import { createGate, type Held } from './gate.ts';

/** What came in over HTTP. */
export type RequestRecord = {
  readonly at: number;
  /** What it is for, as the fake names it. */
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Whose token it came with. */
  readonly tenant: string | null;
  /** 0 while it is not answered. */
  status: number;
  error: string | null;
};

export type Answer = {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Incoming = {
  readonly url: URL;
  /** Its content type. */
  readonly type: string;
  readonly body: Buffer;
  readonly bearer: string | undefined;
};

/** What a request is for, its arguments, and how it is answered. */
export type Routed = readonly [
  method: string,
  params: object,
  run: (record: RequestRecord) => Answer | Promise<Answer>,
];

type Effect =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly isDone: boolean }
  | { readonly kind: 'rate-limit'; readonly seconds: number }
  | { readonly kind: 'cut'; readonly isDone: boolean }
  | { readonly kind: 'wait'; readonly when: 'before' | 'after'; readonly pass: () => Promise<void> };

type Which = Pick<FaultPlace, 'times' | 'params' | 'file'>;

const text = (status: number, body: string): Answer => ({ status, body });

/** Listens on this machine. @returns `host:port` */
export const listenHere = async (server: Server, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Faults to come, by what a request is for. Each meets the next such request, or as many as `times` says; `params` are
 * values of its arguments (`{ channel: 'C…' }`).
 */
const createFaults = () => {
  const queue = createFaultQueue<Effect>();
  const plan = (effect: Effect, path: string, which: Which): void => queue.plan(effect, { ...which, path });
  const answer = (given: Answer, isDone = false): Effect => ({ kind: 'answer', answer: given, isDone });
  return {
    next: queue.next,
    /** Faults that no request has met yet. */
    get waiting(): number {
      return queue.waiting;
    },
    /** `ok: false` with this error. */
    error: (method: string, error: string, which: Which & { readonly more?: object } = {}) =>
      plan(answer({ status: 200, body: { ok: false, error, ...which.more } }), method, which),
    /** Nothing happens but this answer. */
    status: (method: string, status: number, which: Which = {}) =>
      plan(answer(text(status, 'upstream request failed')), method, which),
    /** It is done, and the answer is this: as with 408 after an upload has arrived. */
    statusAfter: (method: string, status: number, which: Which = {}) =>
      plan(answer(text(status, 'upstream request timeout'), true), method, which),
    htmlPage: (method: string, which: Which = {}) =>
      plan(
        answer({ ...text(200, '<!DOCTYPE html><p>Error'), headers: { 'content-type': 'text/html' } }),
        method,
        which,
      ),
    /** Too many requests: to wait for so long. */
    rateLimited: (method: string, seconds: number, which: Which = {}) =>
      plan({ kind: 'rate-limit', seconds }, method, which),
    /** The connection breaks before anything is done, or after it without an answer. */
    cut: (method: string, when: 'before' | 'after', which: Which = {}) =>
      plan({ kind: 'cut', isDone: when === 'after' }, method, which),
    /** Holds a request, or its answer, until it is released: never, and it is never answered. */
    hold: (method: string, when: 'before' | 'after', which: Which = {}): Held => {
      const { held, pass } = createGate();
      plan({ kind: 'wait', when, pass }, method, which);
      return held;
    },
  };
};

export type FakeHttpDeps = {
  readonly clock: Clock;
  readonly changed: () => void;
  readonly route: (request: Incoming) => Routed;
  /** Whose token it is. */
  readonly tenantOf: (bearer: string | undefined) => string | null;
  /** The name of the file that a request is about, for faults that meet some files only. */
  readonly fileOf: (params: Readonly<Record<string, string>>) => string;
  readonly rateLimited: (record: RequestRecord, seconds: number) => Answer;
  /** How an error is answered that was thrown on purpose; whatever else is thrown is not understood. */
  readonly refused: (error: unknown) => Answer | null;
  readonly onNotUnderstood: (what: string) => void;
};

/** A fake platform's side of HTTP: requests are noted, met by planned faults, and answered. */
export const createFakeHttp = (deps: FakeHttpDeps) => {
  const { clock, changed } = deps;
  const faults = createFaults();
  const requests: RequestRecord[] = [];

  const carryOut = async (record: RequestRecord, run: Routed[2]): Promise<Answer> => {
    try {
      return await run(record);
    } catch (error) {
      const refused = deps.refused(error);
      if (refused) return refused;
      throw error;
    }
  };

  /** An answer, as a fault makes it; null: there is none. */
  const met = async (
    effect: Effect | null,
    record: RequestRecord,
    run: Routed[2],
  ): Promise<Answer | null> => {
    if (effect?.kind === 'rate-limit') return deps.rateLimited(record, effect.seconds);
    if (effect?.kind === 'answer' || effect?.kind === 'cut') {
      if (effect.isDone) await carryOut(record, run);
      return effect.kind === 'cut' ? null : effect.answer;
    }
    if (effect?.when === 'before') await effect.pass();
    const given = await carryOut(record, run);
    if (effect?.when !== 'after') return given;
    changed();
    await effect.pass();
    return given;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '/', method: verb = '', headers } = request;
    const body = await buffer(request);
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const type = headers['content-type'] ?? '';
    const [method, given, run] = deps.route({ url: new URL(url, 'http://localhost'), type, body, bearer });
    const record: RequestRecord = {
      ...{ at: clock.now(), method, params: given as RequestRecord['params'], status: 0, error: null },
      tenant: deps.tenantOf(bearer),
    };
    requests.push(record);
    const params = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
    const effect = faults.next({ method: verb, path: method, params, files: [deps.fileOf(params)] });
    const made = await met(effect, record, run);
    if (!made) {
      response.destroy();
      return changed();
    }
    const isJson = typeof made.body === 'object' && !Buffer.isBuffer(made.body);
    const usual = isJson ? 'application/json; charset=utf-8' : 'text/plain';
    Object.assign(record, {
      status: made.status,
      error: (made.body as { error?: string }).error ?? null,
    });
    // Before the bot hears of it.
    changed();
    response.writeHead(made.status, { 'content-type': usual, ...made.headers });
    response.end(isJson ? JSON.stringify(made.body) : made.body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      deps.onNotUnderstood(`${request.url} ${error}`);
      response.destroy();
    });
  });
  // As long as real ones: closing early meets uploads that have just begun, which is a fault of its own.
  server.keepAliveTimeout = 75_000;
  return { faults, requests: requests as readonly RequestRecord[], server };
};
