import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseBytes } from './domain/bytes.ts';
import { closestName } from './domain/closest-name.ts';
import { engineChoices } from './domain/engines.ts';
import { GramzoomError } from './domain/errors.ts';
import { networkName, sharedFields } from './domain/request.ts';

/** Beyond this many threads a step of the engine gains nothing. */
const mostThreads = 8;

const webChoices = ['auto', 'on', 'off'] as const;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What a key takes, in words and as a parser of its text. */
type Key<Value> = { readonly expected: string; readonly schema: z.ZodType<Value, string | undefined> };

const oneOf = <const Choice extends string>(choices: readonly Choice[], otherwise: NoInfer<Choice>) => ({
  expected: `one of ${choices.join(', ')}`,
  schema: z.enum(choices).default(otherwise),
});

const wholeNumber = (
  otherwise: () => number,
  { min, max }: { readonly min: number; readonly max: number },
): Key<number> => ({
  expected: `a whole number from ${min} to ${max}`,
  schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max)).default(otherwise),
});

const size = (
  otherwise: number,
  { min, max, range }: { readonly min: number; readonly max: number; readonly range: string },
): Key<number> => ({
  expected: `a size ${range}`,
  schema: z
    .string()
    .transform((text) => parseBytes(text) ?? Number.NaN)
    .pipe(z.int().min(min).max(max))
    .default(otherwise),
});

const isBareAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && `${url.origin}/` === url.href;
};

/** Below it are paths of the catalogue, so it has no more than a path of its own. */
const isBaseAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return (
    (url?.protocol === 'http:' || url?.protocol === 'https:') && url.hostname !== '' && !/[?#\s]/.test(text)
  );
};

/** A network by its name, or the operator's own by its file. */
export type NetworkChoice =
  | { readonly name: string; readonly file: null }
  | { readonly name: null; readonly file: string };

const ownFile = /^file:(.+)$/s;

const ownHome = /^~(?:$|[/\\])/;
/**
 * Somebody else's home (`~ann`), a variable (`$HOME`, `${HOME}`, `%HOME%`), or quotes, which `docker run --env-file`
 * hands on.
 */
