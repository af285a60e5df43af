import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { exceptions, packagePlaces, type Rule, rules, violations } from './support/architecture.ts';
import { maskSource, readImports } from './support/imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const projectFiles = (): ReadonlyMap<string, string> => {
  const names = globSync(['*.ts', '{src,commands,test,bench,docs,networks}/**/*.{ts,mjs}'], { cwd: root });
  return new Map(
    names.sort().map((name) => [name.replaceAll('\\', '/'), readFileSync(`${root}/${name}`, 'utf8')]),
  );
};

type Tree = Readonly<Record<string, string>>;

/** A small project without a fault. */
const clean: Tree = {
  'src/domain/request.ts': "import { z } from 'zod';\nexport const request = z.strictObject({});",
  'src/domain/random.ts': 'export const random = (seed: number): number => seed;',
  'src/ports/renderer.ts':
    "import type { request } from '../domain/request.ts';\nexport type R = typeof request;",
  'src/messages/en.ts': "import { random } from '../domain/random.ts';\nexport const en = random;",
  'src/engine/adam.ts': "import { inspect } from 'node:util';\nexport const adam = inspect;",
  'src/engine/backends/onnx.ts': "import * as ort from 'onnxruntime-node';\nexport const onnx = ort;",
  'src/image/decode.ts': "import sharp from 'sharp';\nexport const decode = sharp;",
  'src/image/encode.ts':
    "import { Worker } from 'node:worker_threads';\n" +
    "export const encode = () => new Worker(new URL('./encode-worker.ts', import.meta.url));",
  'src/image/encode-worker.ts': "import type { encode } from './encode.ts';\nexport type E = typeof encode;",
  'src/networks/open.ts': "import { readFile } from 'node:fs/promises';\nexport const open = readFile;",
  'src/render/run.ts': "import { adam } from '../engine/adam.ts';\nexport const run = adam;",
  'src/render/child.ts':
    "import { run } from './run.ts';\nimport { clock } from '../ops/clock.ts';\nrun(clock);",
  'src/render/client.ts': "export const url = new URL('./child.ts', import.meta.url);",
  'src/ops/clock.ts': 'export const clock = () => Date.now();',
  'src/config.ts': 'export const config = process.env;',
  'src/app/coordinator/submit.ts': "export type { R } from '../../ports/renderer.ts';",
  'src/app/worker/worker.ts': 'export const a = 1;',
  'commands/index.ts': "import { gramzoom } from './gramzoom.ts';\nexport const commands = [gramzoom];",
  'commands/gramzoom.ts':
    "import { request } from '../src/domain/request.ts';\nexport const gramzoom = request;",
  'src/cli.ts':
    "import { Command } from 'commander';\nimport { url } from './render/client.ts';\n" +
    'console.log(url, Command, await import("./config.ts"));',
  'test/cli.test.ts': "import { config } from '../src/config.ts';\nexport const t = [config, Date.now()];",
  'vitest.config.ts': 'export default {};',
};

const brokenBy = (plant: Tree): readonly string[] =>
  violations(new Map(Object.entries({ ...clean, ...plant }))).map(({ rule, file }) => `${rule} ${file}`);

