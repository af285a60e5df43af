import { posix } from 'node:path';
import { type Import, lineAt, maskSource, readImports } from './imports.ts';

/** What each layer may import besides itself: docs/architecture.md. A new folder under src needs a line. */
const layers: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['domain'],
  messages: ['domain'],
  config: ['domain'],
  concurrency: ['domain', 'ports'],
  files: ['domain', 'ports'],
  app: ['concurrency', 'domain', 'ports'],
  commands: ['app', 'concurrency', 'domain', 'ports'],
  engine: ['domain'],
  image: ['concurrency', 'domain'],
  networks: ['engine', 'concurrency', 'files', 'ports', 'domain'],
  render: ['engine', 'networks', 'image', 'concurrency', 'ports', 'domain'],
  chat: ['concurrency', 'ports', 'domain', 'messages', 'app', 'commands'],
  store: ['concurrency', 'files', 'ports', 'domain'],
  ops: ['concurrency', 'ports', 'domain'],
};

/** Parts of one layer that share only what they are handed. */
const strangers: readonly (readonly [string, string])[] = [['src/app/coordinator/', 'src/app/worker/']];

/** Where each package may be imported; `src/` is everywhere. A new dependency needs a line. */
export const packagePlaces: Readonly<Record<string, readonly string[]>> = {
  zod: ['src/', 'commands/'],
  h5wasm: ['src/networks/'],
  undici: ['src/networks/', 'src/chat/discord/'],
  'discord.js': ['src/chat/discord/'],
  '@discordjs/ws': ['src/chat/discord/'],
  '@slack/bolt': ['src/chat/slack/'],
  '@slack/socket-mode': ['src/chat/slack/'],
  '@slack/types': ['src/chat/slack/'],
  '@slack/web-api': ['src/chat/slack/'],
  commander: ['src/cli.ts', 'src/command-line/'],
  sharp: ['src/image/'],
  gifenc: ['src/image/'],
  'dejavu-fonts-ttf': ['src/image/'],
  '@expo-google-fonts/noto-emoji': ['src/image/'],
  '@fontsource/unifontex': ['src/image/'],
  'libheif-js': ['src/image/'],
  'h264-mp4-encoder': ['src/image/'],
  tinyh264: ['src/image/'],
  'onnxruntime-node': ['src/engine/backends/'],
  protobufjs: ['src/engine/backends/'],
  'better-sqlite3': ['src/store/sqlite/'],
  kysely: ['src/store/'],
  'temporal-polyfill': ['src/app/'],
  'p-queue': ['src/concurrency/'],
  'quick-lru': ['src/chat/', 'src/render/', 'src/store/sqlite/'],
  pino: ['src/ops/'],
  '@prometheus-io/client': ['src/ops/'],
  hono: ['src/chat/'],
  '@hono/node-server': ['src/ops/'],
  'htmx.org': ['src/chat/web/'],
  'htmx-ext-sse': ['src/chat/web/'],
};

/** No files, clock, chance or environment in these; the builtins listed have none of it. */
const pureLayers: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: [],
  messages: [],
  engine: ['node:assert', 'node:buffer', 'node:util'],
};

const maxLines = 400;

export const rules = [
  'layer',
  'platform',
  'entry-point',
  'unknown-folder',
  'cycle',
  'decoder',
  'unresolved-import',
  'computed-import',
  'package',
  'builtin',
  'environment',
  'impure',
  'console',
  'default-export',
  'barrel',
  'utils',
  'length',
] as const;
export type Rule = (typeof rules)[number];

export type Violation = { readonly rule: Rule; readonly file: string; readonly detail: string };

export type Exceptions = Readonly<
  Record<string, { readonly rules: readonly Rule[]; readonly reason: string }>
>;

