import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/ops/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCommandLine, temporaryFolder } from '../support/command-line.ts';

const newFolder = (): string => {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  return path;
};

/** A data folder that nobody works on, beside which backups go. */
const createData = async () => {
  const cwd = newFolder();
  await (await openStore(join(cwd, 'data'), { clock: systemClock })).close();
  return { cwd, run: (...args: readonly string[]) => runCommandLine(['backup', ...args], { cwd }) };
};

describe('gramzoom backup', () => {
  it('says what the folder holds, as a line for people and as JSON', async () => {
    const { run } = await createData();
    expect(await run('copy')).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^copy holds 0 renders and 0 files \(.* kB\); 0 files were copied \(0 bytes\)\.\n$/,
      ),
      stderr: '',
    });
    const again = await run('copy', '--json');
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toEqual({
      folder: 'copy',
      renders: 0,
      files: 0,
      bytes: expect.any(Number),
      copiedFiles: 0,
      copiedBytes: 0,
      removedFiles: 0,
      missingFiles: 0,
    });
  });

  it('takes ~ for the own folder', async () => {
    const { cwd } = await createData();
    const home = newFolder();
    const backup = await runCommandLine(['backup', '~/copy'], { cwd, environment: { HOME: home } });
    expect(backup).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(cwd)).toEqual(['data']);
    expect(readdirSync(home)).toEqual(['copy']);
  });

  it('says in one sentence where none can be made', async () => {
    const { cwd, run } = await createData();
    mkdirSync(join(cwd, 'full'));
    writeFileSync(join(cwd, 'full', 'letter.txt'), 'dear');
    for (const [folder, sentence] of [
      [
        'data/backup',
        /^No backup can be made in "data\/backup", which is inside the data folder: choose one outside of it\.\n$/,
      ],
      [
        '~ann/copy',
        /^No backup can be made in .*, which only a shell would understand: write the path out\.\n$/,
      ],
      ['full', /^No backup can be made in full, which contains other files: choose .*\.\n$/],
    ] as const) {
      expect(await run(folder)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(sentence),
      });
    }
    const nowhere = await runCommandLine(['backup', 'copy'], { cwd: newFolder() });
    expect(nowhere).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^There is no database in .*: set DATA_DIR /),
    });
    expect(await run()).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/see gramzoom backup --help\.\n$/),
    });
  });
});
