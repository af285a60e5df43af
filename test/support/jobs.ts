import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { BlobId, JobId, JobState, Origin } from '../../src/domain/job.ts';
import { parseRequest, type RenderReport } from '../../src/domain/kinds.ts';
import type { NewJob } from '../../src/ports/jobs.ts';
import type { Store } from '../../src/ports/store.ts';
import { databaseFile } from '../../src/store/sqlite/open-database.ts';

/** A blob's id that looks like one: `a` gives aaaa... */
export const blobNamed = (digit: string): BlobId => digit.repeat(64).slice(0, 64) as BlobId;

export const originOf = (server: string, user: string): Origin => ({ platform: 'web', server, user });

let made = 0;

/** A job to insert, with an id of its own. */
export const newJob = (changes: Partial<NewJob> = {}): NewJob => ({
  id: `job-${++made}` as JobId,
  origin: originOf('room', 'ann'),
  request: { ...parseRequest({ size: 64, frames: 8, steps: 2 }), seed: 7 },
  attachment: { platform: 'web', ref: 'upload-1', name: 'cat.jpg' },
  replyTarget: { platform: 'web', ref: 'room' },
  parent: null,
  photo: null,
  event: null,
  ...changes,
});

export const noLimits = { perUser: 1_000_000, perServer: 1_000_000 } as const;

export const aReport: RenderReport = {
  kind: 'zoom',
  format: 'gif',
  width: 64,
  height: 64,
  frames: 8,
  fps: 20,
  zoom: 1.03,
  direction: 'in',
  seed: 7,
  network: 'pocket',
  depth: 'style',
  quality: 'standard',
  engine: 'onnx:cpu',
  engineVersion: '1.30.0',
  precision: 'float',
  threads: 2,
  styleLoss: 0.125,
  seamRatio: null,
  seconds: { total: 4, start: 1, frames: 2, encode: 1 },
  bytes: 12_345,
  peakRssBytes: 123_456_789,
  fit: { colours: 64, quality: null, everyFrame: 2, size: 64 },
};

/** The shortest way to each state. */
const wayTo: Readonly<Record<JobState, readonly JobState[]>> = {
  fetching: [],
  queued: ['queued'],
  running: ['queued', 'running'],
  delivering: ['queued', 'running', 'delivering'],
  done: ['queued', 'running', 'delivering', 'done'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

/** Inserts a job and moves it to a state. */
export const jobIn = async (store: Store, state: JobState, job: NewJob = newJob()): Promise<JobId> => {
  await store.jobs.insert(job, noLimits);
  let from: JobState = 'fetching';
  for (const to of wayTo[state]) {
    await store.jobs.move(job.id, from, to);
    from = to;
  }
  return job.id;
};

/**
 * Writes many finished rows of one person into a folder's database at once, beside whoever has it open, as old as
 * the folder is now.
 */
export const finishedRows = (folder: string, count: number): readonly JobId[] => {
  const database = new Sqlite(join(folder, databaseFile));
  const { request, attachment, replyTarget, origin } = newJob();
  const insert = database.prepare(
    `insert into jobs (id, sequence, platform, server, user_id, request, attachment, reply_target, state,
      attempt, frames_done, created_at, finished_at, finish, finished_seen, root, owner_platform, owner_server,
      owner_user)
      values (?, ?, ?, ?, ?, ?, ?, ?, 'failed', 0, 0, 0, 0, ?, (select seen from folder_time), ?, ?, ?, ?)`,
  );
  const texts = [request, attachment, replyTarget].map((value) => JSON.stringify(value));
  const ids = Array.from({ length: count }, (_, index) => `many-${index}` as JobId);
  database.transaction(() => {
    ids.forEach((id, index) => {
      const person = [origin.platform, origin.server, origin.user];
      insert.run(id, index + 1, ...person, ...texts, index + 1, id, ...person);
    });
    database.prepare("update counters set value = ? where name in ('job', 'finish')").run(count);
  })();
  database.close();
  return ids;
};
