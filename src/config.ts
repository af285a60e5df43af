import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Environment, readSetting, type Setting } from './config/setting.ts';
import { readSlack, type SlackConfig, type SlackKey, slackKeys } from './config/slack-settings.ts';
import { parseBytes } from './domain/bytes.ts';
import { closestName } from './domain/closest-name.ts';
import { engineChoices, precisionChoices } from './domain/engines.ts';
import { networkName, sharedFields } from './domain/request.ts';

/** Beyond this many threads a step of the engine gains nothing. */
const mostThreads = 8;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const oneOf = <const Key extends string, const Choice extends string>(
  key: Key,
  choices: readonly Choice[],
  otherwise: NoInfer<Choice>,
): Setting<Key, Choice> => ({
  key,
  expected: `one of ${choices.join(', ')}`,
  schema: z.enum(choices).default(otherwise),
});

const wholeNumber = <const Key extends string>(
  key: Key,
  otherwise: number,
  { min, max }: { readonly min: number; readonly max: number },
): Setting<Key, number> => ({
  key,
  expected: `a whole number from ${min} to ${max}`,
  schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max)).default(otherwise),
});

const size = <const Key extends string>(
  key: Key,
  otherwise: number,
  { min, max, range }: { readonly min: number; readonly max: number; readonly range: string },
): Setting<Key, number> => ({
  key,
  expected: `a size ${range}`,
  schema: z
    .string()
    .transform((text) => parseBytes(text) ?? Number.NaN)
    .pipe(z.int().min(min).max(max))
    .default(otherwise),
});

const parseHttp = (text: string): URL | undefined => {
  const url = URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
};

/** Below it are paths of the catalogue, so it has no more than a path of its own. */
const isBaseAddress = (text: string): boolean => Boolean(parseHttp(text)?.hostname) && !/[?#\s]/.test(text);

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

/** A person as an operator names them. A name of a platform has no colon; what its ids look like it knows alone. */
const operatorSchema = z
  .string()
  .regex(/^[a-z]+:\S+$/)
  .transform((text): { readonly platform: string; readonly user: string } => {
    const colon = text.indexOf(':');
    return { platform: text.slice(0, colon), user: text.slice(colon + 1) };
  });

/** What the environment decides; `.env.example` explains each key. */
const settings = {
  /** Database, files and lock of the bot. */
  dataDir: {
    key: 'DATA_DIR',
    expected: 'a folder (~/ is your own one, others and variables have to be written out, without quotes)',
    schema: z
      .string()
      .refine((path) => !needsShell(path))
      .transform(expandHome)
      .default('./data'),
  },
  host: {
    key: 'HOST',
    expected: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
    schema: z
      .string()
      .regex(/^[\w.:-]+$/)
      .default('127.0.0.1'),
  },
  /** 0: any that is free. */
  port: wholeNumber('PORT', 8484, { min: 0, max: 65_535 }),
  /** How people reach the page where that is not `http://host:port`; an origin. */
  publicUrl: {
    key: 'PUBLIC_URL',
    expected: 'an address such as https://zoom.example.org, without a path',
    schema: z
      .string()
      .refine((text) => parseHttp(text)?.href === `${parseHttp(text)?.origin}/`)
      .transform((text): string | null => new URL(text).origin)
      .default(null),
  },
  /** The chat page: `auto` is on while no platform's token is set. */
  web: oneOf('WEB', ['auto', 'on', 'off'], 'auto'),
  logLevel: oneOf('LOG_LEVEL', logLevels, 'info'),
  /** Threads that the engine computes with. */
  threads: wholeNumber('THREADS', Math.min(mostThreads, availableParallelism()), { min: 1, max: 256 }),
  engine: oneOf('ENGINE', engineChoices, 'auto'),
  precision: oneOf('PRECISION', precisionChoices, 'auto'),
  /** The network of a request that names none. */
  network: {
    key: 'NETWORK',
    expected: "a network's name, or file: and the path of a safetensors file",
    schema: z
      .union([networkName, z.string().regex(ownFile)])
      .refine((text) => !needsShell(ownFile.exec(text)?.[1] ?? ''))
      .default(sharedFields.network.parse(undefined))
      .transform(networkChoice),
  },
  /** Address below which networks are downloaded from, without a slash at its end. */
  networkMirror: {
    key: 'NETWORK_MIRROR',
    expected: 'an address such as https://mirror.example.org/keras-applications',
    schema: z
      .string()
      .refine(isBaseAddress)
      .default('https://storage.googleapis.com/tensorflow/keras-applications')
      .transform((text) => text.replace(/\/+$/, '')),
  },
  maxPhotoBytes: size('MAX_PHOTO_BYTES', 25e6, {
    ...{ min: 1e5, max: 1e8 },
    range: 'from 100kB to 100MB, such as 25MB',
  }),
  /** Photos, films and pictures together. */
  maxDataBytes: size('MAX_DATA_BYTES', 10e9, {
    ...{ min: 1e8, max: 1e15 },
    range: 'of at least 100MB, such as 10GB',
  }),
  /** Age at which films are removed. */
  retainDays: wholeNumber('RETAIN_DAYS', 30, { min: 1, max: 3650 }),
  /** Unfinished renders of one user on all servers together, and on one server. */
  userLimit: wholeNumber('USER_LIMIT', 2, { min: 1, max: 1_000_000 }),
  serverLimit: wholeNumber('SERVER_LIMIT', 6, { min: 1, max: 1_000_000 }),
  /** What one render may cost, in films with the default options. */
  maxWork: {
    key: 'MAX_WORK',
    expected: 'how many default films one film may cost, a number from 1 to 1000000 such as 6',
    schema: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number)
      .pipe(z.number().min(1).max(1_000_000))
      .default(6),
  },
  /** People who may do in every contest what moderators may. */
  operators: {
    key: 'OPERATORS',
    expected: 'people as platform:id, such as discord:80351110224678912, separated by commas',
    schema: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(operatorSchema))
      .default([]),
  },
  /** How long a stop may take. */
  graceMs: wholeNumber('GRACE_MS', 8_000, { min: 1_000, max: 600_000 }),
  /** Null: the bot is not on Discord. Whether it is right, only Discord knows; no error may show it. */
  discordToken: {
    key: 'DISCORD_TOKEN',
    expected: "a bot's token from Discord's developer portal",
    isSecret: true,
    schema: z
      .string()
      .transform((text): string | null => text.replace(/^Bot\s+/i, ''))
      .default(null),
  },
} as const satisfies Record<string, Setting<string, unknown>>;