/** Files that may break a rule. A test fails where one no longer does. */
export const exceptions: Exceptions = {
  'vitest.config.ts': { rules: ['default-export'], reason: 'vitest asks for one' },
  'src/with-node.mjs': {
    rules: ['environment', 'computed-import'],
    reason: 'it starts any module in a Node that is new enough, before there is a configuration',
  },
  'src/launchers.mjs': {
    rules: ['environment'],
    reason: 'it is there before there is a configuration, and what npm tells is no setting',
  },
  'src/command-line/invocation.ts': {
    rules: ['environment'],
    reason: 'npm tells by the environment how it was called, which is no setting',
  },
  'src/command-line/bot-command.ts': { rules: ['entry-point'], reason: '`gramzoom bot` is the bot' },
  'test/bot/third-platform.test.ts': {
    rules: ['entry-point'],
    reason: 'the whole bot in the process of a test',
  },
  'test/support/staged-bot.ts': {
    rules: ['entry-point'],
    reason: 'the whole bot in the process of a test',
  },
};

/** Tests, benchmarks, scripts and the tools' configuration: they may import anything, nothing imports them. */
const free = 'free';
/** The composition roots: they know every part. */
const root = 'root';

/** Where programs begin. The render child's is started by its URL, so its folder may name it. */
const entryPoints: ReadonlySet<string> = new Set([
  'src/main.ts',
  'src/cli.ts',
  'src/launch.mjs',
  'src/render/child.ts',
  'src/render/inspecting-child.ts',
  'src/render/drawing-child.ts',
]);

const folderLayer = (file: string): string | undefined => {
  const [top, second, third] = file.split('/');
  if (top === 'commands') return 'commands';
  if (top !== 'src') return free;
  if (second === 'config.ts') return 'config';
  if (second === 'with-node.mjs' || second === 'launchers.mjs') return root;
  if (second === 'command-line' || second === 'bot') return root;
  return third !== undefined && second !== undefined && second in layers ? second : undefined;
};

const layerOf = (file: string): string | undefined => (entryPoints.has(file) ? root : folderLayer(file));

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:');
const resolveFrom = (file: string, specifier: string): string => posix.join(posix.dirname(file), specifier);

type Report = (rule: Rule, detail: string) => void;

/** The folder of one chat platform, or what they share; undefined for other files. */
const platformOf = (file: string): string | undefined => /^src\/chat\/([^/]+)\//.exec(file)?.[1];
const sharedByPlatforms = 'shared';

/** Layers that know no platform: neither its name nor what is special about it. */
const platformFree: ReadonlySet<string> = new Set([
  ...['domain', 'ports', 'messages', 'app', 'commands', 'concurrency', 'queue', 'render', 'engine'],
]);

const checkPlatforms = (
  file: string,
  source: string,
  { platforms, report }: { readonly platforms: readonly string[]; readonly report: Report },
): void => {
  if (!platformFree.has(layerOf(file) ?? '') && platformOf(file) !== sharedByPlatforms) return;
  for (const name of platforms) {
    for (const match of source.matchAll(new RegExp(`\\b${name}\\b`, 'gi'))) {
      report(
        'platform',
        `line ${lineAt(source, match.index)}: ${layerOf(file)} knows no platform, such as ${name}`,
      );
    }
  }
};