const shellSyntax = /^(?:["'`]|~[^/\\]|\$\{?[a-z_]|%[a-z_]+%)/i;

/** Whether a path begins with what only a shell would understand. */
export const needsShell = (path: string): boolean => shellSyntax.test(path);

/** A path that no shell has seen: `~` is the user's own folder. */
export const expandHome = (path: string): string =>
  ownHome.test(path) ? join(homedir(), path.slice(1)) : path;

/** Whether a text is `file:PATH`; other texts are names. */
export const namesFile = (text: string): boolean => ownFile.test(text);

/** Reads `vgg19` or `file:PATH`; a path counts from the current folder, or from the user's own after `~/`. */
export const networkChoice = (text: string): NetworkChoice => {
  const path = ownFile.exec(text)?.[1];
  return path === undefined ? { name: text, file: null } : { name: null, file: resolve(expandHome(path)) };
};

const keys = {
  DATA_DIR: {
    expected: 'a folder (~/ is your own one, others and variables have to be written out, without quotes)',
    schema: z
      .string()
      .refine((path) => !needsShell(path))
      .transform(expandHome)
      .default('./data'),
  },
  HOST: {
    expected: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
    schema: z
      .string()
      .regex(/^[\w.:-]+$/)
      .default('127.0.0.1'),
  },
  PORT: wholeNumber(() => 8484, { min: 0, max: 65_535 }),
  PUBLIC_URL: {
    expected: 'an address such as https://zoom.example.org, without a path',
    schema: z
      .string()
      .refine(isBareAddress)
      .transform((text): string | null => new URL(text).origin)
      .default(null),
  },
  WEB: oneOf(webChoices, 'auto'),
  LOG_LEVEL: oneOf(logLevels, 'info'),
  THREADS: wholeNumber(() => Math.min(mostThreads, availableParallelism()), { min: 1, max: 256 }),
  ENGINE: oneOf(engineChoices, 'auto'),
  NETWORK: {
    expected: "a network's name, or file: and the path of a safetensors file",
    schema: z
      .union([networkName, z.string().regex(ownFile)])
      .refine((text) => !needsShell(ownFile.exec(text)?.[1] ?? ''))
      .default(sharedFields.network.parse(undefined))
      .transform(networkChoice),
  },
  NETWORK_MIRROR: {
    expected: 'an address such as https://mirror.example.org/keras-applications',
    schema: z
      .string()
      .refine(isBaseAddress)
      .default('https://storage.googleapis.com/tensorflow/keras-applications')
      .transform((text) => text.replace(/\/+$/, '')),
  },
  MAX_PHOTO_BYTES: size(25 * 2 ** 20, { min: 1e5, max: 1e8, range: 'from 100kB to 100MB, such as 25MiB' }),
  MAX_DATA_BYTES: size(10e9, { min: 1e8, max: 1e15, range: 'of at least 100MB, such as 10GB' }),
  RETAIN_DAYS: wholeNumber(() => 30, { min: 1, max: 3650 }),
  USER_LIMIT: wholeNumber(() => 2, { min: 1, max: 1_000_000 }),
  SERVER_LIMIT: wholeNumber(() => 6, { min: 1, max: 1_000_000 }),
  MAX_WORK: {
    expected: 'how many default films one film may cost, a number from 1 to 1000000 such as 6',
    schema: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number)
      .pipe(z.number().min(1).max(1_000_000))
      .default(6),
  },
  GRACE_MS: wholeNumber(() => 8_000, { min: 1_000, max: 600_000 }),
  // Whether it is right, only Discord knows; no error may show it.
  DISCORD_TOKEN: {
    expected: "a bot's token from Discord's developer portal",
    schema: z
      .string()
      .transform((text): string | null => text.replace(/^Bot\s+/i, ''))
      .default(null),
  },
} as const satisfies Record<string, Key<unknown>>;

export type ConfigKey = keyof typeof keys;

/** The keys that exist; `.env.example` explains each. */
export const configKeys = Object.keys(keys) as readonly ConfigKey[];

type Value<K extends ConfigKey> = z.output<(typeof keys)[K]['schema']>;

/** What the environment decides. */
export type Config = {
  /** Database, files and lock of the bot. */
  readonly dataDir: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** How people reach the page where that is not `http://host:port`; an origin. */
  readonly publicUrl: string | null;
  /** The chat page: `auto` is on while no platform's token is set. */
  readonly web: Value<'WEB'>;
  readonly logLevel: Value<'LOG_LEVEL'>;
  /** Threads that the engine computes with. */
  readonly threads: number;
  readonly engine: Value<'ENGINE'>;
  /** The network of a request that names none. */
  readonly network: NetworkChoice;
  /** Address below which networks are downloaded from, without a slash at its end. */
  readonly networkMirror: string;
  /** For downloads, as the usual variables say it; empty: none. */
  readonly proxies: { readonly http: string; readonly https: string; readonly except: string };
  readonly maxPhotoBytes: number;
  /** Photos, films and pictures together. */
  readonly maxDataBytes: number;
  /** Age at which films are removed. */
  readonly retainDays: number;
  /** Unfinished renders of one user on all servers together, and on one server. */
  readonly userLimit: number;
  readonly serverLimit: number;
  /** What one render may cost, in films with the default options. */
  readonly maxWork: number;
  /** How long a stop may take. */
  readonly graceMs: number;
  /** Null: the bot is not on Discord. */
  readonly discordToken: string | null;
};

/** What others heed: proxies, Node, its libraries, terminals, and Compose, which reads the same file. */
const othersSettings =
  /^(https?_proxy|no_proxy|all_proxy|tz|no_color|force_color|lang|lc_\w+|(node|uv|ssl_cert|omp|compose|docker)_\w+)$/i;

/** Whether anybody reads a variable of this name. */
export const isKnownSetting = (key: string): boolean => Object.hasOwn(keys, key) || othersSettings.test(key);

/** The setting that a name is probably a slip of. */
export const settingMeant = (key: string): ConfigKey | undefined =>
  closestName(key, configKeys) as ConfigKey | undefined;

/** Adds variables to the environment; those that are there win. */
export const setWhereAbsent = (values: Readonly<Record<string, string>>): void => {
  for (const [key, value] of Object.entries(values)) process.env[key] ??= value;
};

/** The error for a key whose value turns out wrong later, such as a port that is taken. */
export const configurationError = (
  key: ConfigKey,
  received: string | number,
  { expected = keys[key].expected, cause }: { readonly expected?: string; readonly cause?: unknown } = {},
): GramzoomError =>
  new GramzoomError('configuration', { key, expected, received: String(received) }, { cause });

/** The variables that most programs heed; in small letters they count first, as with curl. */
const readProxies = (environment: Readonly<Record<string, string | undefined>>): Config['proxies'] => {
  const read = (key: string): string =>
    (environment[key.toLowerCase()]?.trim() || environment[key]?.trim()) ?? '';
  return { http: read('HTTP_PROXY'), https: read('HTTPS_PROXY'), except: read('NO_PROXY') };
};

/**
 * Reads the configuration; a blank value counts as left out.
 * @throws GramzoomError `configuration` naming the first key that is wrong and what it takes
 */
export const readConfig = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config => {
  const read = <K extends ConfigKey>(key: K): Value<K> => {
    const text = environment[key]?.trim() || undefined;
    const result = (keys[key].schema as z.ZodType<Value<K>>).safeParse(text);
    if (!result.success) throw configurationError(key, text ?? '', { cause: result.error });
    return result.data;
  };
  return Object.freeze({
    dataDir: read('DATA_DIR'),
    host: read('HOST'),
    port: read('PORT'),
    publicUrl: read('PUBLIC_URL'),
    web: read('WEB'),
    logLevel: read('LOG_LEVEL'),
    threads: read('THREADS'),
    engine: read('ENGINE'),
    network: read('NETWORK'),
    networkMirror: read('NETWORK_MIRROR'),
    proxies: readProxies(environment),
    maxPhotoBytes: read('MAX_PHOTO_BYTES'),
    maxDataBytes: read('MAX_DATA_BYTES'),
    retainDays: read('RETAIN_DAYS'),
    userLimit: read('USER_LIMIT'),
    serverLimit: read('SERVER_LIMIT'),
    maxWork: read('MAX_WORK'),
    graceMs: read('GRACE_MS'),
    discordToken: read('DISCORD_TOKEN'),
  });
};
