import type { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { FolderClock } from './folder-clock.ts';
import type { OnDamaged } from './records.ts';
import type { Database } from './tables.ts';

/** A record that cannot be read, as it was found. */
type Found = {
  readonly kind: 'job' | 'post' | 'reaction' | 'message' | 'counter' | 'contest' | 'entry';
  readonly id: string;
  readonly record: unknown;
  readonly error: GramzoomError<'record-damaged'>;
  /** Whether somebody has to be told how it ended. */
  readonly isOwed?: boolean;
};

/** Where damaged records are set aside, so that what is left in their place can be read. */
export type Quarantine = {
  /** Keeps a record as it was found, and tells of it. */
  keep(transaction: Database, found: Found): Promise<void>;
  /** Tells of a record, once in this process. */
  tell(error: GramzoomError<'record-damaged'>): void;
};

/** What the parts of a store share. */
export type StoreContext = {
  readonly clock: Clock;
  readonly folderClock: FolderClock;
  readonly quarantine: Quarantine;
};

export const createQuarantine = (
  { clock, folderClock }: Omit<StoreContext, 'quarantine'>,
  onDamaged: OnDamaged,
): Quarantine => {
  const told = new Set<string>();
  const tell: Quarantine['tell'] = (error) => {
    const key = JSON.stringify(error.data);
    if (told.has(key)) return;
    told.add(key);
    onDamaged(error);
  };
  return {
    tell,
    keep: async (transaction, { kind, id, record, error, isOwed = false }) => {
      tell(error);
      const columns = {
        problem: error.data.problem,
        record: JSON.stringify(record),
        found_at: clock.wallTime(),
        seen: folderClock.now(),
        owed: isOwed ? 1 : 0,
      };
      await transaction
        .insertInto('damaged_records')
        .values({ kind, id, ...columns })
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(columns))
        .execute();
    },
  };
};