/** One fault at a time, and the one rule that it breaks. */
const plants: readonly (readonly [Rule, what: string, file: string, source: string])[] = [
  ['layer', 'domain imports ports', 'src/domain/a.ts', "import type { R } from '../ports/renderer.ts';"],
  ['layer', 'engine imports image', 'src/engine/a.ts', "import { decode } from '../image/decode.ts';"],
  ['layer', 'image imports engine lazily', 'src/image/a.ts', "const a = await import('../engine/adam.ts');"],
  [
    'layer',
    'messages import the configuration',
    'src/messages/a.ts',
    "import { config } from '../config.ts';",
  ],
  ['layer', 'a command imports the renderer', 'commands/a.ts', "export { run } from '../src/render/run.ts';"],
  [
    'layer',
    'the worker imports the coordinator',
    'src/app/worker/a.ts',
    "import '../coordinator/submit.ts';",
  ],
  [
    'layer',
    'the coordinator imports the worker',
    'src/app/coordinator/a.ts',
    "import '../worker/worker.ts';",
  ],
  ['layer', 'a use case imports chat', 'src/app/a.ts', "import '../chat/b.ts';"],
  ['layer', 'the renderer imports messages', 'src/render/a.ts', "type A = import('../messages/en.ts').en;"],
  [
    'layer',
    'ports start a worker of the renderer',
    'src/ports/a.ts',
    "new URL('../render/child.ts', import.meta.url);",
  ],
  ['layer', 'the product imports a test', 'src/cli.ts', "import { t } from '../test/cli.test.ts';"],
  ['layer', 'the renderer imports a clock', 'src/render/a.ts', "import { clock } from '../ops/clock.ts';"],
  [
    'decoder',
    'the bot decodes photos in its own process',
    'src/main.ts',
    "import { decode } from './image/decode.ts';",
  ],
  ['platform', 'a platform imports another', 'src/chat/discord/a.ts', "import '../web/b.ts';"],
  ['platform', 'what platforms share imports one', 'src/chat/shared/a.ts', "import '../web/b.ts';"],
  ['platform', 'a use case knows a platform', 'src/app/a.ts', "const isPage = platform === 'web';"],
  ['platform', 'a comment in the domain names one', 'src/domain/a.ts', '/** Unique on the Web. */'],
  ['entry-point', 'the renderer imports its child', 'bench/a.ts', "import '../src/render/child.ts';"],
  ['entry-point', 'a test imports the command line', 'test/a.test.ts', "import '../src/cli.ts';"],
  ['unknown-folder', 'a folder without a line in the table', 'src/magic/a.ts', 'export const a = 1;'],
  ['unknown-folder', 'a loose file in src', 'src/loose.ts', 'export const a = 1;'],
  [
    'cycle',
    'two files import each other',
    'src/domain/random.ts',
    "import type { request } from './request.ts';",
  ],
  ['unresolved-import', 'an import without .ts', 'src/domain/a.ts', "import { random } from './random';"],
  ['unresolved-import', 'an import from outside', 'src/domain/a.ts', "import a from '../../../shared/a.ts';"],
  ['computed-import', 'a module named by a variable', 'src/render/a.ts', 'const a = await import(name);'],
  ['computed-import', 'a module named by a template', 'src/render/a.ts', 'await import(`./${name}.ts`);'],
  ['package', 'sharp outside image', 'src/render/a.ts', "import sharp from 'sharp';"],
  ['package', 'part of a package', 'src/image/a.ts', "import a from 'onnxruntime-node/dist/backend.js';"],
  ['package', 'a scoped package', 'src/image/a.ts', "import * as tf from '@tensorflow/tfjs-core';"],
  ['package', 'a package that nobody placed', 'src/image/a.ts', "import { x } from 'left-pad';"],
  ['package', 'require', 'src/render/a.ts', "const sharp = require('sharp');"],
  ['builtin', 'the engine reads files', 'src/engine/a.ts', "import { readFile } from 'node:fs/promises';"],
  ['builtin', 'the domain hashes', 'src/domain/a.ts', "import { createHash } from 'node:crypto';"],
  ['environment', 'process.env', 'src/render/a.ts', 'const threads = process.env.THREADS;'],
  ['environment', 'process[...]', 'src/render/a.ts', "const threads = process['env'];"],
  ['environment', 'a destructured process', 'src/render/a.ts', 'const { env } = process;'],
  ['environment', 'an imported process', 'src/render/a.ts', "import { env } from 'node:process';"],
  ['environment', 'process.env in a template', 'src/cli.ts', 'const a = `${process.env.HOME}`;'],
  ['impure', 'Math.random', 'src/engine/a.ts', 'const a = Math.random();'],
  ['impure', 'Date.now', 'src/domain/a.ts', 'const a = Date.now();'],
  ['impure', 'new Date()', 'src/domain/a.ts', 'const a = new Date();'],
  ['impure', 'performance.now', 'src/engine/a.ts', 'const a = performance.now();'],
  ['impure', 'a timer', 'src/engine/a.ts', 'setTimeout(() => {}, 5);'],
  ['impure', 'the process', 'src/engine/a.ts', 'const a = process.memoryUsage();'],
  ['console', 'a word on the terminal', 'src/image/a.ts', "console.error('here');"],
  ['default-export', 'export default', 'src/domain/a.ts', 'export default 5;'],
  ['default-export', 'as default', 'src/domain/a.ts', 'const a = 1;\nexport { a as default };'],
  ['barrel', 'an index', 'src/image/index.ts', 'export const a = 1;'],
  ['barrel', 'everything exported again', 'src/image/all.ts', "export * from './decode.ts';"],
  ['utils', 'a folder of odds and ends', 'src/image/utils/a.ts', 'export const a = 1;'],
  ['utils', 'a file of odds and ends', 'test/helpers.ts', 'export const a = 1;'],
  ['length', 'a very long file', 'src/domain/a.ts', 'export const a = 1;\n'.repeat(401)],
];

