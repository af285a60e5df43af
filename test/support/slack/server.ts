import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Effect, Faults } from './faults.ts';
import type { createLimits } from './limits.ts';
import { type Call, type Methods, refuse } from './methods.ts';
import { canSee, exchangeCode, type Grant } from './methods-files.ts';
import { mimetypeOf } from './payloads.ts';
import { app, type Installation, SlackRefusal, type State } from './state.ts';

/** What came in over HTTP: a method, `upload`, `url_private`, `response_url` or `authorize`. */
export type RequestRecord = {
  readonly at: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly tenant: string | null;
  /** 0 while it is not answered. */
  status: number;
  error: string | null;
};

type Answer = {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Record<string, string>;
};
type Run = (record: RequestRecord) => Answer | Promise<Answer>;

const json = (body: object, headers = {}): Answer => ({ status: 200, body, headers });
const page = (status: number, title: string): Answer => ({
  ...{ status, body: `<!DOCTYPE html><title>${title}</title>` },
  headers: { 'content-type': 'text/html; charset=utf-8' },
});
const limited = (seconds: number): Answer => ({
  ...{ status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } },
});

const readJson = (value: unknown): unknown => {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return refuse('invalid_arguments');
  }
};

/** Reads the arguments of a method. */
const argumentsOf = (params: RequestRecord['params']): Omit<Call, 'state' | 'installation'> => {
  const text = (name: string) => (params[name] === undefined ? undefined : String(params[name]));
  const messages = (name: string) => ({
    response_metadata: { messages: [`[ERROR] missing field: ${name}`] },
  });
  return {
    text,
    need: (name) => text(name) || refuse('invalid_arguments', messages(name)),
    json: (name) => readJson(params[name]),
    isTrue: (name) => ['true', '1'].includes(String(params[name])),
  };
};

const askedOf = ({ method, tenant, params }: RequestRecord) => ({
  ...{ method, tenant: tenant ?? '', channel: String(params['channel'] ?? '') },
});

/** Bytes of an upload: as they are, or as the only file of a form. */
const uploadedBytes = async (type: string, body: Buffer): Promise<Buffer> => {
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer());
};

export type ServerDeps = {
  readonly state: State;
  readonly methods: Methods;
  readonly limits: ReturnType<typeof createLimits>;
  readonly isLimited: () => boolean;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly codes: Map<string, Grant>;
  readonly openConnection: () => string;
  /** A code for whoever installs the app next. */
  readonly nextCode: () => string;
  /** Shows what came by a `response_url`. @returns why it does not */
  readonly respond: (url: string, said: Readonly<Record<string, unknown>>) => string | null;
};

