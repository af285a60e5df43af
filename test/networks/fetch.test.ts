import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import { catalogue } from '../../src/networks/catalogue.ts';
import { type FetchOptions, type FetchProgress, fetchNetwork } from '../../src/networks/fetch.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { lockFolder } from '../../src/store/sqlite/folder-lock.ts';
import { clientHas, file, serve, status } from '../support/file-server.ts';
import { createHurriedClock } from '../support/hurried-clock.ts';
import { type StandIn, standInAtDepth, writeStandIn } from '../support/stand-in-network.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** A network that is published elsewhere; nothing of it is here. */
const publishElsewhere = async (): Promise<StandIn & { readonly places: { folder: string; file: null } }> => {
  const standIn = await writeStandIn(await createTempFolder());
  await rm(standIn.published);
  // The folder is made when it is needed.
  return { ...standIn, places: { folder: join(await createTempFolder(), 'data', 'networks'), file: null } };
};

const start = ({ entry, places }: Pick<StandIn, 'entry' | 'places'>, mirror: string) => {
  const progress: FetchProgress[] = [];
  const clock = createHurriedClock();
  const controller = new AbortController();
  const run = (options: Partial<FetchOptions> = {}): Promise<void> =>
    fetchNetwork(entry.name, {
      places,
      mirror,
      entries: [entry],
      proxies: { http: '', https: '', except: '' },
      signal: controller.signal,
      clock,
      lock: lockFolder,
      onProgress: (each) => {
        progress.push(each);
        if (each.kind === 'receiving') clientHas(each.receivedBytes);
      },
      ...options,
    });
  return { run, progress, clock, controller };
};

const openIt = ({ entry, places }: StandIn) => openNetwork(entry.name, { places, entries: [entry] });

