import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { minVersion, satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      engines: z.unknown().optional(),
      hasInstallScript: z.boolean().optional(),
      libc: z.array(z.string()).optional(),
    }),
  ),
});

const { '': _project, ...packages } = lockSchema.parse(JSON.parse(read('package-lock.json'))).packages;
const locked = Object.entries(packages);
const installed = Object.keys(packages).filter((path) => existsSync(`${root}${path}/package.json`));

const installedSchema = z.object({ engines: z.object({ node: z.string().optional() }).optional() });
const wantedNode = (path: string): string =>
  installedSchema.safeParse(JSON.parse(read(`${path}/package.json`))).data?.engines?.node ?? '*';

const nodes = Object.entries(manifest.optionalDependencies);
const lowestNode = minVersion(nodes[0]?.[1] ?? '')?.version ?? '';

describe('the lock file (`npm run lock` after a change)', () => {
  it('is of a project with packages', () => {
    expect(locked.length).toBeGreaterThan(100);
    expect(installed.length).toBeGreaterThan(50);
  });

  it('names no registry, so that everybody may use their own', () => {
    expect(locked.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  it('knows what each package must contain', () => {
    expect(locked.filter(([, entry]) => !entry.integrity?.startsWith('sha512-'))).toEqual([]);
  });

  // npm would compare them with the Node that it runs on itself, and warn of what does not matter.
  it('names no Node for packages: they run on the one that npm brings', () => {
    expect(locked.filter(([, entry]) => entry.engines !== undefined)).toEqual([]);
  });

  // npm 10 drops this field when it writes the lock file, and everybody would get the binaries for musl too.
  it('says which C library binaries for Linux are made for', () => {
    const forMusl = locked.filter(([path]) => /linux-?(?:\w+-)?musl|linuxmusl/.test(path));
    expect(forMusl.length).toBeGreaterThan(0);
    expect(forMusl.filter(([, entry]) => entry.libc === undefined)).toEqual([]);
  });
});

describe('the Node that npm brings', () => {
  it('is promised in the same range for every system, and locked within it', () => {
    expect(new Set(nodes.map(([, range]) => range))).toEqual(new Set([`^${lowestNode}`]));
    for (const [name, range] of nodes)
      expect(satisfies(packages[`node_modules/${name}`]?.version ?? '', range), name).toBe(true);
  });

  it('is the one that with-node.mjs asks for', () => {
    expect(read('src/with-node.mjs')).toContain(`const major = ${lowestNode.split('.')[0]};`);
  });

  it('is new enough for every installed package, at its lowest version', () => {
    const tooOld = installed.filter((path) => !satisfies(lowestNode, wantedNode(path)));
    expect(tooOld.map((path) => `${path}: ${wantedNode(path)}`)).toEqual([]);
  });
});

describe('an install', () => {
  it('runs no script of any package, and sets nothing that npm does not know', () => {
    expect(read('.npmrc')).toBe('ignore-scripts=true\n');
  });

  /** Packages that npm would compile or run a script of, and why they do without. */
  const work: Readonly<Record<string, string>> = {
    'node_modules/better-sqlite3': 'has binaries for every promised system in `prebuilds`',
    'node_modules/onnxruntime-node': 'its script fetches what CUDA needs (docs/cuda.md)',
  };

  it('needs no script of any package', () => {
    const scripted = locked.filter(([, entry]) => entry.hasInstallScript).map(([path]) => path);
    const compiled = installed.filter((path) => existsSync(`${root}${path}/binding.gyp`));
    expect([...new Set([...scripted, ...compiled])].sort()).toEqual(Object.keys(work));
  });

  it.each(['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])(
    'has native parts for %s without compiling',
    (system) => {
      const onnx = `node_modules/onnxruntime-node/bin/napi-v6/${system.replace('-', '/')}/onnxruntime_binding.node`;
      expect(existsSync(`${root}node_modules/better-sqlite3/prebuilds/${system}.node`)).toBe(true);
      expect(existsSync(root + onnx)).toBe(true);
      expect(packages).toHaveProperty([`node_modules/@img/sharp-${system}`]);
    },
  );

  // npm leaves out what surrounds a script (`pretest`, `poststart`) where `ignore-scripts` is set.
  it('has no script of this project that runs by itself', () => {
    const names = Object.keys(manifest.scripts);
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
    const around = names.flatMap((name) => [`pre${name}`, `post${name}`]);
    expect(names.filter((name) => hooks.includes(name) || around.includes(name))).toEqual([]);
  });
});
