import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  formatOf,
  type Output,
  prepareOutput,
  preparePoster,
  writeOutputs,
} from '../../src/command-line/output-file.ts';
import { runCommandLine, samplePhoto, temporaryFolder, tiny } from '../support/command-line.ts';

const isRoot = process.getuid?.() === 0;
const never = new AbortController().signal;
const film = Uint8Array.of(1, 2, 3);
const writeFilm = (output: Output, signal = never) => writeOutputs([{ output, bytes: film }], { signal });

const mount = (path: string, options: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
};
const unmount = (path: string): void => {
  execFileSync('umount', [path], { stdio: 'ignore' });
};

const canMount = ((): boolean => {
  const folder = temporaryFolder();
  try {
    mount(folder.path, 'size=64k');
    unmount(folder.path);
    return true;
  } catch {
    return false;
  } finally {
    folder.remove();
  }
})();

describe('the output', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  let mounted: string | undefined;
  beforeEach(() => {
    mounted = undefined;
    folder = temporaryFolder();
    path = join(folder.path, 'zoom.gif');
  });
  afterEach(() => {
    if (mounted !== undefined) unmount(mounted);
    folder.remove();
  });

  it('has the format of its ending, in capitals too', () => {
    expect(formatOf('a.b/zoom.GIF')).toBe('gif');
    expect(() => formatOf('zoom')).toThrow(expect.objectContaining({ code: 'output-extension' }));
  });

  it('is tried out before the render without a trace', async () => {
    await prepareOutput(path, { photo: samplePhoto });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('replaces a file that is there, at once', async () => {
    writeFileSync(path, 'the old film');
    const output = await prepareOutput(path, { photo: samplePhoto });
    expect(readFileSync(path, 'utf8')).toBe('the old film');
    await writeFilm(output);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder.path)).toEqual(['zoom.gif']);
  });

  it('is written through a link, which stays', async () => {
    mkdirSync(join(folder.path, 'films'));
    const target = join(folder.path, 'films', 'real.gif');
    writeFileSync(target, 'the old film');
    symlinkSync(target, path);
    await writeFilm(await prepareOutput(path, { photo: samplePhoto }));
    expect(readlinkSync(path)).toBe(target);
    expect([...readFileSync(target)]).toEqual([1, 2, 3]);
  });

  it('keeps its other names: a hard link names the new film, too', async () => {
    const other = join(folder.path, 'other.gif');
    writeFileSync(other, 'an old film, which is longer');
    linkSync(other, path);
    await writeFilm(await prepareOutput(path, { photo: samplePhoto }));
    expect(new Uint8Array(readFileSync(other))).toEqual(film);
    expect(new Uint8Array(readFileSync(path))).toEqual(film);
    expect(readdirSync(folder.path).sort()).toEqual(['other.gif', 'zoom.gif']);
  });

  it('is written through links that lead to nothing yet, which stay', async () => {
    mkdirSync(join(folder.path, 'films'));
    symlinkSync('films/later.gif', path);
    symlinkSync('real.gif', join(folder.path, 'films', 'later.gif'));
    await writeFilm(await prepareOutput(path, { photo: samplePhoto }));
    expect(readlinkSync(path)).toBe('films/later.gif');
    expect(readlinkSync(join(folder.path, 'films', 'later.gif'))).toBe('real.gif');
    expect([...readFileSync(join(folder.path, 'films', 'real.gif'))]).toEqual([1, 2, 3]);
    expect(readdirSync(folder.path).sort()).toEqual(['films', 'zoom.gif']);
  });

  it.each([
    ['a folder that is missing', 'none/zoom.gif', 'output-folder-missing'],
    ['itself', 'zoom.gif', 'output-failed'],
    ['a device', '/dev/null', 'output-failed'],
  ])('is refused where its link leads to %s', async (_what, target, code) => {
    symlinkSync(target, path);
    await expect(prepareOutput(path, { photo: samplePhoto })).rejects.toMatchObject({ code });
    expect(readlinkSync(path)).toBe(target);
  });

  it.skipIf(process.platform === 'win32').each([0o600, 0o664, 0o444, 0o755])(
    'keeps the rights of the file that it replaces: %o (needs Unix rights)',
    async (mode) => {
      writeFileSync(path, 'the old film');
      chmodSync(path, mode);
      const prepared = prepareOutput(path, { photo: samplePhoto });
      if (mode === 0o444 && !isRoot) {
        await expect(prepared).rejects.toMatchObject({
          code: 'output-failed',
          data: { reason: 'it is read-only' },
        });
        return;
      }
      await writeFilm(await prepared);
      expect((statSync(path).mode & 0o777).toString(8)).toBe(mode.toString(8));
    },
  );

  it.skipIf(!isRoot)('keeps the owner of the file that it replaces (needs root)', async () => {
    writeFileSync(path, 'the old film');
    chownSync(path, 12_345, 54_321);
    await writeFilm(await prepareOutput(path, { photo: samplePhoto }));
    expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 54_321 });
  });

  it.skipIf(!canMount)('is written over where it is mounted by itself (needs root)', async () => {
    const other = join(folder.path, 'other.gif');
    writeFileSync(other, 'a film that is longer');
    writeFileSync(path, '');
    execFileSync('mount', ['--bind', other, path]);
    mounted = path;
    await writeFilm(await prepareOutput(path, { photo: samplePhoto }));
    expect([...readFileSync(other)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder.path).sort()).toEqual(['other.gif', 'zoom.gif']);
  });

  it('is not standard output', () => {
    expect(() => formatOf('-')).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('leaves the old file alone when cancelled', async () => {
    writeFileSync(path, 'the old film');
    const output = await prepareOutput(path, { photo: samplePhoto });
    await expect(writeFilm(output, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readFileSync(path, 'utf8')).toBe('the old film');
    expect(readdirSync(folder.path)).toEqual(['zoom.gif']);
  });

  it.each([
    ['the photo itself', async () => prepareOutput(path, { photo: path }), 'usage'],
    ['a folder', async () => prepareOutput(path, { photo: samplePhoto }), 'output-is-folder'],
  ])('is not %s', async (what, prepare, code) => {
    if (what === 'a folder') mkdirSync(path);
    else writeFileSync(path, 'the photo');
    await expect(prepare()).rejects.toMatchObject({ code });
  });

  it('does not hang on a name that is too long', async () => {
    const long = join(folder.path, `${'a'.repeat(300)}.gif`);
    await expect(prepareOutput(long, { photo: samplePhoto })).rejects.toMatchObject({
      code: 'output-failed',
      data: { reason: 'name too long' },
    });
  });

  describe('with a poster beside it', () => {
    const still = () => join(folder.path, 'still.png');
    const prepared = async (poster = still()): Promise<readonly [Output, Output]> => {
      const output = await prepareOutput(path, { photo: samplePhoto });
      return [output, await preparePoster(poster, { photo: samplePhoto, film: output })];
    };

    it('is written together with it', async () => {
      const [output, poster] = await prepared();
      expect(readdirSync(folder.path)).toEqual([]);
      const files = [
        { output, bytes: film },
        { output: poster, bytes: Uint8Array.of(9) },
      ];
      await writeOutputs(files, { signal: never });
      expect([...readFileSync(path)]).toEqual([1, 2, 3]);
      expect([...readFileSync(still())]).toEqual([9]);
      expect(readdirSync(folder.path).sort()).toEqual(['still.png', 'zoom.gif']);
    });

    it('is not written either where the poster cannot be', async () => {
      mkdirSync(join(folder.path, 'posters'));
      const [output, poster] = await prepared(join(folder.path, 'posters', 'still.png'));
      rmSync(join(folder.path, 'posters'), { recursive: true });
      const files = [
        { output, bytes: film },
        { output: poster, bytes: film },
      ];
      await expect(writeOutputs(files, { signal: never })).rejects.toMatchObject({
        code: 'output-folder-missing',
      });
      expect(readdirSync(folder.path)).toEqual([]);
    });

    it.each([
      ['another kind of file', async () => prepared(join(folder.path, 'still.gif')), 'output-extension'],
      [
        'in a folder that is missing',
        async () => prepared(join(folder.path, 'a', 'b.png')),
        'output-folder-missing',
      ],
      [
        'the photo itself',
        async () => {
          writeFileSync(still(), 'the photo');
          const output = await prepareOutput(path, { photo: still() });
          return preparePoster(still(), { photo: still(), film: output });
        },
        'usage',
      ],
      [
        'the film itself, by whatever name',
        async () => {
          const output = await prepareOutput(still(), { photo: samplePhoto });
          const same = join(folder.path, '.', 'x', '..', 'still.png');
          return preparePoster(same, { photo: samplePhoto, film: output });
        },
        'usage',
      ],
    ])('refuses a poster that is %s', async (_what, prepare, code) => {
      await expect(prepare()).rejects.toMatchObject({ code });
    });
  });

  it.skipIf(process.platform !== 'linux').each(['/proc', '/sys'])(
    'is refused in %s, where nobody can write (needs Linux)',
    async (place) => {
      await expect(prepareOutput(join(place, 'zoom.gif'), { photo: samplePhoto })).rejects.toMatchObject({
        code: 'output-not-writable',
      });
    },
  );

  describe.skipIf(!canMount)('on a small disk (needs root and tmpfs)', () => {
    let disk: string;
    const open = (options: string) => {
      disk = join(folder.path, 'disk');
      mkdirSync(disk);
      mount(disk, options);
      mounted = disk;
    };

    const render = () =>
      runCommandLine(['render', samplePhoto, ...tiny, '--out', 'disk/zoom.gif'], { cwd: folder.path });
    const full = 'The disk that holds disk is full: free some space, or choose another folder.';

    it('is known to be full before the render', async () => {
      open('size=16k');
      writeFileSync(join(disk, 'ballast'), new Uint8Array(16384));
      expect(await render()).toEqual({ status: 2, stdout: '', stderr: `${full}\n` });
      expect(readdirSync(disk)).toEqual(['ballast']);
    });

    it('leaves no half film where the disk fills up while it is written', async () => {
      open('size=16k');
      const { status, stdout, stderr } = await render();
      expect({ status, stdout, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
        status: 2,
        stdout: '',
        last: full,
      });
      expect(readdirSync(disk)).toEqual([]);
    });

    it('is refused where the disk is read-only', async () => {
      open('size=16k,ro');
      expect(await render()).toEqual({
        status: 2,
        stdout: '',
        stderr: 'Nothing can be written to disk: choose another folder.\n',
      });
    });
  });
});
