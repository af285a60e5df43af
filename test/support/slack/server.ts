import { type Answer, createFakeHttp, type Incoming, type RequestRecord, type Routed } from '../fake-http.ts';
import { createLimits } from './limits.ts';
import { type Call, type Methods, refuse } from './methods.ts';
import { canSee, exchangeCode, type Grant } from './methods-files.ts';
import { mimetypeOf } from './payloads.ts';
import { app, type Installation, SlackRefusal, type State } from './state.ts';

type Params = RequestRecord['params'];

const json = (body: object, headers = {}): Answer => ({ status: 200, body, headers });
const page = (status: number, title: string): Answer => ({
  ...{ status, body: `<!DOCTYPE html><title>${title}</title>` },
  headers: { 'content-type': 'text/html; charset=utf-8' },
});
const limited = (seconds: number): Answer => ({
  ...{ status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } },
});

/** Reads the arguments of a method. */
const argumentsOf = (params: Params): Omit<Call, 'state' | 'installation'> => {
  const text = (name: string) => (params[name] === undefined ? undefined : String(params[name]));
  const missing = (name: string) => ({ response_metadata: { messages: [`[ERROR] missing field: ${name}`] } });
  return {
    text,
    need: (name) => text(name) || refuse('invalid_arguments', missing(name)),
    json: (name) => {
      try {
        return typeof params[name] === 'string' ? JSON.parse(params[name]) : params[name];
      } catch {
        return refuse('invalid_arguments');
      }
    },
    isTrue: (name) => ['true', '1'].includes(String(params[name])),
  };
};

const askedOf = ({ method, tenant, params }: RequestRecord) => ({
  ...{ method, tenant: tenant ?? '', channel: String(params['channel'] ?? '') },
});

/** Bytes of an upload: as they are, or as the only file of a form. */
const uploadedBytes = async ({ type, body }: Incoming): Promise<Buffer> => {
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer());
};

export type ServerDeps = {
  readonly state: State;
  readonly methods: Methods;
  readonly isLimited: () => boolean;
  readonly codes: Map<string, Grant>;
  readonly openConnection: () => string;
  /** A code for whoever installs the app next. */
  readonly nextCode: () => string;
  /** Shows what came by a `response_url`. @returns why it does not */
  readonly respond: (url: string, said: Params) => string | null;
};

/**
 * Slack over HTTP: the Web API, and besides its methods `upload` (the bytes of a file), `url_private`, `response_url`
 * and `authorize`, on which the app is installed.
 */
export const createSlackHttp = (deps: ServerDeps) => {
  const { state, methods } = deps;
  const limits = createLimits(state.clock, (key) => void state.violations.push(`a 429 was ignored: ${key}`));
  const withToken = (token: string | undefined) => state.installations.find((one) => one.token === token);

  const authorised = (token: string | undefined): Installation => {
    const found = withToken(token);
    if (!found) return refuse(token === undefined ? 'not_authed' : 'invalid_auth');
    return found.state === 'installed' ? found : refuse(found.state);
  };

  const connect = (bearer: string | undefined): string => {
    if (bearer === app.appToken) return deps.openConnection();
    return refuse(bearer?.startsWith('xapp-') ? 'invalid_auth' : 'not_allowed_token_type');
  };

  const call = (record: RequestRecord, bearer: string | undefined): Answer => {
    const args = argumentsOf(record.params);
    if (record.method === 'apps.connections.open') return json({ ok: true, url: connect(bearer) });
    if (record.method === 'oauth.v2.access') return json({ ok: true, ...exchangeCode(deps.codes, args) });
    const method = methods[record.method] ?? refuse('unknown_method');
    const given = { ...args, state, installation: authorised(bearer ?? args.text('token')) };
    limits.check(askedOf(record));
    const seconds = deps.isLimited() ? limits.take(askedOf(record), method.tier) : 0;
    if (seconds > 0) return limited(seconds);
    const needed = (typeof method.scope === 'function' ? method.scope(given) : method.scope) ?? '';
    const { scopes } = given.installation;
    const provided = scopes.join(',');
    if (needed && !scopes.includes(needed)) refuse('missing_scope', { needed, provided });
    const headers = { 'x-oauth-scopes': provided, 'x-accepted-oauth-scopes': needed };
    return json({ ok: true, ...method.run(given) }, headers);
  };

  const upload = async (id: string, incoming: Incoming): Promise<Answer> => {
    const file = state.files.get(id);
    if (!file) return page(404, 'not found');
    file.bytes = await uploadedBytes(incoming);
    const [length, told] = [file.bytes.length, Number(incoming.url.searchParams.get('length'))];
    if (length !== told) state.violations.push(`an upload of ${length} bytes was announced with ${told}`);
    return { status: 200, body: `OK - ${length}` };
  };

  const privateFile = (id: string, token: string | undefined): Answer => {
    const [file, asker] = [state.files.get(id), withToken(token)];
    const mayRead = asker?.state === 'installed' && asker.scopes.includes('files:read');
    // Whoever may not see it is shown a page to sign in, with status 200.
    if (!mayRead || !file || !canSee(state, asker, file)) return page(200, 'Sign in | Slack');
    if (file.isDeleted || file.bytes === null) return page(404, 'not found');
    return { status: 200, body: file.bytes, headers: { 'content-type': mimetypeOf(file) } };
  };

  const authorize = ({ searchParams }: URL): Answer => {
    const back = new URL(searchParams.get('redirect_uri') ?? state.origin);
    back.searchParams.set('code', deps.nextCode());
    back.searchParams.set('state', searchParams.get('state') ?? '');
    return { status: 302, body: '', headers: { location: String(back) } };
  };

  const respond = (url: URL, said: Params): Answer => {
    const error = deps.respond(`${state.origin}${url.pathname}`, said);
    return error === null ? { status: 200, body: 'ok' } : { status: 404, body: error };
  };

  const route = (incoming: Incoming): Routed => {
    const { url, type, body, bearer } = incoming;
    const [, first = '', second = ''] = url.pathname.split('/');
    const read = (): object =>
      type.startsWith('application/json')
        ? JSON.parse(body.toString() || '{}')
        : Object.fromEntries(new URLSearchParams(body.toString()));
    const query = Object.fromEntries(url.searchParams);
    const file = second.split('-').at(-1) ?? '';
    switch (first) {
      case 'api':
        return [second, { ...query, ...read() }, (record) => call(record, bearer)];
      case 'upload':
        return ['upload', { file }, () => upload(file, incoming)];
      case 'files-pri':
        return ['url_private', { file }, () => privateFile(file, bearer)];
      case 'oauth':
        return ['authorize', query, () => authorize(url)];
      case 'response':
        return ['response_url', read(), ({ params }) => respond(url, params)];
      default:
        return [url.pathname, query, () => page(404, 'not found')];
    }
  };

  const http = createFakeHttp({
    ...{ clock: state.clock, changed: state.changed, route },
    tenantOf: (bearer) => withToken(bearer)?.tenant ?? null,
    fileOf: ({ filename, file = '' }) => filename ?? state.files.get(file)?.name ?? '',
    rateLimited: (record, seconds) => {
      limits.refuse(askedOf(record), seconds);
      return limited(seconds);
    },
    refused: (error) => (error instanceof SlackRefusal ? json(error.body) : null),
    onNotUnderstood: (what) => void state.violations.push(`not understood: ${what}`),
  });
  return { ...http, forgetRefusals: limits.forgetRefusals };
};
