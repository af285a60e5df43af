import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './child-environment.ts';

const launcher = fileURLToPath(new URL('../../src/launch.mjs', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** One line of the bot's log. */
export type LogLine = {
  readonly msg: string;
  readonly level?: string;
  readonly job?: string;
  /** Of the lines about what happens, which have level debug. */
  readonly kind?: string;
  readonly progress?: { readonly done: number };
  /** Of the line that says that a render begins or goes on. */
  readonly resumed?: boolean;
  readonly framesBefore?: number;
};

/** The real bot in a process group of its own. */
export type BotProcess = {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it has said on standard output so far, line by line. */
  readonly said: readonly string[];
  readonly log: readonly LogLine[];
  /** Resolves once it is gone, with its exit status or signal. */
  readonly gone: Promise<number | NodeJS.Signals | null>;
  /** Kills the bot and its renderer, as a power cut does. */
  killGroup(): void;
  /** Kills the renderer alone; false where there is none now. */
  killRenderer(): boolean;
  signal(signal: NodeJS.Signals): void;
};

const environmentOf = (folder: string, environment: Environment) => ({
  ...childEnvironment,
  DATA_DIR: folder,
  HOST: '127.0.0.1',
  PORT: '0',
  THREADS: '1',
  // Their films are compared, and two processes may choose otherwise.
  PRECISION: 'int8',
  ...environment,
});

/** What is started: `gramzoom bot`, unless told. */
type Program = readonly string[];
const gramzoomBot: Program = [launcher, 'bot'];

const spawnBot = (
  folder: string,
  { environment, program }: { readonly environment: Environment; readonly program: Program },
): ChildProcess =>
  spawn(process.execPath, [...program], {
    cwd: tmpdir(),
    env: environmentOf(folder, environment),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Processes whose parent is `pid`: from /proc, so on Linux only. */
const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in brackets may hold anything, brackets and spaces too.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === pid && state !== 'Z' ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

/** Other children open photos: only this one renders. */
const isRenderer = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/render/child.ts');
  } catch {
    return false;
  }
};

const kill = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

const parseLine = (line: string): LogLine => {
  try {
    return JSON.parse(line);
  } catch {
    return { msg: line };
  }
};

/** A bot that did not start: what it said and how it ended. */
export class BotDidNotStart extends Error {
  readonly status: number | NodeJS.Signals | null;
  readonly stderr: string;

  constructor(status: number | NodeJS.Signals | null, stderr: string) {
    super(`the bot ended with ${status}: ${stderr}`);
    this.status = status;
    this.stderr = stderr;
  }
}

/** Starts the real bot and kills it on its way, wherever that is. */
export const killWhileStarting = async (
  folder: string,
  options: {
    readonly afterMs: number;
    readonly environment?: Environment;
    readonly program?: Program;
  },
): Promise<void> => {
  const { afterMs, environment = {}, program = gramzoomBot } = options;
  const child = spawnBot(folder, { environment, program });
  child.stdout?.resume();
  child.stderr?.resume();
  const gone = once(child, 'exit');
  await pause(afterMs);
  kill(-child.pid!, 'SIGKILL');
  await gone;
};

/**
 * Starts the real bot and waits until it says where it is.
 * @throws BotDidNotStart where it ends before
 */
export const startBotProcess = async (
  folder: string,
  environment: Environment = {},
  { program = gramzoomBot }: { readonly program?: Program } = {},
): Promise<BotProcess> => {
  const child = spawnBot(folder, { environment, program });
  const pid = child.pid!;
  const said: string[] = [];
  const log: LogLine[] = [];
  const gone = once(child, 'exit').then(([status, signal]) => status ?? signal);
  const address = Promise.withResolvers<string>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    said.push(line);
    const url = /(https?:\/\/[^\s;,]*[^\s;,.])/.exec(line)?.[1];
    if (url) address.resolve(url);
  });
  createInterface({ input: child.stderr! }).on('line', (line) => log.push(parseLine(line)));
  void gone.then(async (status) => {
    // Its last lines may still be on their way.
    await new Promise((resolve) => setImmediate(resolve));
    address.reject(new BotDidNotStart(status, log.map(({ msg }) => msg).join('\n')));
  });
  return {
    url: await address.promise,
    child,
    said,
    log,
    gone,
    killGroup: () => void kill(-pid, 'SIGKILL'),
    killRenderer: () => childrenOf(pid).some((each) => isRenderer(each) && kill(each, 'SIGKILL')),
    signal: (signal) => void kill(pid, signal),
  };
};

/** Runs the bot where it cannot start or go on, and tells how it ended. */
export const failToStart = async (
  folder: string,
  environment: Environment = {},
  { program = gramzoomBot }: { readonly program?: Program } = {},
): Promise<{ readonly status: number | null; readonly stderr: string; readonly stdout: string }> => {
  const child = spawnBot(folder, { environment, program });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'exit'),
  ]);
  return { status, stdout, stderr };
};
