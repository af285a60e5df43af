import { diskOf } from '../files/disk-space.ts';
import type { Blobs, Checkpoints } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { RoomLog } from '../ports/room-log.ts';
import type { Store } from '../ports/store.ts';
import { unmark } from './backup-target.ts';
import { nextSequence } from './counters.ts';
import { createDamagedJobs } from './damaged-jobs.ts';
import { openFileBlobs } from './file-blobs.ts';
import { openFileCheckpoints } from './file-checkpoints.ts';
import { openFolderClock } from './folder-clock.ts';
import { mendCounters } from './mend-counters.ts';
import { makeFolderPrivate } from './private-files.ts';
import { createQuarantine } from './quarantine.ts';
import type { OnDamaged } from './records.ts';
import { createSqlCalendar } from './sql-calendar.ts';
import { createSqlContests } from './sql-contests.ts';
import { createSqlErasures } from './sql-erasures.ts';
import { createSqlInbox } from './sql-inbox.ts';
import { createSqlInstallations } from './sql-installations.ts';
import { createSqlJobs } from './sql-jobs.ts';
import { createSqlLeases } from './sql-leases.ts';
import { createSqlOutbox } from './sql-outbox.ts';
import { createSqlReactions } from './sql-reactions.ts';
import { createSqlRetention } from './sql-retention.ts';
import { createSqlRoomLog } from './sql-room-log.ts';
import { createSqlTries } from './sql-tries.ts';
import { fromOpening } from './sqlite/errors.ts';
import { type FolderLock, lockFolder } from './sqlite/folder-lock.ts';
import { emptyLog, openDatabase } from './sqlite/open-database.ts';
import type { Database } from './tables.ts';

export type OpenedStore = {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly checkpoints: Checkpoints;
  readonly disk: Disk;
  readonly roomLog: RoomLog;
  /** Lets what runs come to its end and gives the folder back. Harmless when called again. */
  close(): Promise<void>;
};

type StoreOptions = {
  readonly clock: Clock;
  /** Told, once, of each record that cannot be read and is set aside. */
  readonly onDamaged?: OnDamaged;
  /** Told of what other users of the machine can reach, where that cannot be changed. */
  readonly onExposed?: (path: string) => void;
};

/**
 * Opens a data folder: rows in SQLite, files beside it. The folder is made where it is missing (for this
 * user alone) and belongs to this process until it closes it or dies.
 * @throws GramzoomError `data-folder-in-use`, `database-newer`, `database-damaged`, `disk-full`,
 * `output-not-writable`, `output-failed` for whatever else the place cannot do
 */
export const openStore = async (folder: string, options: StoreOptions): Promise<OpenedStore> => {
  let lock: FolderLock | undefined;
  let database: Database | undefined;
  try {
    const held = lockFolder(folder);
    lock = held;
    // Not before it is ours: its modes are somebody else's business where it cannot be used.
    await makeFolderPrivate(folder, { onExposed: options.onExposed ?? (() => {}) });
    await unmark(folder);
    const db = await openDatabase(folder);
    database = db;
    const { clock, onDamaged = () => {} } = options;
    const folderClock = await openFolderClock(db, clock);
    const quarantine = createQuarantine({ clock, folderClock }, onDamaged);
    await mendCounters(db, { quarantine });
    const all = { clock, quarantine, folderClock };
    const withDamaged = { ...all, damaged: createDamagedJobs(db, all) };
    const [blobs, checkpoints] = [await openFileBlobs(folder, all), await openFileCheckpoints(folder)];
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => {
      // There is one connection: once it is free, nothing is half done.
      closed ??= db
        .connection()
        .execute(async () => {})
        .then(() => db.destroy())
        .finally(() => held.release());
      return closed;
    };
    return {
      store: {
        jobs: createSqlJobs(db, withDamaged),
        leases: createSqlLeases(db, withDamaged),
        erasures: createSqlErasures(db, { ...withDamaged, settle: () => emptyLog(db) }),
        tries: createSqlTries(db),
        outbox: createSqlOutbox(db, all),
        calendar: createSqlCalendar(db, all),
        contests: createSqlContests(db, all),
        reactions: createSqlReactions(db, all),
        inbox: createSqlInbox(db, all),
        installations: createSqlInstallations(db),
        retention: createSqlRetention(db, all),
        check: () =>
          db.transaction().execute(async (transaction) => void (await nextSequence(transaction, 'check'))),
        close,
      },
      blobs,
      checkpoints,
      disk: diskOf(folder),
      roomLog: createSqlRoomLog(db, all),
      close,
    };
  } catch (thrown) {
    await database?.destroy();
    lock?.release();
    throw fromOpening(thrown, folder);
  }
};
