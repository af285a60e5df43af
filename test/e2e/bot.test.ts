import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/ops/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { inspectFolder } from '../kill/inspect-folder.ts';
import { type Asker, createClient, isOver, smallFilm } from '../support/bot-client.ts';
import { type BotProcess, failToStart, startBotProcess } from '../support/bot-process.ts';
import { runCommandLine, temporaryFolder } from '../support/command-line.ts';
import { canMakeDisks, createSmallDisk, fillDisk, freeDisk } from '../support/small-disk.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ann: Asker = { user: 'ann', server: 'one' };
const cid: Asker = { user: 'cid', server: 'two' };

/** Longer than any test, and so large that a step takes longer than a second signal after the first. */
const endlessFilm = { ...smallFilm, size: 256, steps: 40 } as const;

const newFolder = (): string => {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  return path;
};

const start = async (folder: string, environment: Readonly<Record<string, string>> = {}) => {
  const bot = await startBotProcess(folder, environment);
  onTestFinished(async () => {
    bot.killGroup();
    await bot.gone;
  });
  return { bot, client: createClient(bot.url) };
};

const idOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
};

/** A bot that nothing happens to. */
let running: { readonly bot: BotProcess; readonly folder: string };
const runningFolder = temporaryFolder();
beforeAll(async () => {
  running = { bot: await startBotProcess(runningFolder.path), folder: runningFolder.path };
});
afterAll(async () => {
  running.bot.killGroup();
  await running.bot.gone;
  runningFolder.remove();
});

describe('a bot that cannot start says why in one sentence', () => {
  it.each([
    [
      'its folder is in use',
      () => ({ folder: running.folder }),
      /^Another Gramzoom is using .*: stop it first, or choose another folder with DATA_DIR\.\n$/,
    ],
    [
      'its port is taken',
      () => ({ environment: { PORT: new URL(running.bot.url).port } }),
      /^Port \d+ is in use: set PORT to another\.\n$/,
    ],
    [
      'its address is not of this machine',
      () => ({ environment: { HOST: '192.0.2.1' } }),
      /^192\.0\.2\.1 is not an address of this machine: set HOST to one .*\n$/,
    ],
    [
      'a setting is wrong',
      () => ({ environment: { USER_LIMIT: 'many' } }),
      /^The setting USER_LIMIT takes a whole number from 1 to 1000000, not many: .*\n$/,
    ],
    [
      'its network is unknown',
      () => ({ environment: { NETWORK: 'cosmos' } }),
      /^There is no network .*cosmos.*\n$/,
    ],
  ])('a bot tells in one sentence that it cannot start because %s', async (_what, where, sentence) => {
    const { folder = newFolder(), environment = {} } = where() as {
      folder?: string;
      environment?: Record<string, string>;
    };
    const { status, stderr, stdout } = await failToStart(folder, environment);
    expect(stderr).toMatch(sentence);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('a bot whose folder is a file cannot start and says so', async () => {
    const folder = join(newFolder(), 'file');
    writeFileSync(folder, '');
    const { status, stderr } = await failToStart(folder);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    expect(status).toBe(2);
  });

  it('a bot whose database was written by a newer version cannot start and says so', async () => {
    const folder = newFolder();
    await (await openStore(folder, { clock: systemClock })).close();
    const database = new Sqlite(join(folder, 'gramzoom.db'));
    database.exec("insert into migrations (name, timestamp) values ('9999-from-the-future', '2030')");
    database.close();
    const { status, stderr } = await failToStart(folder);
    expect(stderr).toMatch(
      /^The database in .* was written by a newer Gramzoom \(format 9999, .*\): install .*\.\n$/,
    );
    expect(status).toBe(2);
  });

  it('a bot whose database is damaged cannot start and says so', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'gramzoom.db'),
      'this is no database, but it is long enough to look like one'.repeat(99),
    );
    const { status, stderr } = await failToStart(folder);
    expect(stderr).toMatch(/^The database in .* cannot be read \(.*\): restore a backup\.\n$/);
    expect(status).toBe(1);
  });
});

