import { setImmediate } from 'node:timers/promises';
import type { BlobId, JobId } from '../domain/job.ts';
import type { BlobUse, Expendable, Page, Retention } from '../ports/store.ts';
import type { FolderClock } from './folder-clock.ts';
import { isKept } from './kept-renders.ts';
import { removeOldEvents, removeOldRows } from './remove-rows.ts';
import { forgetInRooms } from './room-blobs.ts';
import type { Database } from './tables.ts';

const blobColumns = ['photo', 'result', 'poster'] as const;
type BlobColumn = (typeof blobColumns)[number];

/** The blobs among these that an unfinished render or a contest needs. */
const neededOf = async (
  transaction: Database,
  blobs: readonly string[],
  now: number,
): Promise<ReadonlySet<string | null>> => {
  const needed = new Set<string | null>();
  for (const column of blobColumns) {
    const rows = await transaction
      .selectFrom('jobs')
      .select(`${column} as blob`)
      .where(column, 'in', blobs)
      .where((where) => where.or([where('finish', 'is', null), isKept(where, now)]))
      .execute();
    for (const { blob } of rows) needed.add(blob);
  }
  const posters = await transaction
    .selectFrom('contests')
    .select('poster')
    .where('poster', 'in', blobs)
    .execute();
  for (const { poster } of posters) needed.add(poster);
  const films = await transaction
    .selectFrom('jobs')
    .select('request')
    .where('finish', 'is', null)
    .where('request', 'like', '%"through":%')
    .execute();
  // As text: a request that cannot be read needs its photos until somebody has looked at it.
  for (const blob of blobs) if (films.some(({ request }) => request.includes(blob))) needed.add(blob);
  return needed;
};

/** When the newest render that has the blob in one of these columns finished: a shared blob is as old as that one. */
const newestOf = async (
  transaction: Database,
  columns: readonly BlobColumn[],
  blobs: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const newest = new Map<string, number>();
  for (const column of columns) {
    const rows = await transaction
      .selectFrom('jobs')
      .select(({ fn }) => [`${column} as blob`, fn.max('finish').as('finish')])
      .where(column, 'in', blobs)
      .where('finish', 'is not', null)
      .groupBy(column)
      .execute();
    for (const { blob, finish } of rows) {
      if (blob !== null) newest.set(blob, Math.max(Number(finish), newest.get(blob) ?? 0));
    }
  }
  return newest;
};

/** What rows still point at, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlRetention = (
  db: Database,
  { folderClock }: { readonly folderClock: FolderClock },
): Retention => {
  /** SQLite answers synchronously: without the pause, page after page would block the event loop. */
  const inTurn = async <T>(work: (transaction: Database) => Promise<T>): Promise<T> => {
    const result = await db.transaction().execute(work);
    await setImmediate();
    return result;
  };

  /** A page of rows, oldest finish first: the blobs in these columns that no newer row has. */
  const expendable = async (
    transaction: Database,
    columns: readonly BlobColumn[],
    { after, limit, before }: Page,
  ): Promise<Expendable> => {
    const rows = await transaction
      .selectFrom('jobs')
      .select(['finish', 'photo', 'result', 'poster'])
      .where('finish', '>', after)
      .where((where) => where.or(columns.map((column) => where(column, 'is not', null))))
      .$if(before !== null, (query) => query.where('finished_seen', '<', before))
      .orderBy('finish')
      .limit(limit)
      .execute();
    const held = rows.flatMap((row) =>
      columns.flatMap((column) => (row[column] === null ? [] : [{ blob: row[column], finish: row.finish }])),
    );
    const last = rows.at(-1)?.finish ?? null;
    const next = rows.length < limit ? null : last;
    if (held.length === 0) return { blobs: [], next };
    const blobs = [...new Set(held.map(({ blob }) => blob))];
    const needed = await neededOf(transaction, blobs, folderClock.now());
    const newest = await newestOf(transaction, columns, blobs);
    const isNewest = ({ blob, finish }: (typeof held)[number]) => newest.get(blob) === finish;
    const free = held.filter((entry) => isNewest(entry) && !needed.has(entry.blob));
    return { blobs: [...new Set(free.map(({ blob }) => blob as BlobId))], next };
  };

  const uses = async (
    transaction: Database,
    blobs: readonly BlobId[],
  ): Promise<ReadonlyMap<BlobId, BlobUse>> => {
    if (blobs.length === 0) return new Map();
    const shown = await transaction
      .selectFrom('room_blobs')
      .select('blob')
      .distinct()
      .where('blob', 'in', blobs)
      .execute();
    const photos = await newestOf(transaction, ['photo'], blobs);
    const films = await newestOf(transaction, ['result', 'poster'], blobs);
    // A blob with several uses has the last of these.
    const found = new Map<string | null, BlobUse>([
      ...shown.map(({ blob }) => [blob, 'shown'] as const),
      ...[...photos.keys()].map((blob) => [blob, 'photo'] as const),
      ...[...films.keys()].map((blob) => [blob, 'film'] as const),
      ...[...(await neededOf(transaction, blobs, folderClock.now()))].map(
        (blob) => [blob, 'needed'] as const,
      ),
    ]);
    return found as ReadonlyMap<string | null, BlobUse> as ReadonlyMap<BlobId, BlobUse>;
  };

  return {
    passTime: () => folderClock.pass(),

    films: (page) => inTurn((transaction) => expendable(transaction, ['result', 'poster'], page)),

    photos: (page) =>
      inTurn(async (transaction) => {
        const { blobs, next } = await expendable(transaction, ['photo'], page);
        // A film that was sent as a photo again counts as a film.
        const found = await uses(transaction, blobs);
        return { blobs: blobs.filter((blob) => found.get(blob) === 'photo'), next };
      }),

    uses: (blobs) => inTurn((transaction) => uses(transaction, blobs)),

    forget: (blob) =>
      inTurn(async (transaction) => {
        const films: JobId[] = [];
        for (const column of blobColumns) {
          const rows = await transaction
            .updateTable('jobs')
            .set({ [column]: null })
            .where(column, '=', blob)
            .where('finish', 'is not', null)
            .where((where) => where.not(isKept(where, folderClock.now())))
            .returning('id')
            .execute();
          if (column === 'result') films.push(...rows.map(({ id }) => id as JobId));
        }
        const isFree = !(await neededOf(transaction, [blob], folderClock.now())).has(blob);
        const shown = isFree ? await forgetInRooms(transaction, blob) : [];
        const used = await uses(transaction, shown);
        return { isFree, films, previews: shown.filter((preview) => !used.has(preview)) };
      }),

    removeRows: (options) =>
      inTurn((transaction) => removeOldRows(transaction, { ...options, now: folderClock.now() })),

    removeEvents: (options) => inTurn((transaction) => removeOldEvents(transaction, options)),
  };
};
