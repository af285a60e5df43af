import { type Kysely, sql } from 'kysely';
import { createIndexes } from './create-indexes.ts';

/**
 * Time as the folder has seen it, which ages count from, in place of the wall clock's. What is there already has
 * the age that the wall clock gave it, but nothing is from later than the newest row.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('folder_time')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('seen', 'bigint', (column) => column.notNull())
    .addColumn('wall', 'bigint', (column) => column.notNull())
    .addColumn('settled_at', 'bigint', (column) => column.notNull())
    .addColumn('credit', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.alterTable('jobs').addColumn('finished_seen', 'bigint').execute();
  for (const table of ['room_messages', 'served_servers', 'served_users']) {
    await db.schema
      .alterTable(table)
      .addColumn('seen', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
  }

  const newest = await sql<{ at: number | null }>`
    select max(at) as at from (
      select (select created_at from jobs order by sequence desc limit 1) as at
      union all select (select finished_at from jobs where finish is not null order by finish desc limit 1)
      union all select (select created_at from room_messages order by sequence desc limit 1)
    ) as times`.execute(db);
  const at = newest.rows[0]?.at ?? null;
  if (at !== null) {
    await sql`insert into folder_time (id, seen, wall, settled_at, credit) values (1, ${at}, ${at}, ${at}, 0)`.execute(
      db,
    );
    const within = (column: string) =>
      sql`case when ${sql.ref(column)} < ${at} then ${sql.ref(column)} else ${at} end`;
    await sql`update jobs set finished_seen = ${within('finished_at')} where finish is not null`.execute(db);
    await sql`update room_messages set seen = ${within('created_at')}`.execute(db);
    await sql`update served_servers set seen = ${at}`.execute(db);
    await sql`update served_users set seen = ${at}`.execute(db);
  }

  await createIndexes(db, [
    ['jobs_finish', 'jobs', ['finish']],
    ['room_messages_seen', 'room_messages', ['seen']],
    ['served_servers_seen', 'served_servers', ['seen']],
    ['served_users_seen', 'served_users', ['seen']],
  ]);
};
