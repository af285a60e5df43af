import type { Kysely } from 'kysely';

/** Makes indexes one after the other: each is its name, its table and the table's columns. */
export const createIndexes = async (
  db: Kysely<unknown>,
  indexes: readonly (readonly [name: string, table: string, columns: readonly string[]])[],
): Promise<void> => {
  for (const [name, table, columns] of indexes) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute();
  }
};
