import type { CounterName, Database } from './tables.ts';

/**
 * The next number of a sequence, within a transaction. Where several write at once it also makes them take turns,
 * since the row stays locked until the end of the transaction: call it before reading what must not change.
 */
export const nextSequence = async (transaction: Database, name: CounterName): Promise<number> => {
  const { value } = await transaction
    .updateTable('counters')
    .set((row) => ({ value: row('value', '+', 1) }))
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
};
