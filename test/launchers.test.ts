import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { isAlive } from './support/processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { scripts, bin } = manifest;

const { PATH, HOME } = process.env;

/** Says which process it is, and what it is told; stops like the bot. */
const program = `
process.on('SIGTERM', () => {});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => console.log('stopped') ?? setTimeout(() => process.exit(), 10));
setInterval(() => {}, 1000);
console.log(process.pid);
`;

/** Another Node on this machine, which then starts the one that was brought along; undefined: there is none. */
const otherNode = (PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((node) => {
    try {
      return Number.parseInt(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1), 10) !== 24;
    } catch {
      return false;
    }
  });

describe.skipIf(process.platform === 'win32')(
  'a program that was started for a person (needs signals)',
  () => {
    let folder: string;
    let started: number | undefined;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'launchers-'));
      mkdirSync(join(folder, 'src'));
      for (const file of ['launch.mjs', 'with-node.mjs', 'launchers.mjs']) {
        cpSync(join(root, 'src', file), join(folder, 'src', file));
      }
      writeFileSync(join(folder, 'src', 'cli.ts'), program);
      const { start, gramzoom } = scripts;
      const project = { name: 'gramzoom', version: '0.0.0', private: true, type: 'module', bin };
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ ...project, scripts: { start, gramzoom } }),
      );
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    });
    afterEach(() => {
      if (started !== undefined && isAlive(started)) process.kill(started, 'SIGKILL');
      started = undefined;
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const start = async (command: string, args: readonly string[], path = dirname(process.execPath)) => {
      const launcher: ChildProcess = spawn(command, [...args], {
        cwd: folder,
        env: { HOME, PATH: `${path}${delimiter}${PATH}`, npm_config_update_notifier: 'false' },
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: launcher.stdout! })[Symbol.asyncIterator]();
      let pid = Number.NaN;
      while (Number.isNaN(pid)) pid = Number((await lines.next()).value || Number.NaN);
      started = pid;
      return { launcher, pid, nextLine: async () => (await lines.next()).value };
    };

    const expectToStop = async (run: Awaited<ReturnType<typeof start>>, signal: NodeJS.Signals) => {
      const gone = once(run.launcher, 'exit');
      run.launcher.kill(signal);
      expect(await run.nextLine()).toBe('stopped');
      await gone;
      while (isAlive(run.pid)) await new Promise(setImmediate);
    };

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('stops with npm: %s', async (signal) => {
      await expectToStop(await start('npm', ['start', '--silent']), signal);
    });

    it.each(['SIGTERM', 'SIGKILL'] as const)(
      'stops with npx, which leaves a shell between: %s',
      async (signal) => {
        await expectToStop(await start('npm', ['exec', '--offline', '--', 'gramzoom']), signal);
      },
    );

    it.skipIf(!otherNode).each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
      'stops with the Node that started another one for it: %s (needs a Node other than 24)',
      async (signal) => {
        await expectToStop(await start(otherNode!, ['src/launch.mjs']), signal);
      },
    );

    it('stays when whoever started it without npm ends', async () => {
      const command = `${process.execPath} src/launch.mjs & exec sleep 1000`;
      const { launcher, pid } = await start('sh', ['-c', command]);
      const gone = once(launcher, 'exit');
      launcher.kill('SIGKILL');
      await gone;
      // Its watch, if it had one, would look by now: a newer process that has one stops meanwhile.
      const other = await start('npm', ['start', '--silent']);
      started = pid;
      await expectToStop(other, 'SIGKILL');
      expect(isAlive(pid)).toBe(true);
    });
  },
);

describe('the npm scripts that people start Gramzoom with', () => {
  it('leave no shell between, on Windows neither', () => {
    expect(scripts.start).toMatch(/^exec node /);
    expect(scripts.gramzoom).toMatch(/^exec node /);
    expect(readFileSync(join(root, 'exec.cmd'), 'utf8')).toContain('\n@%*\n');
  });
});
