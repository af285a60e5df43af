import { writeSync } from 'node:fs';
import type { JobId } from '../../src/domain/job.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { newJob, noLimits, originOf } from '../support/jobs.ts';

/** Writes rows, files and checkpoints without end, and says each time what is safe by now. */
const [, , folder = '', run = ''] = process.argv;
const { store, blobs, checkpoints, roomLog } = await openStore(folder, { clock: systemClock });
const acknowledge = (what: object): void => void writeSync(1, `${JSON.stringify(what)}\n`);

for (let i = 0; ; i++) {
  const id = `${run}-${i}` as JobId;
  await store.jobs.insert(newJob({ id, origin: originOf(`server ${i % 3}`, 'ann') }), noLimits);
  acknowledge({ kind: 'state', id, state: 'fetching' });
  const blob = await blobs.put(new TextEncoder().encode(id.repeat(500)));
  acknowledge({ kind: 'blob', blob });
  await store.jobs.move(id, 'fetching', 'queued', { photo: blob });
  acknowledge({ kind: 'state', id, state: 'queued' });
  const claimed = await store.leases.claimNext();
  if (claimed) acknowledge({ kind: 'state', id: claimed.id, state: 'running' });
  await store.outbox.begin(`${id}:film`);
  await store.outbox.finish(`${id}:film`, { platform: 'web', ref: id });
  acknowledge({ kind: 'said', key: `${id}:film` });
  const message = await roomLog.append({
    room: 'room',
    thread: null,
    key: id,
    said: { kind: 'words', text: id },
  });
  acknowledge({ kind: 'message', id: message.id });
  const film = `film-${run}` as JobId;
  await checkpoints.save(film, new TextEncoder().encode(`${i}`), {
    frame: { index: i, rgb: new Uint8Array(3000).fill(i) },
  });
  acknowledge({ kind: 'checkpoint', id: film, frame: i });
}
