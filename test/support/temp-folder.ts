import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder that goes when the test that asked for it is over. */
export const createTempFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'gramzoom-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
