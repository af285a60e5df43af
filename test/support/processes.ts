import { readFileSync } from 'node:fs';

/** Whether a process runs; one that its parent has not collected yet (a zombie) does not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // No /proc here, or it is gone by now, which the next look tells.
    return process.platform !== 'linux';
  }
};
