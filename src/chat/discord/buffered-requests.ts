import { STATUS_CODES } from 'node:http';
import { RESTJSONErrorCodes as Code, type RESTOptions } from 'discord.js';
import { Agent, Headers, request } from 'undici';

type MakeRequest = RESTOptions['makeRequest'];
type Init = Parameters<MakeRequest>[1];

/** How often a connection may break under one request before discord.js hears of it. */
const mostBreaks = 3;
const broken: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET']);

/** What was asked may have been done or not, and must not be asked for again unseen. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

const payloadOf = (body: unknown): unknown => {
  const text = body instanceof FormData ? body.get('payload_json') : body;
  return typeof text === 'string' && text !== '' ? JSON.parse(text) : undefined;
};

const isNonceEnforced = (body: unknown): boolean => {
  const payload = payloadOf(body);
  return typeof payload === 'object' && payload !== null && Reflect.get(payload, 'enforce_nonce') === true;
};

/**
 * Whether the same request twice does the same as once. A new message does not, unless a nonce says that it is the
 * same; an interaction is answered once and a message has one thread, whoever asks how often.
 */
const isRepeatable = (url: string, { method, body }: Init): boolean => {
  if (method !== 'POST') return true;
  const { pathname } = new URL(url);
  if (/\/channels\/\d+\/messages$/.test(pathname)) return isNonceEnforced(body);
  return !/\/webhooks\/\d+\/[^/]+$/.test(pathname);
};

/**
 * Too many edits of an old message come as status 429, and discord.js would wait and try for ever while whatever
 * else is to be said there waits behind it. No waiting helps: it is a refusal like others.
 */
const isHardLimit = (status: number, bytes: Uint8Array): boolean => {
  if (status !== 429) return false;
  try {
    const { code } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly code?: unknown };
    return code === Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached;
  } catch {
    // A page of the network in front of Discord.
    return false;
  }
};

/**
 * How discord.js shall send its requests (`rest.makeRequest`): files as whole bytes, over an agent of its own, and
 * with the answer read while the time limit still runs. Left alone it streams a FormData over whichever undici was
 * loaded first: Node's throws outside of any promise when Discord closes an idle connection just as an upload
 * begins, which ends the process, and another version of the package refuses Node's FormData altogether.
 *
 * It also keeps discord.js from asking twice for a message that only one was wanted of: see `isRepeatable`.
 * @returns the function, and what closes its connections
 */
export const createBufferedRequests = (): { readonly makeRequest: MakeRequest; close(): Promise<void> } => {
  const dispatcher = new Agent();

  const attempt = async (url: string, { method, headers, body, signal }: Init) => {
    const isForm = body instanceof FormData;
    // Response writes the form, and knows its boundary.
    const form = isForm ? new Response(body) : null;
    const sent = form ? new Uint8Array(await form.arrayBuffer()) : (body as string | null | undefined);
    const contentType = form ? { 'content-type': form.headers.get('content-type') ?? '' } : {};
    const answer = await request(url, {
      dispatcher,
      method: (method ?? 'GET') as 'GET',
      headers: { ...(headers as Record<string, string>), ...contentType },
      body: sent ?? null,
      signal: (signal as AbortSignal | null | undefined) ?? null,
    });
    return { answer, bytes: await answer.body.bytes() };
  };

  const patiently = async (url: string, init: Init) => {
    const repeatable = isRepeatable(url, init);
    for (let breaks = 1; ; breaks++) {
      try {
        const { answer, bytes } = await attempt(url, init);
        if (!repeatable && answer.statusCode >= 500) throw new AnswerLost(`status ${answer.statusCode}`);
        return { answer, bytes };
      } catch (error) {
        if (error instanceof AnswerLost) throw error;
        if (!repeatable) throw new AnswerLost('no answer came', { cause: error });
        const isBroken = error instanceof Error && 'code' in error && broken.has(error.code);
        if (!isBroken || breaks >= mostBreaks) throw error;
      }
    }
  };

  const makeRequest: MakeRequest = async (url, init) => {
    const { answer, bytes } = await patiently(url, init);
    const { statusCode } = answer;
    const status = isHardLimit(statusCode, bytes) ? 400 : statusCode;
    const headers = new Headers(answer.headers as Record<string, string>);
    if (status !== statusCode) headers.delete('retry-after');
    const text = (): string => new TextDecoder().decode(bytes);
    return {
      body: null,
      bodyUsed: false,
      arrayBuffer: async () => new Uint8Array(bytes).buffer,
      json: async () => JSON.parse(text()),
      text: async () => text(),
      headers: headers as unknown as globalThis.Headers,
      status,
      statusText: STATUS_CODES[status] ?? '',
      ok: status >= 200 && status < 300,
    };
  };
  return { makeRequest, close: () => dispatcher.close() };
};
