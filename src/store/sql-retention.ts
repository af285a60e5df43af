import { type BlobId, isFinished, type JobId, jobStates } from '../domain/job.ts';
import type { Retention } from '../ports/store.ts';
import { forgetInRooms } from './room-blobs.ts';
import type { Database } from './tables.ts';

const finishedStates = jobStates.filter(isFinished);
const unfinishedStates = jobStates.filter((state) => !isFinished(state));
const blobColumns = ['photo', 'result', 'poster'] as const;

type Held = {
  readonly id: string;
  readonly blob: string;
  readonly finish: number;
  readonly finishedAt: number;
};

/** The newest finish of each blob: what two renders share is as old as the younger one. */
const newestOf = (held: readonly Held[]): ReadonlyMap<string, Held> => {
  const newest = new Map<string, Held>();
  for (const entry of held) {
    const known = newest.get(entry.blob);
    if (!known || known.finish < entry.finish) newest.set(entry.blob, entry);
  }
  return newest;
};

/** What rows still point at, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlRetention = (db: Database): Retention => {
  const heldIn = async (
    transaction: Database,
    column: (typeof blobColumns)[number],
  ): Promise<readonly Held[]> => {
    const rows = await transaction
      .selectFrom('jobs')
      .select(['id', `${column} as blob`, 'finish', 'finished_at'])
      .where(column, 'is not', null)
      .where('state', 'in', finishedStates)
      .orderBy('finish')
      .execute();
    return rows.flatMap(({ id, blob, finish, finished_at }) =>
      blob === null ? [] : [{ id, blob, finish: finish ?? 0, finishedAt: finished_at ?? 0 }],
    );
  };

  const needed = async (transaction: Database): Promise<ReadonlySet<string>> => {
    const rows = await transaction
      .selectFrom('jobs')
      .select(blobColumns)
      .where('state', 'in', unfinishedStates)
      .execute();
    return new Set(
      rows.flatMap(({ photo, result, poster }) => [photo, result, poster].filter((id) => id !== null)),
    );
  };

  const filmBlobs = async (transaction: Database): Promise<readonly Held[]> =>
    [...(await heldIn(transaction, 'result')), ...(await heldIn(transaction, 'poster'))].sort(
      (a, b) => a.finish - b.finish,
    );

  return {
    results: () =>
      db.transaction().execute(async (transaction) => {
        const held = await filmBlobs(transaction);
        const needs = await needed(transaction);
        const newest = newestOf(held);
        return held
          .filter(({ blob }) => !needs.has(blob))
          .map((entry) => ({ entry, age: newest.get(entry.blob) ?? entry }))
          .sort((a, b) => a.age.finish - b.age.finish)
          .map(({ entry, age }) => ({
            job: entry.id as JobId,
            blob: entry.blob as BlobId,
            finishedAt: age.finishedAt,
          }));
      }),

    photos: () =>
      db.transaction().execute(async (transaction) => {
        const held = await heldIn(transaction, 'photo');
        const needs = await needed(transaction);
        // Somebody's film that somebody sent as a photo goes with the films.
        const films = new Set((await filmBlobs(transaction)).map(({ blob }) => blob));
        return [...newestOf(held).values()]
          .filter(({ blob }) => !needs.has(blob) && !films.has(blob))
          .sort((a, b) => a.finish - b.finish)
          .map(({ blob, finishedAt }) => ({ blob: blob as BlobId, finishedAt }));
      }),

    referenced: () =>
      db.transaction().execute(async (transaction) => {
        const rows = await transaction.selectFrom('jobs').select(blobColumns).execute();
        const inRooms = await transaction.selectFrom('room_blobs').select('blob').distinct().execute();
        const ids = rows.flatMap(({ photo, result, poster }) => [photo, result, poster]);
        return new Set([...ids, ...inRooms.map(({ blob }) => blob)].filter((id) => id !== null) as BlobId[]);
      }),

    forget: (blob) =>
      db.transaction().execute(async (transaction) => {
        for (const column of blobColumns) {
          await transaction
            .updateTable('jobs')
            .set({ [column]: null })
            .where(column, '=', blob)
            .where('state', 'in', finishedStates)
            .execute();
        }
        if (!(await needed(transaction)).has(blob)) await forgetInRooms(transaction, blob);
      }),
  };
};
