import type { EventInbox, ReceivedEvent } from '../ports/event-inbox.ts';
import { nextSequence } from './counters.ts';
import type { FolderClock } from './folder-clock.ts';
import type { Database } from './tables.ts';

/** Events in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlInbox = (
  db: Database,
  { folderClock }: { readonly folderClock: FolderClock },
): EventInbox => ({
  add: (platform, { id, body }) =>
    db.transaction().execute(async (transaction) => {
      const sequence = await nextSequence(transaction, 'event');
      const { numInsertedOrUpdatedRows = 0n } = await transaction
        .insertInto('received_events')
        .values({ platform, id, sequence, body, seen: folderClock.now() })
        .onConflict((conflict) => conflict.columns(['platform', 'id']).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    }),

  finish: async (platform, id) => {
    await db
      .updateTable('received_events')
      .set({ body: null })
      .where(({ and }) => and({ platform, id }))
      .execute();
  },

  pending: async (platform) => {
    const rows = await db
      .selectFrom('received_events')
      .select(['id', 'body'])
      .where('platform', '=', platform)
      .where('body', 'is not', null)
      .orderBy('sequence')
      .execute();
    return rows.map(({ id, body }): ReceivedEvent => ({ id, body: body ?? '' }));
  },
});
