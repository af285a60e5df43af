import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../domain/errno.ts';
import { folderMode } from './private-files.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Makes a folder and those around it where they are missing, for this user alone. Node's own `recursive` never
 * returns where a folder that is there takes none in, as with /proc.
 * @throws what the file system throws
 */
export const makeFolder = (path: string): void => {
  try {
    mkdirSync(path, { mode: folderMode });
  } catch (thrown) {
    const around = dirname(path);
    if (errnoOf(thrown) === 'ENOENT' && around !== path && !isFolder(around)) {
      makeFolder(around);
      makeFolder(path);
    } else if (!isFolder(path)) throw thrown;
  }
};
