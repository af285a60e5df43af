import { type Subject, subjectText } from '../domain/subject.ts';
import type { Database } from './tables.ts';

/** The tables of subjects that have rows of their own. */
const tables = new Map([
  ['render', 'jobs'],
  ['contest', 'contests'],
  ['entry', 'contest_entries'],
] as const satisfies readonly (readonly [string, string])[]);

/** Whether a subject is there. Of kinds without rows all are. */
export const isKnown = async (transaction: Database, { kind, id }: Subject): Promise<boolean> => {
  const table = (tables as ReadonlyMap<string, 'jobs' | 'contests' | 'contest_entries'>).get(kind);
  if (table === undefined) return true;
  const row = await transaction.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
};

/**
 * Removes what is noted about subjects that go: what was said, what is to happen, what was tried, and reactions to
 * their messages, since no reaction comes in for a message that is gone.
 */
export const forgetSubjects = async (
  transaction: Database,
  { kind, ids }: { readonly kind: string; readonly ids: readonly string[] },
): Promise<void> => {
  const places = transaction
    .selectFrom('outbox')
    .select('place')
    .where('subject_kind', '=', kind)
    .where('subject_id', 'in', ids)
    .where('place', 'is not', null)
    .$narrowType<{ place: string }>();
  await transaction.deleteFrom('reactions').where('place', 'in', places).execute();
  for (const table of ['outbox', 'calendar'] as const) {
    await transaction
      .deleteFrom(table)
      .where('subject_kind', '=', kind)
      .where('subject_id', 'in', ids)
      .execute();
  }
  const texts = ids.map((id) => subjectText({ kind, id }));
  await transaction.deleteFrom('tries').where('subject', 'in', texts).execute();
};
