import { sql } from 'kysely';
import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import type { Quarantine } from './quarantine.ts';
import type { CounterName, Database } from './tables.ts';

/** The columns that a counter's numbers have gone into. */
const numbered: Readonly<Record<CounterName, readonly (readonly [string, string])[]>> = {
  job: [['jobs', 'sequence']],
  claim: [
    ['jobs', 'claim'],
    ['served_servers', 'claim'],
    ['served_users', 'claim'],
  ],
  finish: [['jobs', 'finish']],
  post: [['outbox', 'sequence']],
  reaction: [['reactions', 'sequence']],
  room: [['room_messages', 'version']],
  event: [['received_events', 'sequence']],
  contest: [['contests', 'sequence']],
  check: [],
};

const names = Object.keys(numbered) as readonly CounterName[];
const counter = z.int().min(0);

const highest = async (transaction: Database, name: CounterName): Promise<number> => {
  let most = 0;
  for (const [table, column] of numbered[name]) {
    const { rows } = await sql<{ most: unknown }>`
      select max(cast(${sql.ref(column)} as bigint)) as most from ${sql.table(table)}`.execute(transaction);
    most = Math.max(most, Number(rows[0]?.most) || 0);
  }
  return most;
};

/** Counters that are gone or no numbers continue behind the highest number that was given. */
export const mendCounters = (
  db: Database,
  { quarantine }: { readonly quarantine: Quarantine },
): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    const rows = await transaction.selectFrom('counters').selectAll().execute();
    const known = new Map(rows.map(({ name, value }) => [name, value]));
    for (const name of names.filter((each) => !counter.safeParse(known.get(each)).success)) {
      const value = await highest(transaction, name);
      const error = new GramzoomError('record-damaged', {
        record: `counter ${name}`,
        problem: 'it is no number',
      });
      const record = { name, value: known.get(name) ?? null };
      await quarantine.keep(transaction, { kind: 'counter', id: name, record, error });
      await transaction
        .insertInto('counters')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    }
  });