describe('fetching a network', () => {
  it('downloads it from its place below the mirror, and converts it', async () => {
    const standIn = await publishElsewhere();
    const server = await serve(file(standIn.bytes));
    const { run, progress } = start(standIn, `${server.url}/mirror`);
    await run();
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
    expect(server.requests.map(({ url }) => url)).toEqual(['/mirror/small/small_weights.h5']);
    const totalBytes = standIn.bytes.length;
    expect(progress.at(-2)).toEqual({ kind: 'receiving', receivedBytes: totalBytes, totalBytes });
    expect(progress.at(-1)).toEqual({ kind: 'converting' });
    const left = await readdir(standIn.places.folder);
    expect(left.filter((name) => !name.startsWith('.'))).toEqual(['small-vgg.safetensors']);
  });

  it('does nothing where it is here, or comes with the project', async () => {
    const standIn = await publishElsewhere();
    const server = await serve(file(standIn.bytes));
    const { run, progress } = start(standIn, server.url);
    await run();
    progress.length = 0;
    await run();
    expect(server.requests).toHaveLength(1);
    expect(progress).toEqual([]);
    const pocket = start({ entry: { ...standIn.entry, name: 'pocket' }, places: standIn.places }, server.url);
    await pocket.run({ entries: catalogue });
    expect(server.requests).toHaveLength(1);
  });

  it('says which networks there are where it is none of them', async () => {
    const { entry, places } = await publishElsewhere();
    const { run } = start({ entry: { ...entry, name: 'vgg99' }, places }, 'http://127.0.0.1:9');
    await expect(run({ entries: [entry] })).rejects.toMatchObject({
      code: 'network-unknown',
      data: { name: 'vgg99', known: ['small-vgg'] },
    });
  });

  it('needs no connection where the published file was put there by hand', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    const { run, progress } = start(standIn, 'http://127.0.0.1:9');
    await run();
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
    expect(progress).toEqual([{ kind: 'converting' }]);
  });

  it('heals a damaged network where its published file is put there again', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    const { run } = start(standIn, 'http://127.0.0.1:9');
    await run();
    await writeFile(join(standIn.places.folder, 'small-vgg.safetensors'), 'damaged');
    await expect(openIt(standIn)).rejects.toMatchObject({ code: 'network-damaged' });
    await writeFile(standIn.published, standIn.bytes);
    await run();
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
  });

  it('says what is wrong with a file that was put there by hand, and leaves it', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    await writeFile(standIn.published, standIn.bytes.subarray(1));
    const { run } = start(standIn, 'http://127.0.0.1:9');
    await expect(run()).rejects.toMatchObject({ code: 'network-damaged', data: { name: 'small-vgg' } });
    expect(await readFile(standIn.published)).toHaveLength(standIn.bytes.length - 1);
  });

  it('says where it comes from and where it can be put, when it cannot be had', async () => {
    const standIn = await publishElsewhere();
    const server = await serve(status(404));
    const { run } = start(standIn, server.url);
    await expect(run()).rejects.toMatchObject({
      code: 'network-absent',
      data: {
        name: 'small-vgg',
        bytes: standIn.bytes.length,
        url: `${server.url}/small/small_weights.h5`,
        path: join(standIn.places.folder, 'small_weights.h5'),
        reason: 'it answers with status 404',
      },
    });
  });

  it('goes on after it was cancelled', async () => {
    const standIn = await publishElsewhere();
    const half = Math.floor(standIn.bytes.length / 2);
    const server = await serve(file(standIn.bytes, { cutAfter: half }), file(standIn.bytes));
    const { run, controller } = start(standIn, server.url);
    await expect(run({ onProgress: () => controller.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    await run({ signal: new AbortController().signal });
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
  });

  it('says that its folder is none', async () => {
    const { entry } = await publishElsewhere();
    const folder = join(await createTempFolder(), 'file');
    await writeFile(folder, '');
    const { run } = start({ entry, places: { folder, file: null } }, 'http://127.0.0.1:9');
    await expect(run()).rejects.toMatchObject({ code: 'output-not-writable', data: { folder } });
  });
});

describe('two that fetch the same network', () => {
  it('wait for each other: the second one finds it here', async () => {
    const standIn = await publishElsewhere();
    const server = await serve(file(standIn.bytes));
    const { run, progress } = start(standIn, server.url);
    let others = 3;
    const lock = (folder: string): ReturnType<typeof lockFolder> => {
      if (others === 0) return lockFolder(folder);
      others -= 1;
      throw new GramzoomError('data-folder-in-use', { folder });
    };
    await run({ lock });
    expect(progress.filter(({ kind }) => kind === 'waiting')).toHaveLength(1);
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
  });

  it('stop waiting when they are cancelled', async () => {
    const { run, controller } = start(await publishElsewhere(), 'http://127.0.0.1:9');
    const lock = (folder: string): never => {
      throw new GramzoomError('data-folder-in-use', { folder });
    };
    const onProgress = ({ kind }: FetchProgress): void => {
      if (kind === 'waiting') controller.abort();
    };
    await expect(run({ lock, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
  });

  /** A process that fetches; `said` resolves with all that it said once it is gone. */
  const startProcess = ({ entry, places }: StandIn, mirror: string) => {
    const script = fileURLToPath(new URL('./fetch-alone.ts', import.meta.url));
    const child = spawn(process.execPath, [script, JSON.stringify({ entry, places, mirror })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines: string[] = [];
    const waiters = new Map<string, () => void>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      waiters.get(line)?.();
    });
    return {
      child,
      lines,
      gone: once(child, 'close'),
      hears: (word: string) => new Promise<void>((resolve) => void waiters.set(word, resolve)),
    };
  };

  it('are processes: one downloads, the other waits and finds it here', async () => {
    const standIn = await publishElsewhere();
    const held = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      void held.promise.then(() => file(standIn.bytes)(request, response));
    });
    const [one, two] = [startProcess(standIn, server.url), startProcess(standIn, server.url)];
    // One of them waits as long as the other is not served.
    await Promise.race([one.hears('waiting'), two.hears('waiting')]);
    held.resolve();
    await Promise.all([one.gone, two.gone]);
    expect([one.lines, two.lines].toSorted((a, b) => a.length - b.length)).toEqual([
      ['waiting', 'done'],
      ['receiving', 'converting', 'done'],
    ]);
    expect(server.requests).toHaveLength(1);
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
  });

  it('need not clean up after one that was killed', async () => {
    const standIn = await publishElsewhere();
    const half = Math.floor(standIn.bytes.length / 2);
    const server = await serve(file(standIn.bytes, { cutAfter: half }), file(standIn.bytes));
    const killed = startProcess(standIn, server.url);
    await killed.hears('receiving');
    killed.child.kill('SIGKILL');
    await killed.gone;
    const { run } = start(standIn, server.url);
    await run();
    expect(server.requests[1]?.headers.range).toMatch(/^bytes=[1-9]/);
    expect(await openIt(standIn)).toEqual(standInAtDepth('style'));
  });
});
