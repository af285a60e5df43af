import type { Core } from '../state/core.ts';
import type { RequestFiles } from '../state/message-body.ts';

/** A request as a route sees it. */
export type RestCall = {
  readonly core: Core;
  /** A part of the path that its template names; empty where there is none. */
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: RequestFiles;
};

export type RestAnswer = { readonly status: number; readonly body?: unknown };

export type Route = {
  readonly method: string;
  /** As Discord's description writes it: `/channels/{channel_id}`. */
  readonly path: string;
  readonly answer: (call: RestCall) => RestAnswer | Promise<RestAnswer>;
};

/** Builds a route; what it returns is the body, nothing means 204. */
export const route = (
  method: string,
  path: string,
  handle: (call: RestCall) => unknown,
  { status = 200 } = {},
): Route => ({
  method,
  path,
  answer: async (call) => {
    const body = await handle(call);
    return body === undefined ? { status: 204 } : { status, body };
  },
});

const parameterOf = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];

const match = (path: string, given: readonly string[]): Readonly<Record<string, string>> | null => {
  const segments = path.split('/').slice(1);
  if (segments.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] as string;
    const name = parameterOf(segment);
    if (name === undefined && segment !== value) return null;
    if (name !== undefined) params[name] = value;
  }
  return params;
};

/** The route of a request: the one with the fewest parameters, so that `@me` goes before an id. */
export const findRoute = (
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | null => {
  const given = path.split('/').slice(1).map(decodeURIComponent);
  const found = routes.flatMap((each) => {
    const params = each.method === method ? match(each.path, given) : null;
    return params ? [{ route: each, params }] : [];
  });
  found.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  return found[0] ?? null;
};
