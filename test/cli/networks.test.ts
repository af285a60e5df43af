import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeSafetensors } from '../../src/engine/safetensors.ts';
import { catalogue } from '../../src/networks/catalogue.ts';
import { failToStart, startBotProcess } from '../support/bot-process.ts';
import {
  runCommandLine,
  runOnTerminal,
  samplePhoto,
  startCommandLine,
  temporaryFolder,
  tiny,
} from '../support/command-line.ts';
import { serve, status } from '../support/file-server.ts';
import { standInDescription, standInNetwork } from '../support/stand-in-network.ts';

const vgg16 = 'vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5';

const newFolder = (): string => {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  return folder.path;
};

/** A folder to work in, whose data folder and mirror the command line uses. */
const newPlace = ({ mirror = 'http://127.0.0.1:9', ...others }: Readonly<Record<string, string>> = {}) => {
  const cwd = newFolder();
  const environment = { DATA_DIR: join(cwd, 'data'), NETWORK_MIRROR: mirror, ...others };
  return {
    cwd,
    environment,
    run: (...args: readonly string[]) => runCommandLine(args, { cwd, environment }),
  };
};

/** A network of the operator's own. */
const writeOwn = async (folder: string, { name = 'mine' } = {}): Promise<string> => {
  const path = join(folder, 'my own.safetensors');
  await writeFile(path, writeSafetensors(standInNetwork().tensors));
  await writeFile(join(folder, 'my own.json'), JSON.stringify({ ...standInDescription, name }));
  return path;
};

describe('gramzoom networks', () => {
  it('lists them with size, licence and source, for people', async () => {
    const { run } = newPlace();
    const { status, stdout, stderr } = await run('networks');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^pocket +[\d.]+ [kM]B, here; depths texture, style.*\n +licence: /);
    expect(stdout).toMatch(
      /\nvgg16 +58\.9 MB, not here; depths texture, style, scene\n +licence: CC BY 4\.0\n/,
    );
    expect(stdout).toMatch(/\nvgg19 +80\.1 MB, not here; .*\n.*\n +source: Visual Geometry Group/);
    expect(stdout).toMatch(/gramzoom networks fetch\.\n$/);
  });

  it('lists them as one line of JSON, for programs', async () => {
    const { run } = newPlace();
    const { status, stdout } = await run('networks', '--json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^[^\n]+\n$/);
    const list = JSON.parse(stdout);
    expect(list.map(({ name }: { name: string }) => name)).toEqual(catalogue.map(({ name }) => name));
    expect(list[2]).toEqual({
      name: 'vgg19',
      depths: ['texture', 'style', 'scene'],
      bytes: 80_134_624,
      licence: expect.stringContaining('CC BY 4.0'),
      source: expect.any(String),
      present: false,
    });
  });

  it("lists the operator's own among them", async () => {
    const path = await writeOwn(newFolder());
    const { run } = newPlace({ NETWORK: `file:${path}` });
    expect(JSON.parse((await run('networks', '--json')).stdout).at(-1)).toMatchObject({
      name: 'mine',
      present: true,
    });
  });

  it.each([
    [['networks', 'list'], /^Too many arguments for 'networks'.*; see gramzoom networks --help\.\n$/],
    [['networks', 'fetch'], /^Missing required argument 'name'; see gramzoom networks --help\.\n$/],
    [['networks', 'fetch', 'vgg99'], /^There is no network called vgg99: choose pocket, vgg16 or vgg19\.\n$/],
  ])('gramzoom networks %j is refused in one sentence, exit 2', async (args, sentence) => {
    const { status, stdout, stderr } = await newPlace().run(...args);
    expect(stderr).toMatch(sentence);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('gramzoom networks fetch', () => {
  it('says that a network is here, and fetches nothing', async () => {
    const { run, environment } = newPlace();
    expect(await run('networks', 'fetch', 'pocket')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^pocket is here \([\d.]+ [kM]B\)\.\n$/),
      stderr: '',
    });
    expect(JSON.parse((await run('networks', 'fetch', 'pocket', '--json')).stdout)).toMatchObject({
      name: 'pocket',
      present: true,
    });
    expect(() => readdirSync(environment.DATA_DIR)).toThrow(/ENOENT/);
  });

  it('names the address, the file and the way out where there is no connection', async () => {
    const { run, environment } = newPlace();
    const { status, stdout, stderr } = await run('networks', 'fetch', 'vgg16');
    const [address, place] = [
      `http://127.0.0.1:9/${vgg16}`,
      join(environment.DATA_DIR, 'networks', vgg16.slice('vgg16/'.length)),
    ];
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: `vgg16 needs a one-time download of 58.9 MB from ${address}, which failed (the connection is refused): use pocket, or put the file at ${place}.\n`,
    });
  });

  it('says what is wrong with a file that was put there by hand, exit 1', async () => {
    const { run, environment } = newPlace();
    await mkdir(join(environment.DATA_DIR, 'networks'), { recursive: true });
    writeFileSync(join(environment.DATA_DIR, 'networks', vgg16.slice('vgg16/'.length)), 'no network');
    const { status, stderr } = await run('networks', 'fetch', 'vgg16');
    expect(stderr.split('\n')[0]).toBe('Converting vgg16.');
    expect(stderr.split('\n')[1]).toMatch(/^The network vgg16 cannot be used: /);
    expect(status).toBe(1);
  });

  /** A mirror that sends the first megabyte and no more. */
  const serveBeginning = async () => {
    const begun = Promise.withResolvers<void>();
    const server = await serve((_request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': 58_889_256 });
      response.write(new Uint8Array(2 ** 20));
      begun.resolve();
    });
    return { ...server, begun: begun.promise };
  };

  it.skipIf(process.platform === 'win32')(
    'ends at Ctrl-C, exit 130, and has kept what it got (Windows has no signals)',
    async () => {
      const server = await serveBeginning();
      const { cwd, environment } = newPlace({ mirror: server.url });
      const { child, finished } = startCommandLine(['networks', 'fetch', 'vgg16'], { cwd, environment });
      await server.begun;
      child.stderr!.once('data', () => child.kill('SIGINT'));
      const { status, stderr } = await finished;
      expect(stderr).toBe('Fetching vgg16: 58.9 MB, once.\nCancelled.\n');
      expect(status).toBe(130);
      expect(readdirSync(join(environment.DATA_DIR, 'networks'))).toContain(
        `${vgg16.slice('vgg16/'.length)}.part`,
      );
    },
  );

  it.skipIf(process.platform !== 'linux')('draws one line on a terminal (needs util-linux)', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { etag: '"one"' });
      response.end(new Uint8Array(2 ** 20));
    }, status(404));
    const { cwd, environment } = newPlace({ mirror: server.url });
    const { stdout } = await runOnTerminal(['networks', 'fetch', 'vgg16'], { cwd, environment });
    expect(stdout).toMatch(/\rfetching vgg16 .* 1%/);
  });
});

