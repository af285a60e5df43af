import type { RESTOptions } from 'discord.js';

type Init = Parameters<RESTOptions['makeRequest']>[1];

/**
 * Marks a request that nobody would miss, such as the next picture of a render: discord.js hands nothing through to
 * whoever sends it but headers. It is taken off before the request leaves.
 */
export const dispensableHeader = 'x-gramzoom-dispensable';

/** What can be told of a request before it is sent. */
export type RequestKind = {
  /** The limit that it counts against: method and path, each channel, server and webhook for itself. */
  readonly route: string;
  /** Method and path after the version of the API. */
  readonly path: string;
  /** The first answer to an interaction, which is due within 3 s. */
  readonly isCallback: boolean;
  /** Which interaction that is. */
  readonly interaction: string | null;
  /** Opened by an interaction's token: no part of the bot's limit over all routes. */
  readonly isByToken: boolean;
  /** Asked in the bot's name. */
  readonly isAuthorized: boolean;
  /** Asks for the gateway, with which a login begins. */
  readonly isLogin: boolean;
  /** Whether it is left out first where too much is refused. */
  readonly isDispensable: boolean;
  /** After so long whoever asked is told that no answer came. */
  readonly deadlineMs: number;
  /** It is not begun anew later than this. */
  readonly patienceMs: number;
};

/** An interaction's token is worth nothing after 3 s without an answer. */
const callbackMs = 3_000;
const plainMs = 10_000;
/** With files: this, and longer for each byte, so that a slow line can take them. */
const uploadMs = 60_000;
const slowestBytesPerMs = 64;
const longestUploadMs = 900_000;
const patienceMs = 30_000;

const bytesOf = (form: FormData): number =>
  [...form.values()].reduce((sum, value) => sum + (typeof value === 'string' ? value.length : value.size), 0);

const hasFiles = (body: unknown): body is FormData =>
  body instanceof FormData && [...body.values()].some((value) => typeof value !== 'string');

const routeOf = (path: string): string => {
  if (path.startsWith('/interactions/')) return path;
  const [, , major = ''] = path.split('/');
  const token = /^\/webhooks\/\d+\/[^/]+/.exec(path)?.[0];
  if (token) return token + path.slice(token.length).replaceAll(/\d{16,20}/g, ':id');
  const head = `/${path.split('/')[1]}/${major}`;
  return (
    head +
    path
      .slice(head.length)
      .replaceAll(/\d{16,20}/g, ':id')
      .replace(/\/reactions\/.*/, '/reactions')
  );
};

/** @param url of discord.js: the API's address, its version, and the path */
export const requestKind = (url: string, { method = 'GET', headers, body }: Init): RequestKind => {
  const path = new URL(url).pathname.replace(/^.*?\/v\d+(?=\/)/, '');
  const given = headers as Readonly<Record<string, string>>;
  const isCallback = path.startsWith('/interactions/');
  const isByToken = isCallback || /^\/webhooks\/\d+\/./.test(path);
  const deadlineMs = hasFiles(body)
    ? Math.min(longestUploadMs, uploadMs + bytesOf(body) / slowestBytesPerMs)
    : plainMs;
  return {
    route: `${method} ${routeOf(path)}`,
    path: `${method} ${path}`,
    isCallback,
    interaction: /^\/interactions\/(\d+)\//.exec(path)?.[1] ?? null,
    isByToken,
    isAuthorized: Object.keys(given).some((name) => name.toLowerCase() === 'authorization'),
    isLogin: path === '/gateway/bot',
    isDispensable:
      dispensableHeader in given ||
      /\/reactions\//.test(path) ||
      /^\/applications\/\d+\/(?:guilds\/\d+\/)?commands/.test(path),
    deadlineMs: isCallback && !hasFiles(body) ? callbackMs : deadlineMs,
    patienceMs: isCallback ? callbackMs : patienceMs,
  };
};

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
export const isRepeatable = (url: string, { method, body }: Init): boolean => {
  if (method !== 'POST') return true;
  const { pathname } = new URL(url);
  if (/\/channels\/\d+\/messages$/.test(pathname)) return isNonceEnforced(body);
  return !/\/webhooks\/\d+\/[^/]+$/.test(pathname);
};
