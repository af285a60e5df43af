import { type BlobId, isFinished, type JobId } from '../domain/job.ts';
import { tellTheEnd } from './finish.ts';
import { type Floor, inBackground } from './floor.ts';
import { takeUp } from './take-up.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** A file that no row points at may be on its way into one: it is left alone for so long. */
const unreferencedMs = 60 * 60 * 1000;

type Expendable = { readonly blob: BlobId; readonly finishedAt: number };

/** Files that may go: oldest first, each once, with its newest finish. */
const byAge = (files: readonly Expendable[]): readonly Expendable[] => {
  const newest = new Map<BlobId, number>();
  for (const { blob, finishedAt } of files) {
    newest.set(blob, Math.max(finishedAt, newest.get(blob) ?? Number.NEGATIVE_INFINITY));
  }
  return [...newest]
    .map(([blob, finishedAt]) => ({ blob, finishedAt }))
    .sort((a, b) => a.finishedAt - b.finishedAt);
};

const olderThan = (files: readonly Expendable[], now: number, days: number | null): readonly BlobId[] =>
  days === null
    ? []
    : files.filter(({ finishedAt }) => finishedAt < now - days * dayMs).map(({ blob }) => blob);

/** The first of these files that together have at least so many bytes. */
const firstOf = (
  files: readonly BlobId[],
  excess: number,
  sizes: ReadonlyMap<BlobId, number>,
): readonly BlobId[] => {
  const chosen: BlobId[] = [];
  for (let left = excess; left > 0 && chosen.length < files.length; ) {
    const blob = files[chosen.length]!;
    chosen.push(blob);
    left -= sizes.get(blob) ?? 0;
  }
  return chosen;
};

const sizesOf = async ({ deps }: Floor): Promise<Map<BlobId, number>> => {
  const sizes = new Map<BlobId, number>();
  for await (const { id, bytes } of deps.blobs.list()) sizes.set(id, bytes);
  return sizes;
};

const sum = (sizes: Iterable<number>): number => [...sizes].reduce((total, bytes) => total + bytes, 0);

/** Takes files out of finished rows, and off the disk where no other row needs them. */
const expire = (
  { deps, fileTurns }: Floor,
  files: readonly BlobId[],
  what: { readonly kind: 'photo' | 'result'; readonly sizes: Map<BlobId, number> },
): Promise<void> =>
  fileTurns.run(async () => {
    if (files.length === 0) return;
    const { retention } = deps.store;
    for (const blob of files) await retention.forget(blob);
    const referenced = await retention.referenced();
    for (const blob of files) {
      if (referenced.has(blob)) continue;
      await deps.blobs.remove(blob);
      deps.observe({ kind: 'removed', what: what.kind, bytes: what.sizes.get(blob) ?? 0 });
      what.sizes.delete(blob);
    }
  });

/** Results and photos by their ages, then the oldest results and photos until the rest is small enough. */
const expireFinished = async (floor: Floor): Promise<void> => {
  const { deps } = floor;
  const { photoDays, resultDays, maxDataBytes } = deps.retention;
  const { retention } = deps.store;
  const now = deps.clock.wallTime();
  const sizes = await sizesOf(floor);
  const shown = await retention.results();
  const results = byAge(shown);
  const photos = byAge(await retention.photos());
  const goneResults = new Set(olderThan(results, now, resultDays));
  await expire(floor, [...goneResults], { kind: 'result', sizes });
  await expire(floor, olderThan(photos, now, photoDays), { kind: 'photo', sizes });
  if (maxDataBytes !== null) {
    const evicted = firstOf(
      results.map(({ blob }) => blob).filter((blob) => sizes.has(blob)),
      sum(sizes.values()) - maxDataBytes,
      sizes,
    );
    for (const blob of evicted) goneResults.add(blob);
    await expire(floor, evicted, { kind: 'result', sizes });
    const more = photos.map(({ blob }) => blob).filter((blob) => sizes.has(blob));
    await expire(floor, firstOf(more, sum(sizes.values()) - maxDataBytes, sizes), { kind: 'photo', sizes });
  }
  const jobs = new Set(shown.filter(({ blob }) => goneResults.has(blob)).map(({ job }) => job));
  for (const id of jobs) markExpired(floor, id);
};

const markExpired = (floor: Floor, id: JobId): void =>
  inBackground(floor, 'an expired film could not be marked', () => tellTheEnd(floor, { id }));

/** Files that no row points at: pictures of progress, photos that were refused, what a crash left behind. */
const removeUnreferenced = ({ deps, fileTurns }: Floor): Promise<void> =>
  fileTurns.run(async () => {
    const referenced = await deps.store.retention.referenced();
    const before = deps.clock.wallTime() - unreferencedMs;
    for await (const { id, bytes, modifiedAt } of deps.blobs.list()) {
      if (modifiedAt >= before || referenced.has(id)) continue;
      await deps.blobs.remove(id);
      deps.observe({ kind: 'removed', what: 'unreferenced', bytes });
    }
  });

const removeCheckpoints = async ({ deps }: Floor): Promise<void> => {
  for (const id of await deps.checkpoints.list()) {
    const job = await deps.store.jobs.get(id);
    if (!job || isFinished(job.state)) await deps.checkpoints.remove(id);
  }
};

/**
 * Housekeeping, to be called now and then: takes up rows that nobody works on and removes files that are too
 * old or too many. Files of unfinished renders stay, whatever the limits say.
 */
export const sweep = async (floor: Floor): Promise<void> => {
  if (floor.isStopping) return;
  const { rendering: _, ...taken } = await takeUp(floor);
  if (taken.fetching + taken.delivering > 0) floor.deps.log.warn('took up what nobody worked on', taken);
  await removeCheckpoints(floor);
  await expireFinished(floor);
  await removeUnreferenced(floor);
};
