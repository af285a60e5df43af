import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Ran,
  runCommandLine,
  runOnTerminal,
  samplePhoto,
  temporaryFolder,
  tiny,
} from '../support/command-line.ts';

const has = (program: string): boolean => spawnSync(program, ['-version']).error === undefined;
const hasScript = process.platform === 'linux' && has('script');

describe('films of gramzoom render', () => {
  const films = temporaryFolder();
  const renderHere = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    runCommandLine(['render', samplePhoto, ...tiny, ...args], { cwd: films.path, environment });
  let drawn: Ran;
  let plain: Ran & { readonly files: readonly string[] };
  let other: Ran;
  beforeAll(async () => {
    writeFileSync(join(films.path, '.env'), 'THREADS=1\nENGINE=\nPRECISION=int8\n');
    drawn = await renderHere(['--out', './drawn.gif', '--json', '--verbose']);
    const { seed } = JSON.parse(drawn.stdout);
    const before = readdirSync(films.path);
    const ran = await renderHere(['--out', 'zoom.gif', '--seed', String(seed)]);
    plain = { ...ran, files: readdirSync(films.path).filter((name) => !before.includes(name)) };
    other = await renderHere(['--out', 'other.webp', '--seed', '5', '--json'], { THREADS: '2' });
  });
  afterAll(() => films.remove());

  const hashOf = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(films.path, name)))
      .digest('hex');
  const frame = (name: string, page: number) =>
    sharp(join(films.path, name), { page }).removeAlpha().raw().toBuffer();
  const meanDifference = (a: Buffer, b: Buffer): number =>
    a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

  it('writes a looping GIF and says so in one line', async () => {
    const { status, stdout, stderr } = plain;
    expect(status).toBe(0);
    expect(stdout).toMatch(/^zoom\.gif: 64 x 64, 8 frames, 0\.4 s loop, [\d.]+ kB, seed \d+ \([\d.]+ s\)\n$/);
    expect(stderr.split('\n').length).toBeLessThan(10);
    expect(stderr).not.toContain('\r');
    expect(plain.files).toEqual(['zoom.gif']);
    const facts = await sharp(join(films.path, 'zoom.gif'), { animated: true }).metadata();
    expect(facts).toMatchObject({ format: 'gif', width: 64, pageHeight: 64, pages: 8, loop: 0 });
  });

  it('prints one line of JSON with --json, which describes the file', async () => {
    const { status, stdout } = drawn;
    expect(status).toBe(0);
    expect(stdout).toMatch(/^[^\n]+\n$/);
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      'file',
      'kind',
      'format',
      'width',
      'height',
      'frames',
      'fps',
      'zoom',
      'direction',
      'loop',
      'seed',
      'network',
      'depth',
      'quality',
      'engine',
      'precision',
      'threads',
      'styleLoss',
      'seamRatio',
      'seconds',
      'bytes',
      'peakRssBytes',
      'fit',
    ]);
    expect(report).toMatchObject({
      file: './drawn.gif',
      format: 'gif',
      width: 64,
      height: 64,
      frames: 8,
      fps: 20,
      zoom: 1.03,
      direction: 'in',
      loop: true,
      seed: expect.any(Number),
      network: 'pocket',
      depth: 'style',
      quality: 'standard',
      engine: 'onnx:cpu',
      bytes: readFileSync(join(films.path, 'drawn.gif')).length,
      fit: null,
    });
    expect(Object.keys(report.seconds)).toEqual(['total', 'start', 'frames', 'encode']);
    expect(report.seconds.total).toBeGreaterThan(report.seconds.start + report.seconds.frames);
    expect(report.styleLoss).toBeGreaterThan(0);
    expect(report.seamRatio).toBeGreaterThan(0);
    // Two processes with a runtime each.
    expect(report.peakRssBytes).toBeGreaterThan(100e6);
  });

  it('have a drawn seed where none is given, which is told; the same seed gives the same bytes', () => {
    expect(plain.stdout).toContain(`seed ${JSON.parse(drawn.stdout).seed} (`);
    expect(hashOf('zoom.gif')).toBe(hashOf('drawn.gif'));
  });

  it('are others for another seed', async () => {
    expect(JSON.parse(other.stdout)).toMatchObject({ format: 'webp', seed: 5 });
    const apart = meanDifference(await frame('drawn.gif', 0), await frame('other.webp', 0));
    // Far beyond what either format loses.
    expect(apart).toBeGreaterThan(10);
  });

  it('are the same backwards with --direction out', async () => {
    const args = ['--out', 'out.webp', '--seed', '5', '--direction', 'out', '--json'];
    const { stdout } = await renderHere(args, { THREADS: '2' });
    expect(JSON.parse(stdout)).toMatchObject({ direction: 'out' });
    const [first, last] = [await frame('other.webp', 0), await frame('out.webp', 7)];
    // WebP is lossy; a third of what another frame differs by is far beyond its noise.
    expect(meanDifference(first, last)).toBeLessThan(meanDifference(first, await frame('out.webp', 3)) / 3);
  });

  it('take settings from .env, and the environment before them', () => {
    expect(JSON.parse(drawn.stdout)).toMatchObject({ threads: 1, precision: 'int8' });
    expect(JSON.parse(other.stdout)).toMatchObject({ threads: 2 });
  });

  it('are told more of with --verbose', () => {
    expect(drawn.stderr).toContain('seam ratio');
    expect(drawn.stderr).toContain('peak memory');
  });
});

