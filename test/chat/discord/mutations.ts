/** What a field may be instead of what it is; `undefined`: it is absent. */
const others: readonly unknown[] = [null, undefined, 'x', 7, [], {}];

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

const replaced = (value: unknown, path: readonly string[], by: unknown): unknown => {
  const [name, ...rest] = path;
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, at) => (String(at) === name ? replaced(each, rest, by) : each));
  return Object.fromEntries(
    Object.entries(value as object)
      .map(([key, each]) => [key, key === name ? replaced(each, rest, by) : each] as const)
      .filter(([, each]) => each !== undefined),
  );
};

const pathsIn = (value: unknown): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, each]) => [
        [name],
        ...pathsIn(each).map((path) => [name, ...path]),
      ])
    : [];

export type Mutation = { readonly path: readonly string[]; readonly mutated: unknown };

/** A value once for each of its fields, however deep, and each thing that the field may be instead. */
export function* mutationsOf(value: unknown): Generator<Mutation> {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  for (const path of [[], ...pathsIn(plain)]) {
    const before = path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], plain);
    for (const by of others) {
      if (by !== undefined && kindOf(by) === kindOf(before) && kindOf(by) !== 'string') continue;
      // A packet has a payload, even if it is null.
      if (path.length === 0 && by === undefined) continue;
      yield { path, mutated: replaced(plain, path, by) };
    }
  }
}
