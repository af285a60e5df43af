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

  const texture = (...args: readonly string[]) =>
    runCommandLine(['texture', samplePhoto, '--size', '64', '--steps', '1', ...args], { cwd: folder.path });

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

  it('refuses formats and options that are for films', async () => {
    const gif = await texture('--out', 'bark.gif');
    expect([gif.status, gif.stderr]).toEqual([2, expect.stringContaining('.png or .webp')]);
    const frames = await texture('--out', 'bark.png', '--frames', '8');
    expect([frames.status, frames.stderr]).toEqual([2, expect.stringContaining('--frames')]);
  });
});
