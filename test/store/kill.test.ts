import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type BlobId, type JobId, jobStates } from '../../src/domain/job.ts';
import { createRandom } from '../../src/domain/random.ts';
import { type OpenedStore, openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const writer = fileURLToPath(new URL('write-until-killed.ts', import.meta.url));

const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), id: z.string(), state: z.enum(jobStates) }),
  z.object({ kind: z.literal('blob'), blob: z.string() }),
  z.object({ kind: z.literal('said'), key: z.string() }),
  z.object({ kind: z.literal('message'), id: z.string() }),
  z.object({ kind: z.literal('checkpoint'), id: z.string(), frame: z.int() }),
]);
type Acknowledged = z.infer<typeof line>;

/** Lets a process write until it has acknowledged so much, and kills it there and then. */
const killAfter = async (bytes: number, folder: string, run: string): Promise<readonly Acknowledged[]> => {
  const child = spawn(process.execPath, [writer, folder, run], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.length >= bytes) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [unknown, string];
  expect(signal).toBe('SIGKILL');
  // The last line may be cut off.
  return text
    .split('\n')
    .slice(0, -1)
    .map((json) => line.parse(JSON.parse(json)));
};

const checkOne = async (open: OpenedStore, what: Acknowledged): Promise<void> => {
  switch (what.kind) {
    case 'state': {
      // It may have gone further before the kill.
      const state = (await open.store.jobs.get(what.id as JobId))?.state ?? 'fetching';
      expect(jobStates.indexOf(state), JSON.stringify(what)).toBeGreaterThanOrEqual(
        jobStates.indexOf(what.state),
      );
      expect(await open.store.jobs.get(what.id as JobId)).toBeDefined();
      return;
    }
    case 'blob':
      expect(await open.blobs.get(what.blob as BlobId)).toBeDefined();
      return;
    case 'said':
      expect(await open.store.outbox.get(what.key)).toBeDefined();
      return;
    case 'message':
      expect(await open.roomLog.get(what.id)).toBeDefined();
      return;
    case 'checkpoint': {
      const loaded = await open.checkpoints.load(what.id as JobId);
      const last = Number(Buffer.from(loaded!.state).toString());
      expect(last).toBeGreaterThanOrEqual(what.frame);
      expect(loaded?.frames.map((rgb) => rgb[0])).toEqual(
        Array.from({ length: last + 1 }, (_, i) => i % 256),
      );
      return;
    }
    default:
      what satisfies never;
  }
};

describe('kill -9 in the middle of many writes', () => {
  it('loses nothing that was acknowledged, and leaves the database whole', async () => {
    const folder = await createTempFolder();
    const random = createRandom(5);
    const acknowledged: Acknowledged[] = [];
    for (let run = 0; run < 4; run++) {
      acknowledged.push(...(await killAfter(2000 + 6000 * random.uniform(), folder, `run${run}`)));
      const database = new Sqlite(join(folder, 'gramzoom.db'));
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
      database.close();
    }
    expect(acknowledged.length).toBeGreaterThan(100);
    const open = await openStore(folder, { clock: createFakeClock() });
    for (const what of acknowledged) await checkOne(open, what);
    await open.close();
  });
});
