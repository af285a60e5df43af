import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { samplePhoto, startCommandLine, temporaryFolder } from '../support/command-line.ts';
import { isAlive } from '../support/processes.ts';

const isLinux = process.platform === 'linux';

/** Process ids of a process's children, as Linux tells them. */
const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);

describe.skipIf(!isLinux)('a render that is interrupted (needs /proc)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
    writeFileSync(join(folder.path, 'zoom.gif'), 'the old film');
  });
  afterEach(() => folder.remove());

  /** A render that takes long enough to be interrupted, once its child is at work. */
  const startedRender = async () => {
    const args = ['render', samplePhoto, '--size', '128', '--frames', '240', '--out', 'zoom.gif'];
    const { child, finished } = startCommandLine(args, { cwd: folder.path, detached: true });
    await once(child.stderr!, 'data');
    const pid = child.pid!;
    const [renderer] = childrenOf(pid);
    expect(renderer).toBeDefined();
    return { pid, renderer: renderer!, finished };
  };

  const expectNothingLeft = (): void => {
    expect(readdirSync(folder.path)).toEqual(['zoom.gif']);
    expect(readFileSync(join(folder.path, 'zoom.gif'), 'utf8')).toBe('the old film');
  };

  it.each([
    ['Ctrl-C, which reaches the whole group', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
  ] as const)('ends with %s, without child or half a file', async (what, signal, status) => {
    const { pid, renderer, finished } = await startedRender();
    process.kill(what.startsWith('Ctrl-C') ? -pid : pid, signal);
    const ran = await finished;
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status, stdout: '' });
    expect(ran.stderr.trimEnd().split('\n').at(-1)).toBe('Cancelled.');
    expect(isAlive(renderer)).toBe(false);
    expectNothingLeft();
  });

  it('says so when its child is killed, as by a lack of memory', async () => {
    const { renderer, finished } = await startedRender();
    process.kill(renderer, 'SIGKILL');
    const { status, stderr } = await finished;
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'The renderer was killed, most likely because memory ran out: ask for a smaller size.',
    );
    expectNothingLeft();
  });

  it('leaves no child behind when it is killed itself', async () => {
    const { pid, renderer, finished } = await startedRender();
    process.kill(pid, 'SIGKILL');
    await finished;
    // The child notices at its next turn of the event loop; the test's own time limit bounds the wait.
    while (isAlive(renderer)) await new Promise((resolve) => setImmediate(resolve));
    expectNothingLeft();
  });
});