/** Slack over HTTP: the Web API, uploads, files, `response_url`s, and the page on which the app is installed. */
export const createHandler = (deps: ServerDeps) => {
  const { state, methods, limits, faults, requests } = deps;

  const authorised = (token: string | undefined): Installation => {
    const found = state.installations.find((one) => one.token === token);
    if (!found) return refuse(token === undefined ? 'not_authed' : 'invalid_auth');
    return found.state === 'installed' ? found : refuse(found.state);
  };

  const call = (record: RequestRecord, bearer: string | undefined): Answer => {
    const { method: name, params } = record;
    const args = argumentsOf(params);
    if (name === 'apps.connections.open') {
      if (!bearer?.startsWith('xapp-')) refuse('not_allowed_token_type');
      return bearer === app.appToken
        ? json({ ok: true, url: deps.openConnection() })
        : refuse('invalid_auth');
    }
    if (name === 'oauth.v2.access') return json({ ok: true, ...exchangeCode(deps.codes, args) });
    const method = methods[name] ?? refuse('unknown_method');
    const installation = authorised(bearer ?? args.text('token'));
    const { scopes } = installation;
    const asked = askedOf(record);
    limits.check(asked);
    const seconds = deps.isLimited() ? limits.take(asked, method.tier) : 0;
    if (seconds > 0) return limited(seconds);
    const given = { ...args, state, installation };
    const needed = (typeof method.scope === 'function' ? method.scope(given) : method.scope) ?? '';
    const provided = scopes.join(',');
    if (needed && !scopes.includes(needed)) refuse('missing_scope', { needed, provided });
    const headers = { 'x-oauth-scopes': provided, 'x-accepted-oauth-scopes': needed };
    return json({ ok: true, ...method.run(given) }, headers);
  };

  const upload = async (id: string, url: URL, bytes: Promise<Buffer>): Promise<Answer> => {
    const file = state.files.get(id);
    if (!file) return page(404, 'not found');
    file.bytes = await bytes;
    const [length, told] = [file.bytes.length, Number(url.searchParams.get('length'))];
    if (length !== told) state.violations.push(`an upload of ${length} bytes was announced with ${told}`);
    return { status: 200, body: `OK - ${length}` };
  };

  const privateFile = (id: string, token: string | undefined): Answer => {
    const file = state.files.get(id);
    const asker = state.installations.find((one) => one.token === token && one.state === 'installed');
    const mayRead = asker?.scopes.includes('files:read') && file && canSee(state, asker, file);
    // Whoever may not see it is shown a page to sign in, with status 200.
    if (!mayRead) return page(200, 'Sign in | Slack');
    if (file.isDeleted || file.bytes === null) return page(404, 'not found');
    return { status: 200, body: file.bytes, headers: { 'content-type': mimetypeOf(file) } };
  };

  const authorize = ({ searchParams }: URL): Answer => {
    const back = new URL(searchParams.get('redirect_uri') ?? state.origin);
    back.searchParams.set('code', deps.nextCode());
    back.searchParams.set('state', searchParams.get('state') ?? '');
    return { status: 302, body: '', headers: { location: String(back) } };
  };

  /** What a request is for: its name, its arguments, and how it is answered. */
  const route = (
    { headers: { 'content-type': type = '' } }: IncomingMessage,
    { url, body, bearer }: { readonly url: URL; readonly body: Buffer; readonly bearer: string | undefined },
  ): readonly [string, object, Run] => {
    const [, first = '', second = ''] = url.pathname.split('/');
    const form = (): object => Object.fromEntries(new URLSearchParams(body.toString()));
    const read = (): object =>
      type.startsWith('application/json') ? JSON.parse(body.toString() || '{}') : form();
    const query = Object.fromEntries(url.searchParams);
    const file = second.split('-').at(-1) ?? '';
    switch (first) {
      case 'api':
        return [second, { ...query, ...read() }, (record) => call(record, bearer)];
      case 'upload':
        return ['upload', { file }, () => upload(file, url, uploadedBytes(type, body))];
      case 'files-pri':
        return ['url_private', { file }, () => privateFile(file, bearer)];
      case 'oauth':
        return ['authorize', query, () => authorize(url)];
      case 'response': {
        const refused = (said: RequestRecord['params']) =>
          deps.respond(`${state.origin}${url.pathname}`, said);
        const run: Run = ({ params }) => {
          const error = refused(params);
          return error === null ? { status: 200, body: 'ok' } : { status: 404, body: error };
        };
        return ['response_url', read(), run];
      }
      default:
        return [url.pathname, query, () => page(404, 'not found')];
    }
  };

  const carryOut = async (record: RequestRecord, run: Run): Promise<Answer> => {
    try {
      return await run(record);
    } catch (error) {
      if (error instanceof SlackRefusal) return json(error.body);
      throw error;
    }
  };

  /** An answer, as a fault makes it; null: there is none. */
  const answer = async (effect: Effect | null, record: RequestRecord, run: Run): Promise<Answer | null> => {
    switch (effect?.kind) {
      case 'error':
        return json(effect.body);
      case 'rate-limit':
        limits.refuse(askedOf(record), effect.seconds);
        return limited(effect.seconds);
      case 'wait': {
        if (effect.when === 'before') await effect.pass();
        const given = await carryOut(record, run);
        state.changed();
        if (effect.when === 'after') await effect.pass();
        return given;
      }
      case 'status':
      case 'cut':
        if (effect.isDone) await carryOut(record, run);
        return effect.kind === 'cut' ? null : { ...page(effect.status, ''), body: effect.body };
      default:
        return await carryOut(record, run);
    }
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const [method, given, run] = route(request, {
      url: new URL(request.url ?? '/', state.origin),
      body,
      bearer,
    });
    const record: RequestRecord = {
      ...{ at: state.clock.now(), method, params: given as RequestRecord['params'], status: 0, error: null },
      tenant: state.installations.find(({ token }) => token === bearer)?.tenant ?? null,
    };
    requests.push(record);
    const params = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
    const files = [params['filename'] ?? state.files.get(params['file'] ?? '')?.name ?? ''];
    const effect = faults.next({ method: request.method ?? '', path: method, params, files });
    const made = await answer(effect, record, run);
    if (!made) response.destroy();
    else {
      const isJson = typeof made.body === 'object' && !Buffer.isBuffer(made.body);
      const type = isJson ? 'application/json; charset=utf-8' : 'text/plain';
      Object.assign(record, { status: made.status, error: (made.body as { error?: string }).error ?? null });
      // Before the bot hears of it.
      state.changed();
      response.writeHead(made.status, { 'content-type': type, ...made.headers });
      response.end(isJson ? JSON.stringify(made.body) : made.body);
    }
  };
};
