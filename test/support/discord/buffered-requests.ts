import { STATUS_CODES } from 'node:http';
import type { RESTOptions } from 'discord.js';
import { Agent, Headers, request } from 'undici';

type MakeRequest = RESTOptions['makeRequest'];

/**
 * How discord.js shall send its requests (`rest.makeRequest`): files as whole bytes, over an agent of its own.
 * Left alone it streams a FormData over whichever undici was loaded first. Node's throws outside of any promise
 * when Discord closes an idle connection just as an upload begins, which ends the process; another version of
 * the package refuses Node's FormData altogether.
 * @returns the function, and what closes its connections
 */
export const createBufferedRequests = (): { readonly makeRequest: MakeRequest; close(): Promise<void> } => {
  const dispatcher = new Agent();
  const makeRequest: MakeRequest = async (url, { method, headers, body, signal }) => {
    const isForm = body instanceof FormData;
    // Response writes the form, and knows its boundary.
    const form = isForm ? new Response(body) : null;
    const bytes = form ? new Uint8Array(await form.arrayBuffer()) : (body as string | null | undefined);
    const contentType = form ? { 'content-type': form.headers.get('content-type') ?? '' } : {};
    const answer = await request(url, {
      dispatcher,
      method: (method ?? 'GET') as 'GET',
      headers: { ...(headers as Record<string, string>), ...contentType },
      body: bytes ?? null,
      signal: (signal as AbortSignal | null | undefined) ?? null,
    });
    const { statusCode: status, body: content } = answer;
    return {
      body: content as unknown as Awaited<ReturnType<MakeRequest>>['body'],
      arrayBuffer: () => content.arrayBuffer(),
      json: () => content.json(),
      text: () => content.text(),
      get bodyUsed() {
        return content.bodyUsed;
      },
      headers: new Headers(answer.headers as Record<string, string>) as unknown as globalThis.Headers,
      status,
      statusText: STATUS_CODES[status] ?? '',
      ok: status >= 200 && status < 300,
    };
  };
  return { makeRequest, close: () => dispatcher.close() };
};
