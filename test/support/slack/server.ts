import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Effect, Faults } from './faults.ts';
import type { createLimits } from './limits.ts';
import type { Args, Method } from './methods.ts';
import { canSee, type Grant, oauthMethods } from './methods-files.ts';
import { isReady, mimetypeOf } from './payloads.ts';
import { app, type Installation, SlackRefusal, type State } from './state.ts';

/** What came in over HTTP. */
export type RequestRecord = {
  readonly at: number;
  /** A method, or `upload`, `url_private`, `response_url`, `authorize`. */
  readonly method: string;
  readonly tenant: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  /** 0 while it is not answered. */
  status: number;
  error: string | null;
};

type Answer = {
  readonly status: number;
  readonly body: object | string | Buffer;
  readonly headers?: Record<string, string>;
};

const json = (body: object, headers: Record<string, string> = {}): Answer => ({ status: 200, body, headers });
const html = (status: number, title: string): Answer => ({
  ...{ status, body: `<!DOCTYPE html><html><title>${title}</title></html>` },
  headers: { 'content-type': 'text/html; charset=utf-8' },
});

const readParams = (contentType: string, body: Buffer, search: URLSearchParams): Record<string, unknown> => {
  const text = body.toString();
  const given = contentType.startsWith('application/json')
    ? text === ''
      ? {}
      : (JSON.parse(text) as object)
    : Object.fromEntries(new URLSearchParams(text));
  return { ...Object.fromEntries(search), ...given };
};

const readJson = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackRefusal('invalid_arguments');
  }
};

const argsOf = (params: Readonly<Record<string, unknown>>): Args => {
  const text = (name: string): string | undefined =>
    params[name] === undefined ? undefined : String(params[name]);
  return {
    text,
    need: (name) => {
      const value = text(name);
      if (value === undefined || value === '')
        throw new SlackRefusal('invalid_arguments', {
          response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
        });
      return value;
    },
    json: (name) => readJson(params[name]),
    isTrue: (name) => ['true', '1'].includes(String(params[name])),
  };
};

