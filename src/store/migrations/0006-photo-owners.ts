import { type Kysely, sql } from 'kysely';

type Before = {
  jobs: {
    id: string;
    parent: string | null;
    platform: string;
    server: string;
    user_id: string;
    root: string;
    owner_platform: string;
    owner_server: string;
    owner_user: string;
  };
};

/** Re-rolls are of the photo of what they re-roll, as far as that is known. */
const noteOwners = async (db: Kysely<Before>): Promise<void> => {
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'parent', 'platform', 'server', 'user_id'])
    .orderBy(sql`sequence`)
    .execute();
  type Source = Pick<Before['jobs'], 'root' | 'owner_platform' | 'owner_server' | 'owner_user'>;
  const ofJob = new Map<string, Source>();
  for (const { id, parent, platform, server, user_id } of rows) {
    const own = { root: id, owner_platform: platform, owner_server: server, owner_user: user_id };
    const source = ofJob.get(parent ?? '') ?? own;
    ofJob.set(id, source);
    await db.updateTable('jobs').set(source).where('id', '=', id).execute();
  }
};

/** Whose photo each render is of, what is being deleted for good, who said what in rooms, and ages of damaged records. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const column of ['root', 'owner_platform', 'owner_server', 'owner_user']) {
    await db.schema
      .alterTable('jobs')
      .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
      .execute();
  }
  await db.schema
    .alterTable('jobs')
    .addColumn('erasing', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await noteOwners(db as Kysely<Before>);
  const indexes = [
    ['jobs_root', ['root']],
    ['jobs_owner', ['owner_platform', 'owner_user']],
    ['jobs_user', ['platform', 'user_id']],
    ['jobs_erasing', ['erasing']],
  ] as const;
  for (const [name, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on('jobs')
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createTable('erased_people')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('erased_people_key', ['platform', 'server', 'user_id'])
    .execute();

  await db.schema.alterTable('room_messages').addColumn('person', 'text').execute();
  await db.schema.createIndex('room_messages_person').on('room_messages').columns(['person']).execute();
  const messages = db as Kysely<{ room_messages: { id: string; said: string; person: string | null } }>;
  for (const { id, said } of await messages.selectFrom('room_messages').select(['id', 'said']).execute()) {
    const person = personOf(said);
    if (person !== null) {
      await messages.updateTable('room_messages').set({ person }).where('id', '=', id).execute();
    }
  }

  await db.schema
    .alterTable('damaged_records')
    .addColumn('seen', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  // Those that are there already are as old as now: they have had no age.
  await sql`update damaged_records set seen = coalesce((select seen from folder_time where id = 1), 0)`.execute(
    db,
  );
  await db.schema.createIndex('damaged_records_seen').on('damaged_records').columns(['seen']).execute();
};

/** Null for the bot's words, and for what cannot be read. */
const personOf = (said: string): string | null => {
  try {
    const { kind, name } = JSON.parse(said) as { kind?: unknown; name?: unknown };
    return kind === 'person' && typeof name === 'string' ? name : null;
  } catch {
    return null;
  }
};
