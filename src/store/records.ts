import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';

/** Told of a record that cannot be read, once. */
export type OnDamaged = (error: GramzoomError<'record-damaged'>) => void;

/** A text column that holds JSON of this kind. */
export const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.issues.push({ code: 'custom', input: text, message: 'it is no JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/**
 * Checks a row before it leaves.
 * @throws GramzoomError `record-damaged`
 */
export const readRecord = <T>(
  row: unknown,
  what: {
    /** Its kind and id, for the error. */
    readonly record: string;
    readonly schema: z.ZodType<T>;
  },
): T => {
  const result = what.schema.safeParse(row);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new GramzoomError(
    'record-damaged',
    { record: what.record, problem: `${issue?.path.join('.')}: ${issue?.message}` },
    { cause: result.error },
  );
};

export const isDamaged = (thrown: unknown): thrown is GramzoomError<'record-damaged'> =>
  thrown instanceof GramzoomError && thrown.code === 'record-damaged';

/** Reads rows one after the other; those of which nothing is left are left out. */
export const readRows = async <Row, T>(
  rows: readonly Row[],
  read: (row: Row) => Promise<T | undefined>,
): Promise<readonly T[]> => {
  const found: T[] = [];
  for (const row of rows) {
    const each = await read(row);
    if (each !== undefined) found.push(each);
  }
  return found;
};
