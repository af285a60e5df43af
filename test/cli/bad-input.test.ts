import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine, samplePhoto, temporaryFolder, tiny } from '../support/command-line.ts';
import {
  emptyFile,
  heicHeader,
  hugePng,
  jpegFile,
  sliverPng,
  svgWithExternalReference,
  textFile,
  truncatedJpeg,
  zipFile,
} from '../support/hostile-images.ts';

const isRoot = process.getuid?.() === 0;

describe('photos and places that cannot be used', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder.path, 'out'));
  });
  afterEach(() => folder.remove());

  const render = (photo: string, out = 'out/zoom.gif') =>
    runCommandLine(['render', photo, ...tiny, '--out', out], { cwd: folder.path });

  /** One sentence, exit 2, and no file, whole or half. */
  const expectRefusal = async (
    run: Promise<{ status: unknown; stdout: string; stderr: string }>,
    sentence: string,
  ) => {
    const { status, stdout, stderr } = await run;
    expect({ status, stdout, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
      status: 2,
      stdout: '',
      last: sentence,
    });
    expect(stderr).not.toContain('    at ');
    expect(readdirSync(join(folder.path, 'out'))).toEqual([]);
  };

  it.each([
    ['an empty file', emptyFile, 'The photo is empty (0 bytes arrived): send it again.'],
    [
      'a text',
      textFile,
      'This is not a picture that can be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.',
    ],
    ['a zip', zipFile, 'ZIP files cannot be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.'],
    [
      'an SVG with an external reference',
      svgWithExternalReference,
      'SVG files cannot be read here: send a JPEG, PNG, WebP, AVIF, GIF or TIFF.',
    ],
    ['a HEIC file without a picture', heicHeader, 'This HEIC photo cannot be read here: send it as JPEG.'],
    [
      'a truncated JPEG',
      truncatedJpeg,
      'The photo is damaged or incomplete: send it again, or save a new copy first.',
    ],
    [
      'a header of 60,000 x 60,000 pixels',
      hugePng,
      'The photo has 60,000 x 60,000 pixels and no side may be longer than 12,000: send a smaller one.',
    ],
    [
      'a sliver of 1 x 4,000,000 pixels',
      sliverPng,
      'The photo has 1 x 4,000,000 pixels and no side may be longer than 12,000: send a smaller one.',
    ],
  ])('refuses %s', async (_what, make, sentence) => {
    writeFileSync(join(folder.path, 'photo'), await make());
    await expectRefusal(render('photo'), sentence);
  });

  it('refuses a photo of too many bytes without reading it', async () => {
    const path = join(folder.path, 'photo');
    writeFileSync(path, '');
    spawnSync('truncate', ['-s', '40G', path]);
    await expectRefusal(
      render('photo'),
      'The photo has 42.9 GB and at most 25 MB are accepted: send a smaller one.',
    );
  });

  it('stops reading standard input at the limit', async () => {
    const args = ['render', '-', ...tiny, '--out', 'out/zoom.gif'];
    const { status, stderr } = await runCommandLine(args, { cwd: folder.path, input: new Uint8Array(30e6) });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^The photo has 25(\.\d)? MB and at most 25 MB are accepted/);
  });

  it('refuses a folder', async () => {
    await expectRefusal(render('out'), 'out is a folder: name the photo in it.');
  });

  it('says that a photo is missing', async () => {
    await expectRefusal(render('none.jpg'), 'There is no photo at none.jpg: check the path.');
  });

  it.skipIf(isRoot)('refuses an unreadable photo (not as root, who reads everything)', async () => {
    writeFileSync(join(folder.path, 'photo'), await jpegFile());
    chmodSync(join(folder.path, 'photo'), 0);
    await expectRefusal(render('photo'), 'photo cannot be read: check its permissions, or use a copy.');
  });

  it.skipIf(process.platform !== 'linux')('refuses a file whose reading fails (needs /proc)', async () => {
    await expectRefusal(
      render('/proc/self/mem'),
      '/proc/self/mem cannot be read: check its permissions, or use a copy.',
    );
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe that nobody writes to (needs mkfifo)', async () => {
    spawnSync('mkfifo', [join(folder.path, 'pipe')]);
    await expectRefusal(render('pipe'), 'pipe cannot be read: check its permissions, or use a copy.');
  });

  it('says that the folder of the output is missing', async () => {
    await expectRefusal(
      render(samplePhoto, 'none/zoom.gif'),
      'The folder none does not exist: create it first.',
    );
  });

  it('refuses a folder as output', async () => {
    mkdirSync(join(folder.path, 'film.gif'));
    await expectRefusal(
      render(samplePhoto, 'film.gif'),
      'film.gif is a folder: name a file in it, such as zoom.gif.',
    );
  });

  it('does not replace the photo by its film', async () => {
    writeFileSync(join(folder.path, 'cat.gif'), await jpegFile());
    await expectRefusal(
      render('cat.gif', './out/../cat.gif'),
      'The output would replace the photo: choose another name for --out.',
    );
  });

  it('says which networks there are', async () => {
    const args = ['render', samplePhoto, ...tiny, '--out', 'out/zoom.gif', '--network', 'fishing'];
    await expectRefusal(
      runCommandLine(args, { cwd: folder.path }),
      'There is no network called fishing: choose pocket, vgg16 or vgg19.',
    );
  });

  it('makes a film of a photo whose name ends otherwise than its kind', async () => {
    writeFileSync(join(folder.path, 'photo.png'), await jpegFile());
    expect(await render('photo.png')).toMatchObject({ status: 0 });
    expect(readdirSync(join(folder.path, 'out'))).toEqual(['zoom.gif']);
  });
});