describe('a bot that runs', () => {
  it('says in one line what runs and where, and is live and ready', async () => {
    const { bot } = running;
    const client = createClient(bot.url);
    expect(bot.said).toEqual([`Gramzoom runs: chat page on ${bot.url}; no token of a chat platform is set.`]);
    const statusOf = async (path: string) => (await client.get(path)).status;
    expect(await statusOf('/livez')).toBe(200);
    // Ready once the renderer has opened its engine.
    await expect.poll(() => statusOf('/readyz'), { timeout: 30_000 }).toBe(200);
    expect(await statusOf('/healthz')).toBe(200);
    expect(await (await client.get('/metrics')).text()).toContain('gramzoom_device_busy 0');
  });

  it('serves no page where that is off, but its health', async () => {
    const { bot, client } = await start(newFolder(), { WEB: 'off' });
    expect(bot.said[0]).toMatch(/^Gramzoom runs without a chat page, health and metrics on http/);
    expect((await client.get('/')).status).toBe(404);
    expect((await client.get('/livez')).status).toBe(200);
  });

  it('puts aside what it renders at SIGTERM, ends with 0 and goes on at the next start', async () => {
    const folder = newFolder();
    const first = await start(folder);
    const ids = [
      await idOf(await first.client.post(ann, { ...smallFilm, steps: 8 })),
      await idOf(await first.client.post(ann, smallFilm)),
      await idOf(await first.client.post(cid, smallFilm)),
    ];
    await first.client.until(ids[0]!, ({ framesDone }) => framesDone >= 2);
    first.bot.signal('SIGTERM');
    expect(await first.bot.gone).toBe(0);
    const second = await start(folder);
    expect(second.bot.said[1]).toBe('Resumed 3 unfinished renders.');
    for (const id of ids) expect((await second.client.until(id, isOver)).state).toBe('done');
    const rendering = second.bot.log.find(({ job, msg }) => job === ids[0] && msg === 'render: started');
    expect(rendering?.framesBefore).toBeGreaterThanOrEqual(2);
    second.bot.signal('SIGINT');
    expect(await second.bot.gone).toBe(0);
    const facts = await inspectFolder(folder, ids);
    expect(facts).toMatchObject({ integrity: 'ok', doneRows: 3, checkpointsLeft: 0 });
  });

  it('ends at once at a second signal, and loses nothing', async () => {
    const folder = newFolder();
    const first = await start(folder, { GRACE_MS: '60000' });
    const id = await idOf(await first.client.post(ann, endlessFilm));
    await first.client.until(id, ({ state }) => state === 'running');
    first.bot.signal('SIGTERM');
    const isStopping = () => first.bot.said.some((line) => line.startsWith('Stopping'));
    await expect.poll(isStopping, { interval: 5, timeout: 30_000 }).toBe(true);
    first.bot.signal('SIGTERM');
    expect(await first.bot.gone).toBe(143);
    const second = await start(folder);
    expect(second.bot.said[1]).toBe('Resumed 1 unfinished render.');
  });

  it('notices files that were damaged by hand, and says so', async () => {
    const folder = newFolder();
    const { client } = await start(folder);
    const done = await idOf(await client.post(ann, smallFilm));
    await client.until(done, isOver);
    const damage = (): void => {
      for (const entry of readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) appendFileSync(join(entry.parentPath, entry.name), 'x');
      }
    };
    // An endless one ahead, so that the second one's photo is damaged while it waits.
    const ahead = await idOf(await client.post(cid, endlessFilm));
    await client.until(ahead, ({ state }) => state === 'running');
    const other = await readFile(join(root, 'docs', 'sample.gif'));
    const waiting = await idOf(await client.post(ann, smallFilm, new Uint8Array(other)));
    damage();
    const answer = await client.get(`/api/renders/${done}/result`);
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'blob-damaged' }]);
    expect((await client.cancel(cid, ahead)).status).toBe(200);
    expect(await client.until(waiting, isOver)).toMatchObject({
      state: 'failed',
      error: { code: 'blob-damaged', message: 'A stored file is damaged: send the photo again.' },
    });
  });

  it('can be backed up while it runs, as docs/operations.md says', async () => {
    const [folder, copy] = [newFolder(), join(newFolder(), 'backup')];
    const { bot, client } = await start(folder);
    const done = await idOf(await client.post(ann, smallFilm));
    await client.until(done, isOver);
    const ahead = await idOf(await client.post(cid, endlessFilm));
    const waiting = await idOf(await client.post(ann, smallFilm));
    const backUp = (...flags: readonly string[]) =>
      runCommandLine(['backup', copy, ...flags], { environment: { DATA_DIR: folder } });
    expect(await backUp()).toMatchObject({ status: 0, stderr: '' });
    const again = await backUp('--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ folder: copy, renders: 3, missingFiles: 0 });
    const film = await client.result(done);
    bot.signal('SIGTERM');
    expect(await bot.gone).toBe(0);
    const restored = await start(copy);
    expect(restored.bot.said).toContain('Resumed 2 unfinished renders.');
    expect((await restored.client.result(done)).equals(film)).toBe(true);
    expect((await restored.client.cancel(cid, ahead)).status).toBe(200);
    expect((await restored.client.until(waiting, isOver)).state).toBe('done');
  });

  it('is not put out by a clock that is set back an hour', async () => {
    const hourBack = `const now = Date.now; let shift = 0;
      process.on('SIGUSR2', () => { shift = -3600000; });
      Date.now = () => now() + shift;`;
    const preload = `data:text/javascript,${encodeURIComponent(hourBack)}`;
    const folder = newFolder();
    const { bot, client } = await start(folder, { NODE_OPTIONS: `--import=${preload}` });
    const before = [
      await idOf(await client.post(ann, smallFilm)),
      await idOf(await client.post(cid, smallFilm)),
    ];
    bot.signal('SIGUSR2');
    const after = await idOf(await client.post(cid, smallFilm));
    for (const id of [...before, after]) expect((await client.until(id, isOver)).state).toBe('done');
    const startsOf = (id: string) =>
      bot.log.findIndex(({ job, msg }) => job === id && msg === 'render: started');
    expect([...before, after].map(startsOf)).toEqual(
      [...before, after].map(startsOf).toSorted((a, b) => a - b),
    );
    expect(await (await client.get('/metrics')).text()).toMatch(/^gramzoom_oldest_job_seconds 0$/m);
    bot.signal('SIGTERM');
    expect(await bot.gone).toBe(0);
  });
});

