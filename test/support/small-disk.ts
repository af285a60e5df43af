import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const mount = (folder: string, bytes: number): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]).status === 0;

const unmount = (folder: string): void => {
  spawnSync('umount', ['--lazy', folder]);
  rmSync(folder, { recursive: true, force: true });
};

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'gramzoom-disk-'));

/** Whether a disk can be made here: it takes root and a kernel that lets it. */
export const canMakeDisks = ((): boolean => {
  const folder = newFolder();
  const made = mount(folder, 65_536);
  unmount(folder);
  return made;
})();

/** A disk of its own, held in memory, until the test is over. */
export const createSmallDisk = (bytes: number): string => {
  const folder = newFolder();
  if (!mount(folder, bytes)) throw new Error('no tmpfs could be mounted');
  onTestFinished(() => unmount(folder));
  return folder;
};

const ballast = (folder: string): string => join(folder, 'ballast');

/** Fills the disk to the last byte. */
export const fillDisk = async (folder: string): Promise<void> => {
  for (let part = 0; part < 1000; part++) {
    try {
      await writeFile(`${ballast(folder)}-${part}`, Buffer.alloc(64 * 1024));
    } catch {
      return;
    }
  }
};

/** Takes away what filled it. */
export const freeDisk = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (join(folder, name).startsWith(ballast(folder))) await rm(join(folder, name));
  }
};
