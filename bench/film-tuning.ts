import { z } from 'zod';

const record = z.record(z.string(), z.unknown());

const describe = (value: unknown): string =>
  Array.isArray(value) ? `a list of ${value.map((each) => typeof each)[0] ?? 'nothing'}` : typeof value;

/**
 * A tuning with some values changed, such as `{"mostLoopFrames": 12, "filmDescent": {"rate": 0.01}}`.
 * @throws Error where a name is none of the tuning's, or its value of another kind
 */
export const mergeTuning = <T extends object>(base: T, changes: unknown, path = 'tuning'): T => {
  const result: Record<string, unknown> = { ...(base as object) };
  for (const [name, value] of Object.entries(record.parse(changes))) {
    const before = result[name];
    const where = `${path}.${name}`;
    if (!Object.hasOwn(base, name)) {
      throw new Error(`${where}: there are ${Object.keys(base).join(', ')}`);
    }
    if (describe(value) !== describe(before)) {
      throw new Error(`${where}: ${describe(before)} is wanted, not ${describe(value)}`);
    }
    const isNested = typeof before === 'object' && before !== null && !Array.isArray(before);
    result[name] = isNested ? mergeTuning(before, value, where) : value;
  }
  return result as T;
};