describe('gramzoom render', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const render = (...args: readonly string[]) =>
    runCommandLine(['render', samplePhoto, ...tiny, ...args], { cwd: folder.path });

  it('writes the last frame as PNG', async () => {
    const { stdout } = await render('--out', 'zoom.PNG', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ format: 'png', frames: 1, loop: false, seamRatio: null });
    expect(await sharp(join(folder.path, 'zoom.PNG')).metadata()).toMatchObject({ format: 'png', width: 64 });
  });

  it('reads the photo from standard input, and writes MP4 without any other program', async () => {
    const args = ['render', '-', ...tiny, '--out', 'zoom.mp4'];
    const [input, environment] = [readFileSync(samplePhoto), { PATH: folder.path }];
    const ran = await runCommandLine(args, { cwd: folder.path, input, environment });
    expect(ran).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder.path, 'zoom.mp4')).subarray(4, 8).toString()).toBe('ftyp');
  });

  it('keeps a file within its budget and reports what that took', async () => {
    const { stdout } = await render('--out', 'zoom.gif', '--seed', '5', '--max-bytes', '25kB', '--json');
    const report = JSON.parse(stdout);
    expect(report.bytes).toBeLessThanOrEqual(25_000);
    expect(report.fit).not.toBeNull();
  });

  it('makes a film of a duration, in the shape of the photo, at a quality, with its poster', async () => {
    const args = ['--size', '80', '--aspect', 'photo', '--duration', '0.4', '--quality', 'draft', '--json'];
    const { status, stdout, stderr } = await runCommandLine(
      ['render', samplePhoto, ...args, '--out', 'zoom.gif', '--poster', 'still.png'],
      { cwd: folder.path },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ width: 96, height: 64, frames: 8, quality: 'draft' });
    expect(stderr).toContain('Rendering 8 frames of 96 x 64 with onnx:cpu');
    expect(readdirSync(folder.path).sort()).toEqual(['still.png', 'zoom.gif']);
    const rgb = async (file: string) =>
      sharp(join(folder.path, file), { page: 0 }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const [first, poster] = [await rgb('zoom.gif'), await rgb('still.png')];
    expect(poster.info).toMatchObject({ width: 96, height: 64 });
    const meanDifference =
      first.data.reduce((sum, value, i) => sum + Math.abs(value - poster.data[i]!), 0) / first.data.length;
    // The palette moves a byte by a few steps; other frames of a film differ by many times that.
    expect(meanDifference).toBeLessThan(10);
  });

  it('refuses a poster that cannot be written, before it renders', async () => {
    const refusal = async (poster: string, out = 'zoom.gif') => {
      const { status, stderr } = await render('--out', out, '--poster', poster);
      expect(status).toBe(2);
      return stderr;
    };
    expect(await refusal('still.jpg')).toBe(
      'still.jpg cannot be written: choose a name that ends in .png.\n',
    );
    expect(await refusal('none/still.png')).toBe('The folder none does not exist: create it first.\n');
    expect(await refusal('./zoom.png', 'zoom.png')).toBe(
      'The poster would replace the film: choose another name for --poster.\n',
    );
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('writes the film for a reader that goes away (needs sh)', () => {
    const launcher = fileURLToPath(new URL('../../src/launch.mjs', import.meta.url));
    const command = [process.execPath, launcher, 'render', samplePhoto, ...tiny, '--out', 'zoom.gif'];
    const { stdout } = spawnSync('sh', ['-c', '{ "$@" 2>&1; echo $? >status; } | true', 'sh', ...command], {
      cwd: folder.path,
    });
    expect(stdout.length).toBe(0);
    expect(readFileSync(join(folder.path, 'status'), 'utf8')).toBe('0\n');
    expect(existsSync(join(folder.path, 'zoom.gif'))).toBe(true);
  });

  describe.skipIf(!hasScript)('on a terminal (needs script of util-linux)', () => {
    const onTerminal = (environment: Readonly<Record<string, string>> = {}) =>
      runOnTerminal(['render', samplePhoto, ...tiny, '--out', 'zoom.gif'], { cwd: folder.path, environment });

    it('draws one line again and again, in colour, and takes it away at the end', async () => {
      const { status, stdout } = await onTerminal();
      expect(status).toBe(0);
      expect(stdout).toContain('\x1b[36m');
      expect(stdout).toContain('\rfirst frame');
      expect(stdout).toMatch(/\rframe \d\/8/);
      expect(stdout).toContain('writing the file');
      const lines = stdout.trimEnd().split('\n');
      expect(lines).toHaveLength(1);
      expect(lines[0]?.split('\r\x1b[K').at(-1)).toMatch(/^zoom\.gif: 64 x 64/);
    });

    it('uses no colour with NO_COLOR', async () => {
      expect((await onTerminal({ NO_COLOR: '1' })).stdout).not.toContain('\x1b[36m');
    });
  });
});
