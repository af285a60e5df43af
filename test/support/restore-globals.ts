/**
 * Before each file of tests that shares its process with others. The bot's server replaces these in the process that it
 * runs in; who tests without a server has Node's own.
 */
const key = Symbol.for('gramzoom tests: globals');
type Globals = Readonly<Record<string, unknown>>;
const known = globalThis as { [key]?: Globals };

known[key] ??= { Request, Response };
for (const [name, value] of Object.entries(known[key])) Object.defineProperty(globalThis, name, { value });
