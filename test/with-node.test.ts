import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