const checkRelative = (
  file: string,
  { specifier, kind }: { readonly specifier: string; readonly kind: Import['kind'] },
  files: ReadonlyMap<string, string>,
  report: Report,
): void => {
  // Tests start programs of their own, and some that are not there.
  if (kind === 'worker' && layerOf(file) === free) return;
  const target = resolveFrom(file, specifier);
  if (posix.extname(target) === '.json') return;
  if (!files.has(target)) {
    report('unresolved-import', `${specifier} is no module of this project (imports end in .ts)`);
    return;
  }
  if (entryPoints.has(target) && kind !== 'worker') report('entry-point', `nothing imports ${target}`);
  for (const pair of strangers) {
    const [own, other] = file.startsWith(pair[0]) ? pair : pair.toReversed();
    if (file.startsWith(own!) && target.startsWith(other!))
      report('layer', `${own} may not import ${target}`);
  }
  const [platform, imported] = [platformOf(file), platformOf(target)];
  // What platforms share has no platform's name in it, and so no path to one.
  if (
    platform !== undefined &&
    platform !== sharedByPlatforms &&
    imported !== undefined &&
    ![platform, sharedByPlatforms].includes(imported)
  ) {
    report('platform', `a platform may not import another (${target})`);
  }
  const from = layerOf(file);
  const to = kind === 'worker' ? folderLayer(target) : layerOf(target);
  if (from === undefined || to === undefined || from === to || from === free) return;
  const allowed = from === root ? to !== free : layers[from]?.includes(to);
  if (!allowed) report('layer', `${from} may not import ${to} (${target})`);
};

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const checkPackage = (file: string, specifier: string, report: Report): void => {
  const name = packageOf(specifier);
  const places = packagePlaces[name];
  if (!places) report('package', `${name} has no place yet: name one in test/support/architecture.ts`);
  else if (!places.some((place) => file.startsWith(place))) {
    report('package', `${name} is imported only in ${places.join(' and ')}`);
  }
  if (layerOf(file) === 'domain' && name !== 'zod') report('package', `domain imports zod only, not ${name}`);
};

const checkImport = (
  file: string,
  { specifier, kind, line }: Import,
  files: ReadonlyMap<string, string>,
  report: Report,
): void => {
  const at: Report = (rule, detail) => report(rule, `line ${line}: ${detail}`);
  if (specifier === null) {
    if (layerOf(file) !== free) at('computed-import', 'which module it imports cannot be read');
  } else if (isRelative(specifier)) {
    checkRelative(file, { specifier, kind }, files, at);
  } else if (layerOf(file) === free) {
    return;
  } else if (isBuiltin(specifier)) {
    const allowed = pureLayers[layerOf(file) ?? ''];
    if (allowed && !allowed.includes(specifier)) at('builtin', `${layerOf(file)} may not use ${specifier}`);
    if (specifier === 'node:process' && file !== 'src/config.ts') {
      at('environment', 'use the global process; only src/config.ts reads its environment');
    }
  } else {
    checkPackage(file, specifier, at);
  }
};

type Pattern = readonly [rule: Rule, pattern: RegExp, detail: string, applies: (file: string) => boolean];

const isPure = (file: string): boolean => (layerOf(file) ?? '') in pureLayers;
const isProduct = (file: string): boolean => layerOf(file) !== free;