describe('the architecture guard', () => {
  it('finds nothing in a clean project', () => {
    expect(brokenBy({})).toEqual([]);
  });

  it.each(plants)('the rule %s finds: %s', (rule, _what, file, source) => {
    // The fault is in the planted file, but for a cycle, which is told of its first file by name.
    const blamed = rule === 'cycle' ? 'src/domain/random.ts' : file;
    const other: Tree = {
      'src/chat/b.ts': 'export const b = 1;',
      'src/chat/web/b.ts': 'export const b = 1;',
      ...(rule === 'cycle' && { 'src/domain/request.ts': "import { random } from './random.ts';" }),
    };
    expect(brokenBy({ ...other, [file]: source })).toEqual([`${rule} ${blamed}`]);
  });

  it('has a planted fault for every rule', () => {
    expect(new Set(plants.map(([rule]) => rule))).toEqual(new Set(rules));
  });

  it('names the line and the arrow', () => {
    const tree = { ...clean, 'src/domain/a.ts': "\n\nimport { decode } from '../image/decode.ts';" };
    expect(violations(new Map(Object.entries(tree)))).toEqual([
      {
        rule: 'layer',
        file: 'src/domain/a.ts',
        detail: 'line 3: domain may not import image (src/image/decode.ts)',
      },
    ]);
  });

  it('finds a cycle of three once', () => {
    const tree = {
      'src/domain/a.ts': "import './b.ts';",
      'src/domain/b.ts': "import './c.ts';",
      'src/domain/c.ts': "import './a.ts';\nimport './d.ts';",
      'src/domain/d.ts': '',
    };
    expect(violations(new Map(Object.entries(tree))).map(({ detail }) => detail)).toEqual([
      'src/domain/a.ts -> src/domain/b.ts -> src/domain/c.ts -> src/domain/a.ts',
    ]);
  });

  it.each([
    ['a line comment', "// import a from 'sharp'; process.env Math.random()"],
    ['a block comment', "/* import a from 'sharp';\n * console.log(Date.now()) */"],
    ['a string', `const a = "import b from 'sharp'; process.env";`],
    ['a string with an escaped quote', `const a = 'it\\'s process.env';`],
    ['a template', "const a = `import b from 'sharp'; ${1 + 1} Math.random()`;"],
    ['a template in a template', 'const a = `x ${`y ${{ b: 1 }.b} process.env`} Date.now()`;'],
    ['a regular expression', 'const a = /process\\.env["\'`]|[/]console.log/;'],
    ['a property of that name', 'const a = { fetch: 1 };\nconst b = a.fetch; // export default'],
    ['a date that was given', 'const a = new Date(5);'],
    ['a division', "const a = 4 / 2; const b = 'Math.random()'; const c = 4 / 2;"],
  ])('takes %s for no fault', (_what, source) => {
    expect(brokenBy({ 'src/domain/a.ts': source })).toEqual([]);
  });
});

describe('reading imports', () => {
  const specifiers = (source: string) => readImports(source).map(({ specifier }) => specifier);

  it('sees every way to name a module', () => {
    const source = [
      "import 'a';",
      "import b from 'b';",
      "import type { C } from 'c';",
      'import {\n  d,\n  type D,\n} from "d";',
      "import * as e from 'e'",
      "export { f } from 'f';",
      "export * as g from 'g';",
      "export type { H } from 'h';",
      "const i = await import('i');",
      'const j = import(/* lazily */ `j`);',
      "let k: typeof import('k');",
      "const l = require('l');",
      "new Worker(new URL('./m.ts', import.meta.url));",
      "import n from './n.json' with { type: 'json' };",
      'const o = `${await import("o")}`;',
    ].join('\n');
    expect(specifiers(source)).toEqual([...'abcdefghijkl', './m.ts', './n.json', 'o']);
  });

  it('sees none where there is none', () => {
    const source = [
      "const from = 'a';",
      "export const a = from + 'b';",
      'const url = import.meta.url;',
      "loader.import('c');",
      "const weights = new URL('./d.safetensors', import.meta.url);",
      "Array.from('e');",
      "// import f from 'f'",
      'const g = "import g from \'g\'";',
    ].join('\n');
    expect(specifiers(source)).toEqual([]);
  });

  it('keeps every character at its place', () => {
    const source = "const a = `b ${c ? 'd' : `e`} f`; /* g */ h(/i\\/j/g); // k\nl";
    const code = maskSource(source);
    expect(code).toHaveLength(source.length);
    expect(code.replaceAll('·', ' ')).toBe("const a = `  ${c ? ' ' : ` `}  `;         h(       );     \nl");
  });
});

describe('this project', () => {
  it('keeps to its architecture', () => {
    const files = projectFiles();
    expect(files.size).toBeGreaterThan(10);
    expect(violations(files)).toEqual([]);
  });

  it('makes no exception without need', () => {
    const found = violations(projectFiles(), {});
    const needed = (file: string, rule: Rule): boolean =>
      found.some((violation) => violation.file === file && violation.rule === rule);
    const granted = Object.entries(exceptions).flatMap(([file, { rules }]) =>
      rules.map((rule) => [file, rule] as const),
    );
    expect(granted.filter(([file, rule]) => !needed(file, rule))).toEqual([]);
  });

  it('gives every package it depends on a place', () => {
    const tools = [
      '@biomejs/biome',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-core',
      '@types/better-sqlite3',
      '@types/node',
      '@types/semver',
      '@types/ws',
      'ajv',
      'ajv-formats',
      'discord-api-types',
      'playwright-core',
      'semver',
      'typescript',
      'vitest',
      'ws',
    ];
    const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(packages.filter((name) => !tools.includes(name)).sort()).toEqual(
      Object.keys(packagePlaces).sort(),
    );
  });
});