type Settings = typeof settings;
export type ConfigKey = Settings[keyof Settings]['key'] | SlackKey;

/** The keys that exist. */
export const configKeys: readonly ConfigKey[] = [
  ...Object.values(settings).map(({ key }) => key),
  ...slackKeys,
];

/** What the environment decides; `proxies` is for downloads, and empty if there is none. */
export type Config = { readonly [Field in keyof Settings]: z.output<Settings[Field]['schema']> } & {
  /** Null: the bot is not on Slack. */
  readonly slack: SlackConfig | null;
  readonly proxies: { readonly http: string; readonly https: string; readonly except: string };
};

/** What others read: proxies, Node, its libraries, terminals, and Compose, which reads the same file. */
const othersSettings =
  /^(https?_proxy|no_proxy|all_proxy|tz|no_color|force_color|lang|lc_\w+|(node|uv|ssl_cert|omp|compose|docker)_\w+)$/i;

/** Whether anybody reads a variable of this name. */
export const isKnownSetting = (key: string): boolean =>
  configKeys.some((known) => known === key) || othersSettings.test(key);

/** The setting that a name is probably a slip of. */
export const settingMeant = (key: string): ConfigKey | undefined =>
  closestName(key, configKeys) as ConfigKey | undefined;

/** Adds variables to the environment; those that are there win. */
export const setWhereAbsent = (values: Readonly<Record<string, string>>): void => {
  for (const [key, value] of Object.entries(values)) process.env[key] ??= value;
};

/** The variables that most programs read; in small letters they count first, as with curl. */
const readProxies = (environment: Environment): Config['proxies'] => {
  const read = (key: string): string =>
    (environment[key.toLowerCase()]?.trim() || environment[key]?.trim()) ?? '';
  return { http: read('HTTP_PROXY'), https: read('HTTPS_PROXY'), except: read('NO_PROXY') };
};

/**
 * Reads the configuration; a blank value counts as left out.
 * @throws GramzoomError `configuration` naming the first key that is wrong and what it takes
 */
export const readConfig = (environment: Environment = process.env): Config => {
  const read = <Value>(setting: Setting<string, Value>): Value => readSetting(environment, setting);
  const values = Object.fromEntries(
    Object.entries(settings).map(([field, setting]) => [field, read<unknown>(setting)]),
  );
  const slack = readSlack(environment, read(settings.publicUrl));
  return Object.freeze({ ...values, slack, proxies: readProxies(environment) } as Config);
};
