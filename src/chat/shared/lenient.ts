import { z } from 'zod';

/**
 * A value as JSON gives it, without fields that are null: to most platforms null and absent are the same, and
 * which of the two is sent changes.
 */
export const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, withoutNulls(field)]),
  );
};

/** A field that others do without: where it is not as expected it counts as not there. */
export const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const readable = <T extends z.ZodType>(schema: T, entry: unknown): z.output<T>[] => {
  const read = schema.safeParse(entry);
  return read.success ? [read.data] : [];
};

/** A list whose unreadable entries are left out. */
export const listOf = <T extends z.ZodType>(schema: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((entries): z.output<T>[] => entries.flatMap((entry) => readable(schema, entry)));

/** The same of what stands under ids. */
export const recordOf = <T extends z.ZodType>(schema: T) =>
  z
    .record(z.string(), z.unknown())
    .catch({})
    .transform(
      (entries): Readonly<Record<string, z.output<T>>> =>
        Object.fromEntries(
          Object.entries(entries).flatMap(([id, entry]) => readable(schema, entry).map((read) => [id, read])),
        ),
    );
