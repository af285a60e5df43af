import type { BlobId } from '../../domain/job.ts';
import type { RemovedRows } from '../../ports/store.ts';
import type { Coordinator } from './coordinator.ts';
import { postOutcome } from './finish.ts';

/** What went, and why. */
export type Removed = {
  readonly what: 'photo' | 'result' | 'unreferenced';
  readonly why: 'age' | 'space' | 'nothing points at it' | 'erased';
};

/** What a sweep has removed so far, for the log. */
export type Tally = ReturnType<typeof createTally>;

export const createTally = () => {
  const files = new Map<string, { files: number; bytes: number }>();
  const rows = { renders: 0, messages: 0, served: 0, damaged: 0, contests: 0 };
  return {
    file: ({ what, why }: Removed, bytes: number): void => {
      const name = `${what}: ${why}`;
      const known = files.get(name) ?? { files: 0, bytes: 0 };
      files.set(name, { files: known.files + 1, bytes: known.bytes + bytes });
    },
    rows: (removed: RemovedRows): void => {
      for (const kind of ['renders', 'messages', 'served', 'damaged', 'contests'] as const)
        rows[kind] += removed[kind];
    },
    /** One line, where anything went. */
    log: ({ deps }: Coordinator): void => {
      const hasRows = Object.values(rows).some((count) => count > 0);
      if (files.size === 0 && !hasRows) return;
      const bytes = [...files.values()].reduce((sum, each) => sum + each.bytes, 0);
      deps.log.info('retention: removed old files and rows', {
        bytes,
        files: Object.fromEntries(files),
        ...(hasRows && { rows }),
      });
    },
  };
};

/**
 * Takes a file out of finished rows, and off the disk where no other row needs it.
 * @returns the bytes that this freed
 */
export const removeFile = (
  coordinator: Coordinator,
  blob: BlobId,
  removed: Removed,
  tally: Tally,
): Promise<number> => {
  const { deps, blobLock, heldPhotos } = coordinator;
  return blobLock.run(async () => {
    if (heldPhotos.has(blob)) return 0;
    const { isFree, films, previews } = await deps.store.retention.forget(blob);
    for (const id of films) postOutcome(coordinator, id);
    let freed = 0;
    for (const gone of isFree ? [blob, ...previews.filter((preview) => !heldPhotos.has(preview))] : []) {
      const bytes = await deps.blobs.size(gone);
      if (bytes === undefined) continue;
      await deps.blobs.remove(gone);
      deps.observe({ kind: 'removed', what: removed.what, bytes });
      tally.file(removed, bytes);
      freed += bytes;
    }
    return freed;
  });
};
