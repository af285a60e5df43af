import type { Kysely } from 'kysely';

/** Renders, what was said about them, whose turn it is, and the rooms of the local page. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('counters')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .execute();
  await (db as Kysely<{ counters: { name: string; value: number } }>)
    .insertInto('counters')
    .values(['job', 'claim', 'finish', 'post', 'room', 'check'].map((name) => ({ name, value: 0 })))
    .execute();

  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull().unique())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('attachment', 'text', (column) => column.notNull())
    .addColumn('reply_target', 'text', (column) => column.notNull())
    .addColumn('parent', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('photo', 'text')
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('boot_id', 'text')
    .addColumn('frames_done', 'integer', (column) => column.notNull())
    .addColumn('failure', 'text')
    .addColumn('result', 'text')
    .addColumn('report', 'text')
    .addColumn('poster', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('finish', 'bigint')
    .execute();
  const jobIndexes = [
    ['jobs_state', ['state', 'sequence']],
    ['jobs_origin', ['platform', 'server', 'user_id', 'sequence']],
    ['jobs_photo', ['photo']],
    ['jobs_result', ['result']],
    ['jobs_poster', ['poster']],
  ] as const;
  for (const [name, columns] of jobIndexes) {
    await db.schema
      .createIndex(name)
      .on('jobs')
      .columns([...columns])
      .execute();
  }

  await db.schema
    .createTable('posts')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('job', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('message', 'text')
    .execute();
  await db.schema.createIndex('posts_job').on('posts').columns(['job', 'sequence']).execute();

  await db.schema
    .createTable('served_servers')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('claim', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('served_servers_key', ['platform', 'server'])
    .execute();
  await db.schema
    .createTable('served_users')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('claim', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('served_users_key', ['platform', 'server', 'user_id'])
    .execute();

  await db.schema
    .createTable('room_messages')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull().unique())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('thread', 'text', (column) => column.references('room_messages.id').onDelete('cascade'))
    .addColumn('said', 'text', (column) => column.notNull())
    .addColumn('once', 'text', (column) => column.unique())
    .addColumn('render', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('room_messages_room')
    .on('room_messages')
    .columns(['room', 'thread', 'sequence'])
    .execute();
  await db.schema
    .createIndex('room_messages_thread')
    .on('room_messages')
    .columns(['thread', 'sequence'])
    .execute();
  await db.schema.createIndex('room_messages_render').on('room_messages').columns(['render']).execute();

  await db.schema
    .createTable('room_blobs')
    .addColumn('message', 'text', (column) =>
      column.notNull().references('room_messages.id').onDelete('cascade'),
    )
    .addColumn('blob', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('room_blobs_key', ['message', 'blob'])
    .execute();
  await db.schema.createIndex('room_blobs_blob').on('room_blobs').columns(['blob']).execute();
};
