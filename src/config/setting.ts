import type { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the environment: what it takes, in words and as a parser of its text. */
export type Setting<Key extends string, Value> = {
  readonly key: Key;
  /** Of a secret, what it takes may depend on what came instead, which is not shown. */
  readonly expected: string | ((received: string) => string);
  readonly schema: z.ZodType<Value, string | undefined>;
  /** No error may show what it holds. */
  readonly isSecret?: boolean;
};

/** Its text; undefined where it is blank, which counts as left out. */
export const textOf = (environment: Environment, key: string): string | undefined =>
  environment[key]?.trim() || undefined;

/** @throws GramzoomError `configuration` naming what it takes */
export const readSetting = <Value>(environment: Environment, setting: Setting<string, Value>): Value => {
  const { key, expected, schema, isSecret = false } = setting;
  const text = textOf(environment, key);
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  const takes = typeof expected === 'string' ? expected : expected(text ?? '');
  throw new GramzoomError('configuration', {
    ...{ key, expected: takes },
    received: isSecret ? null : (text ?? ''),
  });
};

/** What is thrown where a setting is needed and left out. @param expected what it takes, in words */
export const absent = (key: string, expected: string): GramzoomError<'configuration'> =>
  new GramzoomError('configuration', { key, expected, received: '' });