const bearerOf = (request: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** Bytes of an upload: as they are, or as the only file of a form. */
const uploadedBytes = async (contentType: string, body: Buffer): Promise<Buffer> => {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
};

export type ServerDeps = {
  readonly state: State;
  readonly methods: Readonly<Record<string, Method>>;
  readonly openConnection: () => string;
  readonly limits: ReturnType<typeof createLimits>;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly codes: Map<string, Grant>;
  /** A code for whoever installs the app next. */
  readonly nextCode: () => string;
  /** Shows what came by a `response_url`. */
  readonly respond: (url: string, said: Readonly<Record<string, unknown>>) => Answer['body'] | null;
};

/** Slack over HTTP: the Web API, uploads, files, `response_url`s, and the page on which the app is installed. */
export const createHandler = (deps: ServerDeps) => {
  const { state, methods, limits, faults, requests } = deps;
  const oauth = oauthMethods(deps.codes);

  const authorise = (token: string | undefined): Installation => {
    if (token === undefined) throw new SlackRefusal('not_authed');
    const found = state.installations.find((one) => one.token === token);
    if (!found) throw new SlackRefusal('invalid_auth');
    if (found.state !== 'installed') throw new SlackRefusal(found.state);
    return found;
  };

  const limited = (seconds: number): Answer => ({
    ...{ status: 429, body: { ok: false, error: 'ratelimited' } },
    headers: { 'retry-after': String(seconds) },
  });

  const call = (record: RequestRecord, token: string | undefined): Answer => {
    const args = argsOf(record.params);
    if (record.method === 'apps.connections.open') {
      if (token !== app.appToken)
        throw new SlackRefusal(token?.startsWith('xapp-') ? 'invalid_auth' : 'not_allowed_token_type');
      return json({ ok: true, url: deps.openConnection() });
    }
    const free = oauth[record.method];
    if (free) return json({ ok: true, ...free.run({ state, args }) });
    const method = methods[record.method];
    if (!method) throw new SlackRefusal('unknown_method');
    const installation = authorise(token ?? args.text('token'));
    Object.assign(record, { tenant: installation.tenant });
    const { tenant, scopes } = installation;
    const seconds = limits.take({
      method: record.method,
      tenant,
      tier: method.tier,
      channel: args.text('channel'),
    });
    if (seconds !== null) return limited(seconds);
    const given = { state, installation, args };
    const needed = method.scopes?.(given) ?? [];
    if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) {
      throw new SlackRefusal('missing_scope', { needed: needed.join(','), provided: scopes.join(',') });
    }
    const headers = { 'x-oauth-scopes': scopes.join(','), 'x-accepted-oauth-scopes': needed.join(',') };
    return json({ ok: true, ...method.run(given) }, headers);
  };

  const upload = async (
    id: string,
    url: URL,
    { type, body }: { readonly type: string; readonly body: Buffer },
  ): Promise<Answer> => {
    const file = state.files.get(id);
    if (!file) return html(404, 'not found');
    file.bytes = await uploadedBytes(type, body);
    const [length, told] = [file.bytes.length, Number(url.searchParams.get('length'))];
    if (length !== told) state.violations.push(`an upload of ${length} bytes was announced with ${told}`);
    return { status: 200, body: `OK - ${length}` };
  };

  const privateFile = (id: string, token: string | undefined): Answer => {
    const file = state.files.get(id);
    const asker = state.installations.find((one) => one.token === token && one.state === 'installed');
    const mayRead = asker?.scopes.includes('files:read') && file && canSee(state, asker, file);
    // Whoever may not see it is shown a page to sign in, with status 200.
    if (!mayRead) return html(200, 'Sign in | Slack');
    if (file.isDeleted || file.bytes === null || !isReady(file)) return html(404, 'not found');
    return { status: 200, body: file.bytes, headers: { 'content-type': mimetypeOf(file) } };
  };

  const authorize = (url: URL): Answer => {
    const back = new URL(url.searchParams.get('redirect_uri') ?? state.origin);
    back.searchParams.set('code', deps.nextCode());
    back.searchParams.set('state', url.searchParams.get('state') ?? '');
    return { status: 302, body: '', headers: { location: String(back) } };
  };

  /** What a request is for, and how it is answered. */
  const route = (
    request: IncomingMessage,
    url: URL,
    body: Buffer,
  ): { readonly record: RequestRecord; readonly run: () => Answer | Promise<Answer> } => {
    const type = request.headers['content-type'] ?? '';
    const [, first = '', ...rest] = url.pathname.split('/');
    const record = (method: string, params: Record<string, unknown> = {}): RequestRecord => ({
      ...{ at: state.clock.now(), method, tenant: null, params, status: 0, error: null },
    });
    switch (first) {
      case 'api': {
        const called = record(rest.join('/'), readParams(type, body, url.searchParams));
        return { record: called, run: () => call(called, bearerOf(request)) };
      }
      case 'upload':
        return {
          record: record('upload', { file: rest[1] }),
          run: () => upload(rest[1] ?? '', url, { type, body }),
        };
      case 'files-pri': {
        const id = rest[0]?.split('-')[1] ?? '';
        return { record: record('url_private', { file: id }), run: () => privateFile(id, bearerOf(request)) };
      }
      case 'response': {
        const said = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
        const run = (): Answer => {
          const refused = deps.respond(`${state.origin}${url.pathname}`, said);
          return refused === null ? { status: 200, body: 'ok' } : { status: 404, body: refused };
        };
        return { record: record('response_url', said), run };
      }
      case 'oauth':
        return {
          record: record('authorize', Object.fromEntries(url.searchParams)),
          run: () => authorize(url),
        };
      default:
        return { record: record(url.pathname), run: () => html(404, 'not found') };
    }
  };

  const carryOut = async ({ run }: { readonly run: () => Answer | Promise<Answer> }): Promise<Answer> => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof SlackRefusal) return json(error.body);
      throw error;
    }
  };

  const withFault = async (
    effect: Effect | null,
    routed: ReturnType<typeof route>,
  ): Promise<Answer | null> => {
    if (!effect) return await carryOut(routed);
    if (effect.kind === 'error') return json({ ok: false, error: effect.error, ...effect.more });
    if (effect.kind === 'rate-limit') return limited(effect.seconds);
    if (effect.kind === 'wait') {
      if (effect.when === 'before') await effect.gate();
      const answer = await carryOut(routed);
      if (effect.when === 'after') {
        state.changed();
        await effect.gate();
      }
      return answer;
    }
    if (effect.isDone) await carryOut(routed);
    if (effect.kind === 'cut') return null;
    return { ...html(effect.status, ''), body: effect.body };
  };

  const namesOf = ({ params }: RequestRecord): readonly string[] =>
    [params['filename'], state.files.get(String(params['file'] ?? ''))?.name].flatMap((name) =>
      name === undefined ? [] : [String(name)],
    );

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const url = new URL(request.url ?? '/', state.origin);
    const routed = route(request, url, body);
    const { record } = routed;
    requests.push(record);
    const params = Object.fromEntries(
      Object.entries(record.params).map(([name, value]) => [name, String(value)]),
    );
    const effect = faults.next({
      method: request.method ?? '',
      path: record.method,
      params,
      files: namesOf(record),
    });
    const answer = await withFault(effect, routed);
    if (!answer) {
      response.destroy();
      return state.changed();
    }
    const { status, body: given, headers = {} } = answer;
    record.status = status;
    record.error = (given as { readonly error?: string }).error ?? null;
    // Before the bot hears of it.
    state.changed();
    const isJson = typeof given === 'object' && !Buffer.isBuffer(given);
    response.writeHead(status, {
      'content-type': isJson ? 'application/json; charset=utf-8' : 'text/plain',
      ...headers,
    });
    response.end(isJson ? JSON.stringify(given) : given);
  };
};
