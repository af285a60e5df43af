import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeSafetensors } from '../../src/engine/safetensors.ts';
import { catalogue } from '../../src/networks/catalogue.ts';
import { createNetworks, type NetworksOptions } from '../../src/networks/create-networks.ts';
import { offeredDepths } from '../../src/networks/description.ts';
import { describeNetwork } from '../../src/networks/open.ts';
import type { LogFields } from '../../src/ports/log.ts';
import { lockFolder } from '../../src/store/sqlite/folder-lock.ts';
import { type Answer, file, serve, status } from '../support/file-server.ts';
import { createHurriedClock } from '../support/hurried-clock.ts';
import { standInDescription, standInNetwork, writeStandIn } from '../support/stand-in-network.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const pocket = catalogue[0]!;
const pocketDepths = offeredDepths(await describeNetwork(pocket.name));

/** A log that tells when something is said. */
const createHearing = () => {
  const said: { readonly message: string; readonly fields: LogFields }[] = [];
  const waiters: { readonly message: string; readonly resolve: () => void }[] = [];
  const say = (message: string, fields: LogFields = {}): void => {
    said.push({ message, fields });
    for (const waiter of waiters) if (waiter.message === message) waiter.resolve();
  };
  const log = { info: say, warn: say, error: say, forJob: () => log };
  const hears = (message: string): Promise<void> =>
    new Promise((resolve) => void waiters.push({ message, resolve }));
  return { log, said, hears };
};

/** `pocket`, which is here, and `small-vgg`, which a server has. */
const open = async (
  answer: (bytes: Uint8Array) => Answer = (bytes) => file(bytes),
  options: Partial<NetworksOptions> = {},
) => {
  const { entry, places, published, bytes } = await writeStandIn(await createTempFolder());
  await rm(published);
  const server = await serve(answer(bytes));
  const clock = createHurriedClock();
  const hearing = createHearing();
  const networks = createNetworks({
    places,
    mirror: server.url,
    proxies: { http: '', https: '', except: '' },
    clock,
    lock: lockFolder,
    log: hearing.log,
    entries: [pocket, entry],
    ...options,
  });
  onTestFinished(() => networks.close());
  return { networks, server, clock, entry, places, bytes, ...hearing };
};

const fetching = (bytes: number, percent: number) => ({
  code: 'network-fetching',
  data: { name: 'small-vgg', bytes, percent },
});
const fetched = 'network: downloaded';
const failed = 'network: download failed';

describe('the networks', () => {
  it('are listed with what they offer and whether they are here', async () => {
    const { networks, bytes } = await open();
    const [first, second] = await networks.list();
    expect(first).toMatchObject({ name: 'pocket', depths: pocketDepths, present: true });
    expect(first?.bytes).toBeGreaterThan(100_000);
    expect(second).toEqual({
      name: 'small-vgg',
      depths: ['texture', 'style'],
      bytes: bytes.length,
      licence: 'CC0',
      source: 'the tests',
      present: false,
    });
  });

  it('include the one of the operator, as long as its files can be read', async () => {
    const folder = await createTempFolder();
    const path = join(folder, 'mine.safetensors');
    const weights = writeSafetensors(standInNetwork().tensors);
    await writeFile(path, weights);
    await writeFile(join(folder, 'mine.json'), JSON.stringify({ ...standInDescription, name: 'mine' }));
    const { networks, said } = await open(undefined, { places: { folder, file: path } });
    expect((await networks.list()).at(-1)).toMatchObject({
      name: 'mine',
      bytes: weights.length,
      present: true,
    });
    await networks.require('mine', 'texture');
    await rm(join(folder, 'mine.json'));
    expect((await networks.list()).map(({ name }) => name)).toEqual(['pocket', 'small-vgg']);
    expect(said.map(({ message }) => message)).toEqual([
      'network: the one of the operator cannot be opened and is left out',
    ]);
  });

  it('can be asked for where they are here, at the depths that they have', async () => {
    const { networks, server } = await open();
    for (const depth of pocketDepths) await networks.require('pocket', depth);
    await expect(networks.require('vgg99', 'style')).rejects.toMatchObject({
      code: 'network-unknown',
      data: { name: 'vgg99', known: ['pocket', 'small-vgg'] },
    });
    expect(server.requests).toEqual([]);
  });
});

describe('a network that is absent', () => {
  it('begins to be fetched when it is asked for, and can then be had', async () => {
    const { networks, server, hears, bytes } = await open();
    const arrived = hears(fetched);
    await expect(networks.require('small-vgg', 'style')).rejects.toMatchObject(fetching(bytes.length, 0));
    await arrived;
    await networks.require('small-vgg', 'style');
    expect((await networks.list())[1]).toMatchObject({ present: true });
    expect(server.requests).toHaveLength(1);
  });

  it('is not fetched for a depth that it does not have', async () => {
    const { networks, server } = await open();
    await expect(networks.require('small-vgg', 'scene')).rejects.toMatchObject({
      code: 'depth-not-offered',
      data: { network: 'small-vgg', depth: 'scene', offered: ['texture', 'style'] },
    });
    expect(server.requests).toEqual([]);
  });

  it('is fetched once, however many ask, who are told how far it is', async () => {
    let finish = (): void => {};
    const { networks, server, hears, bytes } = await open((bytes) => (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      const half = Math.ceil(bytes.length / 2);
      response.write(bytes.subarray(0, half));
      finish = () => void response.end(bytes.subarray(half));
    });
    const arrived = hears(fetched);
    const percents = new Set<number>();
    // As often as it takes: until the first half has come.
    while (!percents.has(50)) {
      const error = await networks.require('small-vgg', 'style').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'network-fetching', data: { bytes: bytes.length } });
      percents.add((error as { data: { percent: number } }).data.percent);
    }
    finish();
    await arrived;
    await networks.require('small-vgg', 'style');
    expect(server.requests).toHaveLength(1);
  });

  it('is not here where fetching failed; the log knows why, and a minute later it is tried again', async () => {
    let works = false;
    const { networks, server, clock, said, hears, bytes } = await open(
      (bytes) => (request, response) =>
        works ? file(bytes)(request, response) : status(404)(request, response),
    );
    const over = hears(failed);
    await expect(networks.require('small-vgg', 'style')).rejects.toMatchObject(fetching(bytes.length, 0));
    await over;
    expect(said.at(-1)).toMatchObject({
      fields: { network: 'small-vgg', error: { code: 'network-absent' } },
    });
    clock.advance(59_999);
    await expect(networks.require('small-vgg', 'style')).rejects.toMatchObject({
      code: 'network-not-here',
      data: { name: 'small-vgg' },
    });
    expect(server.requests).toHaveLength(1);
    works = true;
    clock.advance(1);
    const arrived = hears(fetched);
    await expect(networks.require('small-vgg', 'style')).rejects.toMatchObject(fetching(bytes.length, 0));
    await arrived;
    await networks.require('small-vgg', 'style');
  });

  it('is no longer fetched after a close, which a later start goes on with', async () => {
    const begun = Promise.withResolvers<void>();
    const { networks, said } = await open((bytes) => (_request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': bytes.length });
      response.write(bytes.subarray(0, 100));
      begun.resolve();
    });
    await expect(networks.require('small-vgg', 'style')).rejects.toMatchObject({ code: 'network-fetching' });
    await begun.promise;
    await networks.close();
    expect(said.map(({ message }) => message)).toEqual(['network: downloading']);
    await expect(networks.require('small-vgg', 'style')).rejects.toMatchObject({ code: 'stopping' });
  });
});
