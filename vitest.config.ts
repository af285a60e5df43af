import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests start this program several hundred times: each module is compiled once.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Renders in tests are small, but the machine may be slow and busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Engines are native code: a process of its own for each file keeps a crash where it happened.
    pool: 'forks',
    // Most tests are on one core or wait for a process: as many files at once as there are cores.
    maxWorkers: availableParallelism(),
  },
});
