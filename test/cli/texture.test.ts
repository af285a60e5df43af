import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine, samplePhoto, temporaryFolder } from '../support/command-line.ts';

describe('gramzoom texture', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const textureWith = (environment: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    runCommandLine(['texture', samplePhoto, '--size', '64', '--steps', '1', ...args], {
      ...{ cwd: folder.path, environment },
    });
  const texture = (...args: readonly string[]) => textureWith({}, ...args);

  it('writes a still picture and says so in one line', async () => {
    const { status, stdout } = await texture('--out', 'bark.png', '--seed', '5');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bark\.png: 64 x 64, [\d.]+ kB, seed 5 \([\d.]+ s\)\n$/);
    const facts = await sharp(join(folder.path, 'bark.png')).metadata();
    expect(facts).toMatchObject({ format: 'png', width: 64, height: 64 });
  });

  it('prints one line of JSON with --json, without anything of films', async () => {
    const { stdout } = await texture('--out', 'bark.webp', '--json');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ kind: 'texture', format: 'webp', width: 64, height: 64 });
    for (const ofFilms of ['frames', 'fps', 'zoom', 'loop', 'seamRatio']) {
      expect(report).not.toHaveProperty(ofFilms);
    }
  });

  it('chooses a precision by itself, and says with --verbose which one and why', async () => {
    const { stdout, stderr } = await texture('--out', 'bark.png', '--json', '--verbose');
    const { precision } = JSON.parse(stdout);
    expect(stderr).toMatch(
      new RegExp(`engine onnx:cpu, ${precision}, \\d+ threads?\n${precision}, since .*cosine`),
    );
  });

  it('computes in the precision of the settings', async () => {
    const ran = await textureWith({ PRECISION: 'float' }, '--out', 'bark.png', '--json', '--verbose');
    expect(JSON.parse(ran.stdout)).toMatchObject({ precision: 'float' });
    expect(ran.stderr).not.toContain('since');
  });

  it('refuses formats and options that are for films', async () => {
    const gif = await texture('--out', 'bark.gif');
    expect([gif.status, gif.stderr]).toEqual([2, expect.stringContaining('.png or .webp')]);
    const frames = await texture('--out', 'bark.png', '--frames', '8');
    expect([frames.status, frames.stderr]).toEqual([2, expect.stringContaining('--frames')]);
  });
});
