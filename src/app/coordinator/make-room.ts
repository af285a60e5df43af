import type { BlobId } from '../../domain/job.ts';
import type { ListedBlob } from '../../ports/blobs.ts';
import type { Expendable, Page } from '../../ports/store.ts';
import type { Coordinator } from './coordinator.ts';
import { removeFile, type Tally } from './removals.ts';

/** A file that no row points at may be about to belong to one: it is left alone this long. */
const unreferencedMs = 60 * 60 * 1000;
/** So many files are looked at while nobody else may store one. */
const filesPerTurn = 50;
export const rowsPerPage = 200;

/** Bytes by what can be done about them. */
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
export async function* expendable(
  read: (page: Page) => Promise<Expendable>,
  before: number | null,
): AsyncGenerator<BlobId> {
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
  const { retention } = coordinator.deps.store;
  const read = what === 'photo' ? retention.photos : retention.films;
  let left = bytes;
  if (left <= 0) return left;
  for await (const blob of expendable(read, null)) {
    if (coordinator.isStopping) return left;
    // A file that is not there makes no room.
    if (!(await coordinator.deps.blobs.has(blob))) continue;
    left -= await removeFile(coordinator, blob, { what, why: 'space' }, tally);
    if (left <= 0) return left;
  }
  return left;
};

/**
 * Removes what no row points at. Where what is left is too much, the oldest films go, then the oldest photos; photos
 * first, where they make enough room and all films would not. What unfinished renders need stays: where that alone is
 * too much, nothing goes, since it would not help.
 */
export const makeRoom = async (coordinator: Coordinator, tally: Tally): Promise<void> => {
  const { maxDataBytes } = coordinator.deps.retention;
  const { film, photo, pinned } = await weigh(coordinator, tally);
  if (maxDataBytes === null || coordinator.isStopping) return;
  const excess = film + photo + pinned - maxDataBytes;
  if (excess <= 0) return;
  if (pinned > maxDataBytes) {
    coordinator.deps.log.warn('retention: unfinished renders need more than MAX_DATA_BYTES', {
      pinned,
      maxDataBytes,
    });
    return;
  }
  const order = film < excess && photo >= excess ? (['photo'] as const) : (['result', 'photo'] as const);
  let left = excess;
  for (const what of order) left = await evict(coordinator, what, { bytes: left, tally });
};
