import { statfs } from 'node:fs/promises';
import type { Disk } from '../ports/disk.ts';

/** The disk that holds a folder. */
export const diskOf = (folder: string): Disk => ({
  space: async () => {
    try {
      const { bavail, blocks, bsize } = await statfs(folder);
      // Some file systems know no sizes.
      return blocks > 0 ? { freeBytes: bavail * bsize, totalBytes: blocks * bsize } : null;
    } catch {
      // Whoever writes there is told what is wrong.
      return null;
    }
  },
});
