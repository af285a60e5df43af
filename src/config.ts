import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { engineChoices } from './domain/engines.ts';
import { GramzoomError } from './domain/errors.ts';

/** Beyond this many threads a step of the engine gains nothing. */
const mostThreads = 8;

const expected = {
  THREADS: 'a whole number from 1 to 256',
  ENGINE: `one of ${engineChoices.join(', ')}`,
} as const;

const environmentSchema = z.object({
  THREADS: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(1).max(256))
    .default(() => Math.min(mostThreads, availableParallelism())),
  ENGINE: z.enum(engineChoices).default('auto'),
});

/**
 * Adds what a `.env` file in the current folder says to the environment, which wins. No file, no matter.
 * @throws GramzoomError `configuration` where there is one that cannot be read
 */
export const loadEnvironmentFile = (): void => {
  try {
    process.loadEnvFile();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    // Some people's Python lives in a folder of that name, which Node calls a wrong argument.
    if (code === 'ENOENT' || code === 'ERR_INVALID_ARG_TYPE') return;
    throw new GramzoomError(
      'configuration',
      { key: '.env', expected: 'a file that can be read', received: code },
      { cause },
    );
  }
};

/** The keys that exist; `.env.example` explains each. */
export const configKeys = Object.keys(expected) as readonly (keyof typeof expected)[];

/** What the environment decides. */
export type Config = {
  /** Threads that the engine computes with. */
  readonly threads: number;
  readonly engine: z.output<typeof environmentSchema>['ENGINE'];
};

/**
 * Reads the configuration; a blank value counts as left out.
 * @throws GramzoomError `configuration` naming the first key that is wrong and what it takes
 */
export const readConfig = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config => {
  const given = Object.fromEntries(
    configKeys.map((key) => [key, environment[key]?.trim()] as const).filter(([, value]) => value),
  );
  const result = environmentSchema.safeParse(given);
  if (!result.success) {
    const key = result.error.issues[0]?.path[0] as keyof typeof expected;
    throw new GramzoomError('configuration', { key, expected: expected[key], received: String(given[key]) });
  }
  const { THREADS: threads, ENGINE: engine } = result.data;
  return Object.freeze({ threads, engine });
};
