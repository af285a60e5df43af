import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironmentFile } from '../../src/command-line/environment-file.ts';
import { readConfig } from '../../src/config.ts';
import { runCommandLine, temporaryFolder } from '../support/command-line.ts';

const utf16 = (text: string, order: 'le' | 'be'): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

describe('a file of settings', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const pathOf = (name = '.env'): string => join(folder.path, name);
  const read = (content: string | Buffer) => {
    writeFileSync(pathOf(), content);
    return readEnvironmentFile(pathOf());
  };
  const problemOf = (run: () => unknown): unknown => {
    try {
      run();
    } catch (error) {
      return error;
    }
    throw new Error('it was taken');
  };
  const refusal = (problem: object) =>
    expect.objectContaining({
      code: 'environment-file',
      data: { path: pathOf(), problem: expect.objectContaining(problem) },
    });

  it('need not be there', () => {
    expect(readEnvironmentFile(pathOf())).toBeUndefined();
  });

  it.each([
    ['a mark of UTF-8, as Windows writes it', Buffer.from('\uFEFFPORT=18601\nWEB=off\n')],
    ['UTF-16, low byte first', utf16('PORT=18601\nWEB=off\n', 'le')],
    ['UTF-16, high byte first', utf16('PORT=18601\nWEB=off\n', 'be')],
    ['ends of lines as on Windows', 'PORT=18601\r\nWEB=off\r\n'],
    ['ends of lines as on the first Macs', 'PORT=18601\rWEB=off\r'],
    ['no end of the last line', 'PORT=18601\nWEB=off'],
    ['export', 'export PORT=18601\n  export WEB=off\n'],
    ['quotes', `PORT="18601" # why\nWEB='off'\n`],
    ['spaces, remarks and empty lines', '# PORT=1\n\n  PORT = 18601 # here\n\t\nWEB =off\n'],
    ['two files one after the other', '\uFEFFPORT=18601\n\uFEFFWEB=off\n'],
  ])('is read with %s', (_what, content) => {
    expect(read(content)).toEqual({ values: { PORT: '18601', WEB: 'off' }, repeated: [] });
  });

  it('takes a value of several lines, and # and = in values', () => {
    expect(read('A="one\ntwo"\nB=\'x # y=z\'\nC=x=y\nD=\n')?.values).toEqual({
      ...{ A: 'one\ntwo', B: 'x # y=z', C: 'x=y', D: '' },
    });
  });

  it('says which keys it has more than once', () => {
    expect(read('PORT=1\nWEB=off\nPORT=2\n')).toEqual({
      values: { PORT: '2', WEB: 'off' },
      repeated: ['PORT'],
    });
  });

  it.each([
    ['bytes that are no text', Buffer.from([0x50, 0x3d, 0xff, 0xc0]), { kind: 'no-text' }],
    ['UTF-16 without its mark', utf16('PORT=1\n', 'le').subarray(2), { kind: 'no-text' }],
    ['half a character of UTF-16', utf16('PORT=1\n', 'le').subarray(0, 9), { kind: 'no-text' }],
    ['zeros', 'PORT=1\0\n', { kind: 'no-text' }],
    ['more than settings ever have', `#${'x'.repeat(2 ** 20)}`, { kind: 'too-large' }],
    ['a colon for an equals sign', 'PORT=1\n\nDISCORD_TOKEN: secret\n', { kind: 'no-setting', line: 3 }],
    ['a key without a value', 'PORT\n', { kind: 'no-setting', line: 1 }],
    ['a value without a key', '=1\n', { kind: 'no-setting', line: 1 }],
    ['a key of two words', 'MY PORT=1\n', { kind: 'no-setting', line: 1 }],
    ['a quote that is never closed', 'WEB=off\nPORT="1\nHOST=::1\n', { kind: 'open-quote', line: 2 }],
  ])('is refused with %s', (_what, content, problem) => {
    expect(problemOf(() => read(content))).toEqual(refusal(problem));
  });

  it('is refused where a folder has its name, unless Python lives there', () => {
    mkdirSync(pathOf());
    expect(problemOf(() => readEnvironmentFile(pathOf()))).toEqual(refusal({ kind: 'folder' }));
    writeFileSync(join(pathOf(), 'pyvenv.cfg'), '');
    expect(readEnvironmentFile(pathOf())).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('is refused where it is a link in circles or to nowhere', () => {
    symlinkSync('.env', pathOf());
    symlinkSync('gone', pathOf('.env2'));
    expect(problemOf(() => readEnvironmentFile(pathOf()))).toEqual(refusal({ kind: 'unreadable' }));
    expect(() => readEnvironmentFile(pathOf('.env2'))).toThrow('unreadable');
  });

  it.skipIf(process.platform === 'win32')('is refused where it is a device or pipe', () => {
    symlinkSync('/dev/zero', pathOf());
    expect(problemOf(() => readEnvironmentFile(pathOf()))).toEqual(refusal({ kind: 'no-file' }));
  });

  const run = (args: readonly string[], content: string | Buffer) => {
    writeFileSync(pathOf(), content);
    return runCommandLine(args, { cwd: folder.path });
  };

  it.each([['bot'], ['networks']])(
    'counts for %s also in UTF-16, and a bad one ends it with one sentence',
    async (command) => {
      expect(await run([command], utf16('ENGINE=abacus\n', 'le'))).toEqual({
        status: 2,
        stdout: '',
        stderr:
          'The setting ENGINE takes one of auto, onnx:cpu, not abacus: correct it in the environment or in .env.\n',
      });
      expect(await run([command], 'PORT=0\nDISCORD_TOKEN: an-id.and.a-secret\n')).toEqual({
        status: 2,
        stdout: '',
        stderr: 'Line 2 of .env is not a setting: write KEY=value, or put # in front of it.\n',
      });
    },
  );

  it('does not keep anybody from the help', async () => {
    expect(await run(['--help'], 'nonsense\n')).toMatchObject({ status: 0, stderr: '' });
  });

  it('is warned about once, with all keys that nobody reads or that stand there twice', async () => {
    const content = 'prot=1\nDISCORD-TOKEN=x\nSOMETHING=else\nengine=auto\nTZ=UTC\nWEB=on\nWEB=off\n';
    const { status, stderr } = await run(['networks'], content);
    expect(status).toBe(0);
    expect(stderr).toBe(
      'In .env: unknown settings prot (did you mean PORT?), DISCORD-TOKEN (did you mean DISCORD_TOKEN?), ' +
        'SOMETHING, engine (did you mean ENGINE?); only the last value of WEB counts.\n',
    );
  });

  it('is warned about in the log of the bot', async () => {
    const { stderr } = await run(['bot'], 'DISCORD_TOKN=x\nDATA_DIR=.env/data\n');
    const [line = '', sentence] = stderr.split('\n');
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      unknown: [{ key: 'DISCORD_TOKN', meant: 'DISCORD_TOKEN' }],
    });
    expect(sentence).toBe('Nothing can be written to .env/data: choose another folder.');
  });

  it('takes ~ for the own folder, and refuses what only a shell could replace', () => {
    expect(readConfig({ DATA_DIR: '~/x', NETWORK: 'file:~/y.safetensors' })).toMatchObject({
      dataDir: join(homedir(), 'x'),
      network: { file: join(homedir(), 'y.safetensors') },
    });
    expect(readConfig({ DATA_DIR: '~' }).dataDir).toBe(homedir());
    expect(readConfig({ DATA_DIR: './~x', NETWORK: 'file:a~/b' })).toMatchObject({
      dataDir: './~x',
      network: { file: resolve('a~/b') },
    });
    for (const [key, value] of [
      ['DATA_DIR', '~root/x'],
      ['NETWORK', 'file:~root/x'],
      ['DATA_DIR', '$HOME/x'],
      ['DATA_DIR', '$' + '{HOME}/x'],
      ['DATA_DIR', '%USERPROFILE%\\x'],
      ['NETWORK', 'file:$HOME/x'],
      ['DATA_DIR', '"/data"'],
    ] as const) {
      expect(() => readConfig({ [key]: value })).toThrow('configuration');
    }
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
