import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPhoto } from '../../src/command-line/photo-file.ts';
import { watchOutput } from '../../src/command-line/standard-output.ts';
import { childEnvironment } from '../support/child-environment.ts';
import { samplePhoto, temporaryFolder, tiny } from '../support/command-line.ts';

const launcher = fileURLToPath(new URL('../../src/launch.mjs', import.meta.url));
const hasFull = existsSync('/dev/full');
const isLinux = process.platform === 'linux';

/** Runs a line of the shell in which `gramzoom` is this program. */
const shell = (line: string, cwd: string) => {
  const gramzoom = `gramzoom() { "${process.execPath}" "${launcher}" "$@"; }`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `${gramzoom}; ${line}`], {
    cwd,
    encoding: 'utf8',
    env: { ...childEnvironment, GRAMZOOM_COMMAND: 'gramzoom' },
  });
  return { status, stdout, stderr };
};

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('standard output', () => {
  it.skipIf(!hasFull).each(['networks --json', 'networks', '--help', '--version', 'render --help'])(
    'standard output that is full is noticed by gramzoom %s (needs /dev/full)',
    (command) => {
      expect(shell(`gramzoom ${command} >/dev/full`, folder.path)).toMatchObject({
        status: 2,
        stderr: 'Standard output could not be written (no space left on device): send it to another place.\n',
      });
    },
  );

  it.skipIf(!hasFull)('does not lose the film where it is full (needs /dev/full)', () => {
    const line = `gramzoom render ${samplePhoto} ${tiny.join(' ')} --out zoom.gif --json >/dev/full`;
    const { status, stderr } = shell(line, folder.path);
    expect(status).toBe(2);
    expect(stderr).toContain('Standard output could not be written');
    expect(readFileSync(join(folder.path, 'zoom.gif')).subarray(0, 3).toString()).toBe('GIF');
  });

  it('is no failure where its reader is gone', async () => {
    const gone = Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' });
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    const output = watchOutput(stream);
    stream.write('a line');
    await output.finish();
  });

  it('is waited for where it takes its time', async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const output = watchOutput(stream);
    stream.write('a line');
    const finished = output.finish();
    stream.resume();
    await finished;
  });
});

describe.skipIf(!isLinux)('what a machine lacks (needs Linux)', () => {
  it('is a working folder, which is noticed before the render', () => {
    mkdirSync(join(folder.path, 'gone'));
    const out = join(folder.path, 'zoom.gif');
    const line = `cd gone && rmdir ../gone && gramzoom render ${samplePhoto} ${tiny.join(' ')} --out ${out}`;
    expect(shell(line, folder.path)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'The current folder no longer exists: change to another one, then try again.\n',
    });
  });

  it('is room for open files', () => {
    const line = `ulimit -n 24; gramzoom render ${samplePhoto} ${tiny.join(' ')} --out zoom.gif`;
    const { status, stderr } = shell(line, folder.path);
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'Too many files are open: raise the limit (ulimit -n 4096), or end other programs, then try again.',
    );
  });
});

describe('a photo from standard input', () => {
  const signal = new AbortController().signal;
  const read = (stdin: Parameters<typeof readPhoto>[1]['stdin'], maxBytes = 100) =>
    readPhoto('-', { stdin, maxBytes, signal });

  it('is read to its end', async () => {
    expect([...(await read(Readable.from([Uint8Array.of(1, 2), Uint8Array.of(3)])))]).toEqual([1, 2, 3]);
  });

  it.each([
    ['is empty', () => read(Readable.from([])), 'photo-empty'],
    ['has no end', () => read(Readable.from([new Uint8Array(101)])), 'photo-too-many-bytes'],
    ['is a folder', () => read(createReadStream('', { fd: openSync(folder.path, 'r') })), 'photo-unreadable'],
    [
      'is a terminal, where nobody would know what it waits for',
      () => read(Object.assign(Readable.from([]), { isTTY: true })),
      'usage',
    ],
  ])('is refused where it %s', async (_what, work, code) => {
    await expect(work()).rejects.toMatchObject({ code });
  });
});