describe.skipIf(!canMakeDisks)('a full disk (a small tmpfs, which only root can mount)', () => {
  const megabyte = 2 ** 20;

  it('refuses photos with a sentence until there is room, and stops no render, whose film waits for it', async () => {
    const folder = createSmallDisk(8 * megabyte);
    const { bot, client } = await start(folder);
    // Long enough to be still running when the disk is full.
    const id = await idOf(await client.post(ann, { ...smallFilm, steps: 30 }));
    await client.until(id, ({ state }) => state === 'running');
    await fillDisk(folder);
    const refused = await client.post(ann, smallFilm);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/full/i),
    });
    expect((await client.get('/livez')).status).toBe(200);
    const told = async (msg: RegExp): Promise<void> => {
      while (!bot.log.some((line) => msg.test(line.msg)))
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await told(/checkpoint: failed to save/);
    await told(/waiting for disk space/);
    await freeDisk(folder);
    expect((await client.until(id, isOver)).state).toBe('done');
    expect((await client.result(id)).subarray(0, 6).toString()).toBe('GIF89a');
    const taken = await idOf(await client.post(ann, smallFilm));
    expect((await client.until(taken, isOver)).state).toBe('done');
    bot.signal('SIGTERM');
    await bot.gone;
    expect(await inspectFolder(folder, [id, taken])).toMatchObject({ integrity: 'ok', doneRows: 2 });
  });
});
