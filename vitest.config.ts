import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests start this program several hundred times: each module is compiled once.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

/**
 * Tests that load engines and codecs: a process of its own for each file keeps a crash where it happened, and what the
 * program forbids its decoders away from those that a test looks at files with.
 */
const native = [
  ...['bench', 'engine', 'image', 'networks', 'render'].map((name) => `test/${name}/**/*.test.ts`),
  'test/cli/{render,texture}.test.ts',
];

export default defineConfig({
  test: {
    // Renders in tests are small, but the machine may be slow and busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most tests are on one core or wait for a process: as many files at once as there are cores.
    maxWorkers: availableParallelism(),
    projects: [
      { extends: true, test: { name: 'native', include: native } },
      // All others share a few processes: to load the bot's modules for each file takes longer than most tests.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: native,
          isolate: false,
          setupFiles: ['test/support/restore-globals.ts'],
        },
      },
    ],
  },
});
