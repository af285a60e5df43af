import { type FolderTime, isSettled, newFolderTime, type Passed, passTime } from '../domain/folder-time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SeenTime } from '../ports/store.ts';
import type { Database } from './tables.ts';

/** Time as the folder has seen it. */
export type FolderClock = {
  /** Milliseconds; comparable with what was noted before, in any life of the folder. */
  now(): number;
  /** Looks at the wall clock and notes how far time has come. */
  pass(): Promise<SeenTime>;
};

const rowId = 1;

const read = async (db: Database): Promise<FolderTime | undefined> => {
  const row = await db.selectFrom('folder_time').selectAll().where('id', '=', rowId).executeTakeFirst();
  // One that is damaged is begun anew: what is there is then not older than it was.
  if (!row || !Object.values(row).every(Number.isFinite)) return undefined;
  return { seen: row.seen, wall: row.wall, settledAt: row.settled_at, credit: row.credit };
};

const write = async (db: Database, { seen, wall, settledAt, credit }: FolderTime): Promise<void> => {
  const columns = { seen, wall, settled_at: settledAt, credit };
  await db
    .insertInto('folder_time')
    .values({ id: rowId, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
};

/**
 * Continues from what the folder has noted. How long it was off is by the wall clock, how long it runs by the clock
 * that never jumps.
 * @throws GramzoomError `disk-full`
 */
export const openFolderClock = async (db: Database, clock: Clock): Promise<FolderClock> => {
  const wall = clock.wallTime();
  let last = passTime((await read(db)) ?? newFolderTime(wall), { ranMs: 0, wall });
  let lookedAt = clock.now();
  await write(db, last.time);
  /** Of the start, until somebody is notified of it. */
  let untold = last.jumpMs;

  const ranMs = (): number => Math.max(0, clock.now() - lookedAt);

  return {
    now: () => Math.round(last.time.seen + ranMs()),
    pass: async () => {
      const passed: Passed = passTime(last.time, { ranMs: Math.round(ranMs()), wall: clock.wallTime() });
      await write(db, passed.time);
      last = passed;
      lookedAt = clock.now();
      const jumpMs = passed.jumpMs || untold;
      untold = 0;
      return { now: passed.time.seen, isSettled: isSettled(passed.time), jumpMs };
    },
  };
};
