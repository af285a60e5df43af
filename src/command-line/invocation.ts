import { basename, relative } from 'node:path';

/** How somebody started this program. */
export type Invocation = {
  /** What is typed in front of `render`, on this machine, to start it again: `npm run gramzoom --`. */
  readonly gramzoom: string;
  /** What runs it: npm by one of the project's scripts or by `npx`; null where nothing stands in between. */
  readonly npm: 'script' | 'npx' | null;
  /** Whether npm or another Node passes signals on to it. */
  readonly isLaunched: boolean;
  /** What is typed to start the bot. */
  readonly start: string;
  /** The options that npm has kept for itself, as it writes them into the environment; empty without npm. */
  readonly kept: Environment;
};

type Environment = Readonly<Record<string, string | undefined>>;

const quoted = (path: string): string => (/^[\w./\\:@%+=-]+$/.test(path) ? path : `"${path}"`);

/** From the current folder, where that is shorter and there still is one. */
const shortest = (path: string): string => {
  try {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  } catch {
    return path;
  }
};

const npmOf = (environment: Environment): Invocation['npm'] => {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = '' } = environment;
  if (event === 'npx') return /^(['"]?)gramzoom\1$/.test(script) ? 'npx' : null;
  return /\bsrc\/launch\.mjs\b/.test(script) ? 'script' : null;
};

/**
 * The one place that finds out how the program was started; every hint that names a command uses it.
 * @param argv with the started file in second place, as it was named
 */
export const readInvocation = (
  environment: Environment = process.env,
  argv: readonly string[] = process.argv,
): Invocation => {
  const npm = npmOf(environment);
  const file = argv[1] ?? 'src/launch.mjs';
  const plain = basename(file) === 'gramzoom' ? 'gramzoom' : `node ${quoted(shortest(file))}`;
  const { GRAMZOOM_COMMAND, GRAMZOOM_LAUNCHERS } = environment;
  const typed = { script: 'npm run gramzoom --', npx: 'npx gramzoom' } as const;
  const gramzoom = npm ? typed[npm] : GRAMZOOM_COMMAND?.trim() || plain;
  return {
    gramzoom,
    npm,
    isLaunched: Boolean(GRAMZOOM_LAUNCHERS),
    start: npm === 'script' ? 'npm start' : `${gramzoom} bot`,
    kept: npm ? environment : {},
  };
};
