import type { Kysely } from 'kysely';

type Before = {
  posts: { key: string; message: string | null; place: string | null };
  counters: { name: string; value: number };
};

/** Where a message stands, as one text; null if there is none or it cannot be read. */
const placeOf = (message: string): string | null => {
  try {
    const { platform, ref } = JSON.parse(message) as { platform?: unknown; ref?: unknown };
    return typeof platform === 'string' && typeof ref === 'string' && ref !== ''
      ? `${platform} ${ref}`
      : null;
  } catch {
    return null;
  }
};

/** The events that renders come from, messages that can be found by where they stand, and reactions to them. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('jobs').addColumn('event', 'text').execute();
  await db.schema.createIndex('jobs_event').on('jobs').columns(['platform', 'event']).unique().execute();

  await db.schema.alterTable('posts').addColumn('place', 'text').execute();
  const before = db as Kysely<Before>;
  const said = await before
    .selectFrom('posts')
    .select(['key', 'message'])
    .where('message', 'is not', null)
    .execute();
  for (const { key, message } of said) {
    const place = message === null ? null : placeOf(message);
    if (place !== null) await before.updateTable('posts').set({ place }).where('key', '=', key).execute();
  }
  await db.schema.createIndex('posts_place').on('posts').columns(['place']).execute();
  await db.schema.createIndex('posts_sequence').on('posts').columns(['sequence']).execute();

  await before.insertInto('counters').values({ name: 'reaction', value: 0 }).execute();
  await db.schema
    .createTable('reactions')
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('settled', 'integer', (column) => column.notNull())
    .addColumn('job', 'text')
    .addPrimaryKeyConstraint('reactions_key', ['place', 'kind', 'user_id'])
    .execute();
};
