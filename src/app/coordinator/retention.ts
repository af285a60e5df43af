import { type BlobId, isFinished } from '../../domain/job.ts';
import type { ListedBlob } from '../../ports/blobs.ts';
import type { Expendable } from '../../ports/store.ts';
import type { Coordinator } from './coordinator.ts';
import { erasePending } from './erase.ts';
import { recoverJobs } from './recover-jobs.ts';
import { createTally, removeFile, type Tally } from './removals.ts';

/** A file that no row points at may be about to belong to one: it is left alone this long. */
const unreferencedMs = 60 * 60 * 1000;
/** So many files are looked at while nobody else may store one. */
const filesPerTurn = 50;
const rowsPerPage = 200;

/** Bytes that may go as films, as photos, and that must stay. */
type Weights = { film: number; photo: number; pinned: number };

/** Removes what no row points at, and weighs the rest. */
const weighTurn = (
  { deps, blobLock }: Coordinator,
  files: readonly ListedBlob[],
  { weights, tally }: { readonly weights: Weights; readonly tally: Tally },
): Promise<void> =>
  blobLock.run(async () => {
    const uses = await deps.store.retention.uses(files.map(({ id }) => id));
    for (const { id, bytes, idleMs } of files) {
      const use = uses.get(id);
      if (use === undefined && (idleMs === null || idleMs > unreferencedMs)) {
        await deps.blobs.remove(id);
        deps.observe({ kind: 'removed', what: 'unreferenced', bytes });
        tally.file({ what: 'unreferenced', why: 'nothing points at it' }, bytes);
      } else if (use === 'film' || use === 'photo') weights[use] += bytes;
      else weights.pinned += bytes;
    }
  });

/**
 * Files that no row points at go: pictures of progress, photos that were refused, what a crash left behind.
 * @returns what is left
 */
const weigh = async (coordinator: Coordinator, tally: Tally): Promise<Weights> => {
  const weights: Weights = { film: 0, photo: 0, pinned: 0 };
  let files: ListedBlob[] = [];
  for await (const file of coordinator.deps.blobs.list()) {
    if (coordinator.isStopping) return weights;
    files.push(file);
    if (files.length < filesPerTurn) continue;
    await weighTurn(coordinator, files, { weights, tally });
    files = [];
  }
  if (files.length > 0) await weighTurn(coordinator, files, { weights, tally });
  return weights;
};

/** Every file of a kind that may go, the oldest first, read page by page. */
async function* expendable(
  { deps }: Coordinator,
  what: 'photo' | 'result',
  before: number | null,
): AsyncGenerator<BlobId> {
  const { photos, films } = deps.store.retention;
  const read = what === 'photo' ? photos : films;
  for (let after: number | null = 0; after !== null; ) {
    const { blobs, next }: Expendable = await read({ after, before, limit: rowsPerPage });
    yield* blobs;
    after = next;
  }
}

const evict = async (
  coordinator: Coordinator,
  what: 'photo' | 'result',
  { bytes, tally }: { readonly bytes: number; readonly tally: Tally },
): Promise<number> => {
  let left = bytes;
  for await (const blob of expendable(coordinator, what, null)) {
    if (left <= 0 || coordinator.isStopping) break;
    // A file that is not there frees no space.
    if (!(await coordinator.deps.blobs.has(blob))) continue;
    left -= await removeFile(coordinator, blob, { what, why: 'space' }, tally);
  }
  return left;
};

/**
 * Removes what no row points at. Where what is left is too much, the oldest films go, then the oldest photos; photos
 * first, where they free enough space and all films would not. What unfinished renders and contests need stays: where that alone is
 * too much, nothing goes, since it would not help.
 */
