import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const specUrl = new URL('../../../../../shared/specs/discord-openapi.json', import.meta.url);

/** Discord's own description of its REST interface is beside this checkout. */
export const hasSpec: boolean = existsSync(specUrl);

export type Violation = {
  readonly what: 'request' | 'query' | 'answer' | 'route';
  /** `METHOD /path/{template}` */
  readonly route: string;
  readonly problems: readonly string[];
};

type Parameter = { readonly name: string; readonly in: string; readonly schema: object };
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
  readonly responses: Readonly<Record<string, { readonly content?: object; readonly $ref?: string }>>;
};
type Spec = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

/** Checks bodies against the description; finds nothing where it is not there. */
export type SchemaCheck = {
  request(method: string, path: string, body: unknown): Violation | null;
  query(method: string, path: string, query: URLSearchParams): Violation | null;
  answer(
    method: string,
    path: string,
    answer: { readonly status: number; readonly body?: unknown },
  ): Violation | null;
};

const nothing: SchemaCheck = { request: () => null, query: () => null, answer: () => null };

const pointer = (...keys: readonly string[]): string =>
  keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

const describe = (validate: ValidateFunction): readonly string[] =>
  (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '(all)'} ${message}`);

/** The description has numbers as the codes of an error's details, where Discord sends names. */
const withoutDetails = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'errors'));
};

/** Discord has these, and describes them nowhere. */
const undescribed: ReadonlySet<string> = new Set(['POST /attachments/refresh-urls']);

const open = (): SchemaCheck => {
  const spec = JSON.parse(readFileSync(specUrl, 'utf8')) as Spec;
  // Compiling is what takes time: once per schema, and no smaller code.
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  formats.default(ajv, ['date-time', 'uri', 'int32', 'int64', 'double']);
  ajv.addFormat('snowflake', /^\d{1,20}$/);
  ajv.addFormat('nonce', /^.{0,25}$/s);
  ajv.addSchema(spec, 'discord', undefined, false);
  const query = new Ajv2020({ strict: false, coerceTypes: true });
  formats.default(query, ['date-time', 'int32', 'int64']);
  query.addFormat('snowflake', /^\d{1,20}$/);
  query.addSchema(spec, 'discord', undefined, false);

  const operation = (method: string, path: string): Operation | undefined =>
    spec.paths[path]?.[method.toLowerCase()];

  const check = (ref: string, value: unknown): readonly string[] => {
    const validate = ajv.getSchema(`discord#${ref}`);
    if (!validate) return [`there is no schema at ${ref}`];
    return validate(value) === true ? [] : describe(validate);
  };

  const found = (what: Violation['what'], route: string, problems: readonly string[]): Violation | null =>
    problems.length > 0 ? { what, route, problems } : null;

  return {
    request: (method, path, body) => {
      const route = `${method} ${path}`;
      const described = operation(method, path);
      if (undescribed.has(route)) return null;
      if (!described) return { what: 'route', route, problems: ['Discord has no such route'] };
      if (!described.requestBody || body === undefined) return null;
      const at = pointer(
        'paths',
        path,
        method.toLowerCase(),
        'requestBody',
        'content',
        'application/json',
        'schema',
      );
      return found('request', route, check(at, body));
    },
    query: (method, path, given) => {
      const parameters = operation(method, path)?.parameters?.filter((each) => each.in === 'query') ?? [];
      const problems = [...given].flatMap(([name, value]) => {
        const parameter = parameters.find((each) => each.name === name);
        if (!parameter) return [`${name} is no parameter`];
        const schema = JSON.parse(
          JSON.stringify({ value: parameter.schema }).replaceAll('"#/', '"discord#/'),
        );
        return query.validate({ type: 'object', properties: schema }, { value })
          ? []
          : [`${name}=${value}: ${query.errorsText()}`];
      });
      return found('query', `${method} ${path}`, problems);
    },
    answer: (method, path, { status, body }) => {
      const responses = operation(method, path)?.responses;
      if (!responses || status === 204 || status >= 500) return null;
      const key = responses[String(status)] ? String(status) : status >= 400 ? '4XX' : null;
      const route = `${method} ${path}`;
      if (key === null) return { what: 'answer', route, problems: [`status ${status} is not described`] };
      const ref = responses[key]?.$ref;
      const base = ref ? ref.slice(1) : pointer('paths', path, method.toLowerCase(), 'responses', key);
      const at = `${base}${pointer('content', 'application/json', 'schema')}`;
      return found('answer', route, check(at, status >= 400 ? withoutDetails(body) : body));
    },
  };
};

let opened: SchemaCheck | undefined;

/** The one check of this process: reading the description takes a moment. */
export const openSchemaCheck = (): SchemaCheck => {
  opened ??= hasSpec ? open() : nothing;
  return opened;
};
