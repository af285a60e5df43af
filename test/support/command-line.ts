import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './child-environment.ts';

const launcher = fileURLToPath(new URL('../../src/launch.mjs', import.meta.url));

export const samplePhoto = fileURLToPath(new URL('../../docs/sample.png', import.meta.url));

/** The smallest film there is, and the quickest. */
export const tiny = ['--size', '64', '--frames', '8', '--steps', '1'] as const;

export type Ran = {
  /** The exit status, or the signal that ended it. */
  readonly status: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunOptions = {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  /** A process group of its own, as a shell gives it. */
  readonly detached?: boolean;
};

const start = (command: string, args: readonly string[], options: RunOptions): ChildProcess =>
  spawn(command, args, {
    cwd: options.cwd ?? tmpdir(),
    // The test runner's own environment forces colours.
    env: {
      ...childEnvironment,
      ...{ TERM: 'xterm-256color', GRAMZOOM_COMMAND: 'gramzoom' },
      ...options.environment,
    },
    detached: options.detached ?? false,
    stdio: ['pipe', 'pipe', 'pipe'],
  });

const finish = async (child: ChildProcess): Promise<Ran> => {
  const { promise, resolve, reject } = Promise.withResolvers<number | NodeJS.Signals | null>();
  child.on('error', reject);
  child.on('close', (status, signal) => resolve(status ?? signal));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout!), text(child.stderr!), promise]);
  return { status, stdout, stderr };
};

/** Starts the real command line; `finished` tells how it ended. */
export const startCommandLine = (
  args: readonly string[],
  options: RunOptions = {},
): { readonly child: ChildProcess; readonly finished: Promise<Ran> } => {
  const child = start(process.execPath, [launcher, ...args], options);
  // It may end without having read what it was given.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? new Uint8Array());
  return { child, finished: finish(child) };
};

/** Runs the real command line to its end. */
export const runCommandLine = (args: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  startCommandLine(args, options).finished;

/** Runs the real command line on a terminal: `script` of util-linux. All it prints is one text. */
export const runOnTerminal = async (args: readonly string[], options: RunOptions = {}): Promise<Ran> => {
  const command = [process.execPath, launcher, ...args].map((part) => `'${part}'`).join(' ');
  const child = start('script', ['-qefc', command, '/dev/null'], options);
  child.stdin?.end();
  return await finish(child);
};

/** An empty folder that `remove` takes away again. */
export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'gramzoom-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