const freeSpace = async (coordinator: Coordinator, tally: Tally): Promise<void> => {
  const { maxDataBytes } = coordinator.deps.retention;
  const { film, photo, pinned } = await weigh(coordinator, tally);
  if (maxDataBytes === null || coordinator.isStopping) return;
  const excess = film + photo + pinned - maxDataBytes;
  if (excess <= 0) return;
  if (pinned > maxDataBytes) {
    coordinator.deps.log.warn('retention: unfinished renders and contests need more than MAX_DATA_BYTES', {
      pinned,
      maxDataBytes,
    });
    return;
  }
  const order = film < excess && photo >= excess ? (['photo'] as const) : (['result', 'photo'] as const);
  let left = excess;
  for (const what of order) left = await evict(coordinator, what, { bytes: left, tally });
};

/** No platform delivers an event again that long after it was acknowledged, or was not. */
const eventDays = 3;
const dayMs = 24 * 60 * 60 * 1000;

const expireFiles = async (
  coordinator: Coordinator,
  what: 'photo' | 'result',
  { before, tally }: { readonly before: number; readonly tally: Tally },
): Promise<void> => {
  for await (const blob of expendable(coordinator, what, before)) {
    if (coordinator.isStopping) return;
    await removeFile(coordinator, blob, { what, why: 'age' }, tally);
  }
};

const expireRows = async (coordinator: Coordinator, before: number, tally: Tally): Promise<void> => {
  const { retention } = coordinator.deps.store;
  while (!coordinator.isStopping) {
    const removed = await retention.removeRows({ before, limit: rowsPerPage });
    tally.rows(removed);
    if (Object.values(removed).every((count) => count === 0)) break;
  }
  await coordinator.deps.store.erasures.settle();
};

const expireEvents = async (coordinator: Coordinator, before: number): Promise<void> => {
  const { retention } = coordinator.deps.store;
  while (!coordinator.isStopping) {
    const removed = await retention.removeEvents({ before, limit: rowsPerPage });
    if (removed === 0) break;
  }
};

/**
 * What is too old goes, by the time that this data folder has seen. After a jump of the wall clock nothing does for
 * a while: it may be set right again.
 */
const expire = async (coordinator: Coordinator, tally: Tally): Promise<void> => {
  const { deps } = coordinator;
  const { retention } = deps.store;
  const { photoDays, resultDays, rowDays } = deps.retention;
  const { now, isSettled, jumpMs } = await retention.passTime();
  if (jumpMs !== 0) {
    const days = Number((jumpMs / dayMs).toFixed(1));
    deps.log.warn('clock: jumped, or the bot was off for long; counted as a day at most', { days });
  }
  if (!isSettled) return;
  const old = (days: number) => ({ before: now - days * dayMs, tally });
  if (resultDays !== null) await expireFiles(coordinator, 'result', old(resultDays));
  if (photoDays !== null) await expireFiles(coordinator, 'photo', old(photoDays));
  await expireEvents(coordinator, old(eventDays).before);
  if (rowDays !== null) await expireRows(coordinator, old(rowDays).before, tally);
};

const removeCheckpoints = async ({ deps }: Coordinator): Promise<void> => {
  for (const id of await deps.checkpoints.list()) {
    try {
      const job = await deps.store.jobs.get(id);
      if (!job || isFinished(job.state)) await deps.checkpoints.remove(id);
    } catch (error) {
      // One that cannot be removed must not keep films and photos from going.
      deps.log.forJob(id).warn('checkpoint: failed to remove it', { error });
    }
  }
};

/**
 * Housekeeping, to be called every few minutes: resumes rows that nobody works on and removes files that are too
 * old or too many. Files of unfinished renders and of contests stay, whatever the limits say.
 */
export const sweep = async (coordinator: Coordinator): Promise<void> => {
  if (coordinator.isStopping) return;
  const { rendering: _, ...taken } = await recoverJobs(coordinator, { leases: 'expired' });
  if (taken.fetching + taken.delivering > 0)
    coordinator.deps.log.warn('render: resumed rows that nobody worked on', taken);
  await removeCheckpoints(coordinator);
  const tally = createTally();
  try {
    await expire(coordinator, tally);
    await freeSpace(coordinator, tally);
  } finally {
    tally.log(coordinator);
  }
  // The last, since messages go at the pace of their platform.
  await erasePending(coordinator);
};