describe('gramzoom render with a network', () => {
  const film = (...args: readonly string[]) => ['render', samplePhoto, ...tiny, '--out', 'zoom.gif', ...args];

  it("takes the operator's own by its file", async () => {
    const path = await writeOwn(newFolder());
    const { run } = newPlace();
    const { status, stdout, stderr } = await run(...film('--json', '--network', `file:${path}`));
    expect(stderr).not.toContain('network');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ network: 'mine', depth: 'style' });
  });

  it("takes the operator's own from the settings, and others by their name all the same", async () => {
    const path = await writeOwn(newFolder());
    const { run } = newPlace({ NETWORK: `file:${path}` });
    expect(JSON.parse((await run(...film('--json'))).stdout)).toMatchObject({ network: 'mine' });
    const other = await run(...film('--json', '--network', 'pocket', '--depth', 'texture'));
    expect(JSON.parse(other.stdout)).toMatchObject({ network: 'pocket', depth: 'texture' });
  });

  it.each([
    ['an unknown network', ['--network', 'vgg99'], 2, /^There is no network called vgg99: choose pocket, /],
    ['a path', ['--network', '../pocket'], 2, /^--network takes a network's name, not "\.\.\/pocket"\.\n$/],
    ['a file that is not there', ['--network', 'file:none.safetensors'], 2, /none\.json is missing/],
    [
      'a network that cannot be downloaded',
      ['--network', 'vgg16'],
      2,
      /^vgg16 needs a one-time download of 58\.9 MB from http:\/\/127\.0\.0\.1:9\/.*: use pocket, or put the file at .*\.\n$/,
    ],
  ])('refuses %s in one sentence before it renders', async (_what, args, exitStatus, sentence) => {
    const { cwd, run } = newPlace();
    const { status, stdout, stderr } = await run(...film(...args));
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect({ status, stdout }).toEqual({ status: exitStatus, stdout: '' });
    expect(readdirSync(cwd)).not.toContain('zoom.gif');
  });

  it('refuses a depth that the network does not have, and says which it has', async () => {
    const { run } = newPlace({ NETWORK: `file:${await writeOwn(newFolder())}` });
    const { status, stdout, stderr } = await run(...film('--depth', 'scene'));
    expect(stderr).toBe('mine has no --depth scene: choose texture or style, or another network.\n');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it("refuses the operator's own where it has the name of another", async () => {
    const path = await writeOwn(newFolder(), { name: 'vgg16' });
    const { run } = newPlace();
    const { status, stderr } = await run(...film('--network', `file:${path}`));
    expect(stderr).toMatch(/vgg16 is the name of another network/);
    expect(status).toBe(1);
  });
});

describe('the bot', () => {
  it('fetches the network of its settings first: without a connection it does not start, exit 2', async () => {
    const environment = { NETWORK: 'vgg19', NETWORK_MIRROR: 'http://127.0.0.1:9' };
    const { status, stdout, stderr } = await failToStart(newFolder(), environment);
    expect(stderr).toMatch(
      /^vgg19 needs a one-time download of 80\.1 MB from http:\/\/127\.0\.0\.1:9\/.*\n$/,
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('does not start with a file that is no network', async () => {
    const folder = newFolder();
    const path = await writeOwn(folder);
    await writeFile(path, 'no network');
    const { status, stderr } = await failToStart(newFolder(), { NETWORK: `file:${path}` });
    expect(stderr).toMatch(/^The network .* cannot be used: .*\n$/);
    expect(status).toBe(1);
  });

  it("renders with the operator's own network", async () => {
    const path = await writeOwn(newFolder());
    const bot = await startBotProcess(newFolder(), { NETWORK: `file:${path}` });
    onTestFinished(() => bot.killGroup());
    expect(await (await fetch(bot.url)).text()).toContain('mine');
    bot.signal('SIGTERM');
    expect(await bot.gone).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'can be stopped while it fetches, exit 0 (Windows has no signals)',
    async () => {
      const begun = Promise.withResolvers<void>();
      const server = await serve(() => begun.resolve());
      const environment = { NETWORK: 'vgg19', NETWORK_MIRROR: server.url, DATA_DIR: newFolder(), PORT: '0' };
      const { child, finished } = startCommandLine(['bot'], { environment });
      await begun.promise;
      child.kill('SIGTERM');
      const ran = await finished;
      expect(ran.stdout).toMatch(/^Stopping/);
      expect(ran.status).toBe(0);
    },
  );
});
