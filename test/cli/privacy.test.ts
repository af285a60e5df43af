import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommandLine, samplePhoto, temporaryFolder, tiny } from '../support/command-line.ts';

let home: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  home = temporaryFolder();
});
afterEach(() => home.remove());

// ONNX Runtime would note there which computer this is and what it computed, to send it away later. It does not
// where a variable says that this is CI; the command line of tests is told nothing of that.
it('a render leaves nothing in the home folder, where telemetry would be gathered', async () => {
  const args = ['render', samplePhoto, ...tiny, '--out', 'zoom.gif'];
  const { status } = await runCommandLine(args, { cwd: home.path, environment: { HOME: home.path } });
  expect({ status, left: readdirSync(home.path) }).toEqual({ status: 0, left: ['zoom.gif'] });
});