const patterns: readonly Pattern[] = [
  [
    'environment',
    /\bprocess\s*(?:\?\.|!?\.)\s*env\b|\bprocess\s*(?:\?\.)?\s*\[|\benv\b[^{}]*\}\s*=\s*process\b/g,
    'only src/config.ts reads the environment',
    (file) => isProduct(file) && file !== 'src/config.ts',
  ],
  [
    'impure',
    /\bMath\s*\.\s*random\b|\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|\bperformance\s*\.|\bcrypto\s*\./g,
    'chance comes from domain/random.ts, time from the caller',
    isPure,
  ],
  [
    'impure',
    /(?<![\w$.])(?:setTimeout|setInterval|fetch)\s*\(|(?<![\w$.])process\s*\./g,
    'no timers, network or process here',
    isPure,
  ],
  [
    'console',
    /(?<![\w$.])console\s*\./g,
    'only the command line writes to the terminal',
    (file) => isProduct(file) && layerOf(file) !== root,
  ],
  ['default-export', /(?<![\w$.])export\s+default\b|\bas\s+default\b/g, 'exports have names', () => true],
  ['barrel', /(?<![\w$.])export\s*\*/g, 'modules are imported where they are', () => true],
];

const checkText = (file: string, source: string, report: Report): void => {
  const code = maskSource(source);
  for (const [rule, pattern, detail, applies] of patterns) {
    if (!applies(file)) continue;
    for (const match of code.matchAll(pattern))
      report(rule, `line ${lineAt(source, match.index)}: ${detail}`);
  }
};

const checkPlace = (file: string, source: string, report: Report): void => {
  const parts = file.split('/');
  if (layerOf(file) === undefined) report('unknown-folder', 'its place is not in the table of layers');
  if (parts.at(-1) === 'index.ts' && file !== 'commands/index.ts')
    report('barrel', 'only commands has an index');
  if (parts.some((part) => /^(?:utils?|helpers?|misc|common)(?:\.ts)?$/.test(part))) {
    report('utils', 'a file is named for what it holds');
  }
  const lines = source.trimEnd().split('\n').length;
  if (lines > maxLines) report('length', `${lines} lines, at most ${maxLines}`);
};

/** Import cycles, each once, beginning with its first file by name. Workers are other programs: not counted. */
const findCycles = (edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] => {
  const cycles = new Map<string, readonly string[]>();
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = path.slice(start);
      const first = cycle.indexOf(cycle.toSorted()[0]!);
      const ordered = [...cycle.slice(first), ...cycle.slice(0, first)];
      cycles.set(ordered.join(), ordered);
      return;
    }
    if (finished.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    finished.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return [...cycles.values()];
};

/** The processes that hold tokens and the database: no decoder sees strangers' bytes there. */
const trusted = ['src/main.ts', 'src/cli.ts'];
const decoders = ['sharp', 'libheif-js'];

/** The ways on which a trusted process would load a decoder, each from its beginning. */
const waysToDecoders = (
  edges: ReadonlyMap<string, readonly string[]>,
  loads: (file: string) => boolean,
): readonly (readonly string[])[] =>
  trusted.flatMap((start) => {
    const ways = new Map<string, readonly string[]>([[start, [start]]]);
    // A Map is walked with what is added on the way.
    for (const [file, way] of ways) {
      for (const next of edges.get(file) ?? []) if (!ways.has(next)) ways.set(next, [...way, next]);
    }
    return [...ways].filter(([file]) => loads(file)).map(([, way]) => way);
  });

/**
 * Everything in a tree that breaks the project's layout (docs/architecture.md).
 * @param files sources by path, relative to the repository, with forward slashes
 * @param granted which files may break which rules
 */
export const violations = (
  files: ReadonlyMap<string, string>,
  granted: Exceptions = exceptions,
): readonly Violation[] => {
  const found: Violation[] = [];
  const edges = new Map<string, readonly string[]>();
  const loading = new Set<string>();
  const platforms = [...new Set([...files.keys()].flatMap((file) => platformOf(file) ?? []))].filter(
    (name) => name !== sharedByPlatforms,
  );
  for (const [file, source] of files) {
    const report: Report = (rule, detail) => found.push({ rule, file, detail });
    const imports = readImports(source);
    checkPlace(file, source, report);
    checkText(file, source, report);
    checkPlatforms(file, source, { platforms, report });
    for (const each of imports) checkImport(file, each, files, report);
    if (imports.some(({ specifier }) => specifier !== null && decoders.includes(packageOf(specifier)))) {
      loading.add(file);
    }
    edges.set(
      file,
      imports.flatMap(({ specifier, kind }) =>
        specifier !== null && isRelative(specifier) && kind !== 'worker'
          ? [resolveFrom(file, specifier)]
          : [],
      ),
    );
  }
  for (const cycle of findCycles(edges)) {
    found.push({ rule: 'cycle', file: cycle[0]!, detail: [...cycle, cycle[0]].join(' -> ') });
  }
  for (const way of waysToDecoders(edges, (file) => loading.has(file))) {
    found.push({ rule: 'decoder', file: way[0]!, detail: way.join(' -> ') });
  }
  return found.filter(({ rule, file }) => !granted[file]?.rules.includes(rule));
};
