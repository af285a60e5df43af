import { createHash } from 'node:crypto';
import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/engine/safetensors.ts';
import type { Tensor } from '../../src/engine/spec.ts';
import { adoptDownload, isPresent } from '../../src/networks/adopt.ts';
import { catalogue, type DownloadEntry } from '../../src/networks/catalogue.ts';
import { contentHashes } from '../../src/networks/content-hash.ts';
import { wholeSpec } from '../../src/networks/description.ts';
import { convertOnThisThread } from '../../src/networks/keras-convert.ts';
import { describeNetwork, openNetwork } from '../../src/networks/open.ts';
import { convertedPath, projectNetworks } from '../../src/networks/places.ts';
import { writeKerasFile } from '../support/keras-writer.ts';
import { entryFor, type StandIn, standInAtDepth, writeStandIn } from '../support/stand-in-network.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const open = ({ entry, places }: StandIn, depth: 'texture' | 'style' = 'style') =>
  openNetwork(entry.name, { depth, places, entries: [entry] });
const damaged = (problem: RegExp) => ({
  code: 'network-damaged',
  data: { name: 'small-vgg', problem: expect.stringMatching(problem) },
});

describe('a published file that was fetched', () => {
  it('becomes a network, and goes', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    expect(await isPresent(standIn.entry, standIn.places)).toBe(false);
    await expect(open(standIn)).rejects.toMatchObject({ code: 'network-not-here' });

    await adoptDownload(standIn.entry, standIn.places);

    expect(await isPresent(standIn.entry, standIn.places)).toBe(true);
    expect(await readdir(standIn.places.folder)).toEqual(['description', 'small-vgg.safetensors']);
    expect(await open(standIn)).toEqual(standInAtDepth('style'));
  });

  it('gives no more at a depth than the depth needs', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    await adoptDownload(standIn.entry, standIn.places);
    const network = await open(standIn, 'texture');
    expect(network).toEqual(standInAtDepth('texture'));
    expect([...network.tensors.keys()]).toEqual(['conv1_1.weight', 'conv1_1.bias']);
  });

  it('replaces what lay in its place', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    const path = convertedPath('small-vgg', standIn.places);
    await writeFile(path, 'what a crash left');
    await writeFile(`${path}.part`, 'what another left');
    await adoptDownload(standIn.entry, standIn.places);
    expect(await open(standIn)).toEqual(standInAtDepth('style'));
  });

  it('is missed where it is not there', async () => {
    const { entry, places, published } = await writeStandIn(await createTempFolder());
    await rm(published);
    await expect(adoptDownload(entry, places)).rejects.toMatchObject({
      code: 'network-missing',
      data: { name: 'small-vgg', path: published },
    });
  });

  it('is given up where converting it takes too long', async () => {
    const { entry, places, published } = await writeStandIn(await createTempFolder());
    // A thread does not start, load HDF5 and answer within a millisecond.
    await expect(adoptDownload(entry, places, { limitMs: 1 })).rejects.toMatchObject(damaged(/too long/));
    await access(published);
    expect(await isPresent(entry, places)).toBe(false);
  });

  it('is left alone where it was cancelled', async () => {
    const { entry, places, published } = await writeStandIn(await createTempFolder());
    await expect(adoptDownload(entry, places, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const stopping = new AbortController();
    const adopting = adoptDownload(entry, places, { signal: stopping.signal });
    stopping.abort();
    await expect(adopting).rejects.toMatchObject({ code: 'cancelled' });
    await access(published);
    expect(await isPresent(entry, places)).toBe(false);
  });
});

describe('a file that is not the published one', () => {
  it('is refused and stays', async () => {
    const { entry, places, published, bytes } = await writeStandIn(await createTempFolder());
    await writeFile(published, bytes.subarray(0, -1));
    await expect(adoptDownload(entry, places)).rejects.toMatchObject(damaged(/has \d+ bytes instead of/));
    await access(published);
    expect(await isPresent(entry, places)).toBe(false);
  });

  const convert = ({ published: path }: StandIn, entry: DownloadEntry) =>
    convertOnThisThread({ entry, path, projectFolder: '' });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
    ['is empty', () => new Uint8Array(0), /has 0 bytes instead of/],
    ['is longer', (bytes) => Buffer.concat([bytes, new Uint8Array(1)]), /at most \d+ belong to it/],
    ['differs by a bit', (bytes) => bytes.with(-1, bytes.at(-1)! ^ 1), /not the file that was published/],
  ])('is refused where it %s', async (_, change, problem) => {
    const standIn = await writeStandIn(await createTempFolder());
    await writeFile(standIn.published, change(standIn.bytes));
    await expect(convert(standIn, standIn.entry)).rejects.toMatchObject(damaged(problem));
  });

  // As if the catalogue asked for exactly these bytes: what then still protects are the checks behind the MD5.
  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['no HDF5', () => new TextEncoder().encode('<html>Please log in</html>')],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['overwritten behind its signature', (bytes) => bytes.fill(0xff, 8)],
    ['overwritten in its first groups', (bytes) => bytes.fill(0, 96, 2048)],
  ])('is refused where its checksum is right and it is %s', async (_, change) => {
    const standIn = await writeStandIn(await createTempFolder());
    const bytes = change(standIn.bytes.slice());
    await writeFile(standIn.published, bytes);
    const entry = entryFor(bytes, standIn.places.folder);
    await expect(convert(standIn, entry)).rejects.toMatchObject({ code: 'network-damaged' });
  });

  it('is refused where layers of the same shape have changed places', async () => {
    const swap = { conv1_2: 'conv1_3', conv1_3: 'conv1_2' };
    const standIn = await writeStandIn(await createTempFolder(), { swap });
    await expect(convert(standIn, standIn.entry)).rejects.toMatchObject(
      damaged(/conv1_2 does not answer as the published one does/),
    );
  });

  it('is refused where it holds values that are not finite', async () => {
    const standIn = await writeStandIn(await createTempFolder(), {
      write: (to, name, data, shape) => {
        if (name !== 'block2_conv1_b_1:0') return false;
        to.create_dataset({ name, data: data.with(2, Number.NaN), shape: [...shape], dtype: '<f' });
        return true;
      },
    });
    await expect(convert(standIn, standIn.entry)).rejects.toMatchObject(
      damaged(/conv2_1.bias holds values that are not finite/),
    );
  });
});

describe('a converted file', () => {
  const rewrite = async (
    change: (tensors: Map<string, Tensor>, metadata: Record<string, string>) => void,
  ): Promise<StandIn> => {
    const standIn = await writeStandIn(await createTempFolder());
    await adoptDownload(standIn.entry, standIn.places);
    const path = convertedPath('small-vgg', standIn.places);
    const file = readSafetensors(await readFile(path));
    const tensors = new Map(file.tensors);
    const metadata = { ...file.metadata };
    change(tensors, metadata);
    await writeFile(path, writeSafetensors(tensors, { metadata }));
    return standIn;
  };

  it('says what it was made of and what it holds', async () => {
    const { entry, places } = await rewrite(() => {});
    const { metadata } = readSafetensors(await readFile(convertedPath('small-vgg', places)));
    expect(metadata).toEqual({
      source_md5: entry.weights.md5,
      tensors_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is refused where a value has changed since', async () => {
    const standIn = await rewrite((tensors) => {
      const { shape, data } = tensors.get('conv2_1.bias')!;
      tensors.set('conv2_1.bias', { shape, data: data.with(0, data[0]! + 1e-6) });
    });
    await expect(open(standIn)).rejects.toMatchObject(damaged(/its weights have changed/));
  });

  it('is refused where it was made of another file', async () => {
    const standIn = await rewrite((_, metadata) => {
      Object.assign(metadata, { source_md5: '0'.repeat(32) });
    });
    await expect(open(standIn)).rejects.toMatchObject(damaged(/not made of the published file/));
  });

  it('is refused where it was made by hand, its hashes with it, and layers have changed places', async () => {
    const standIn = await rewrite((tensors, metadata) => {
      for (const part of ['weight', 'bias']) {
        const [second, third] = [tensors.get(`conv1_2.${part}`)!, tensors.get(`conv1_3.${part}`)!];
        tensors.set(`conv1_2.${part}`, third).set(`conv1_3.${part}`, second);
      }
      const { source_md5: md5 = '' } = metadata;
      Object.assign(metadata, contentHashes(tensors, md5));
    });
    await expect(open(standIn)).rejects.toMatchObject(damaged(/conv1_2 does not answer/));
  });

  it('is refused where it is larger than its description says, before it is read', async () => {
    const standIn = await writeStandIn(await createTempFolder());
    await writeFile(convertedPath('small-vgg', standIn.places), new Uint8Array(2 ** 20 + 10_000));
    await expect(open(standIn)).rejects.toMatchObject(damaged(/has 1058576 bytes, and at most/));
  });
});

const realWeights = new URL('../../../shared/networks/vgg19-conv3.safetensors', import.meta.url);
const withoutWeights = await access(realWeights).then(
  () => false,
  () => true,
);

describe.skipIf(withoutWeights)("a file with VGG19's real shapes, conv1 to conv3 from ../shared", () => {
  const writeReal = async (): Promise<{ folder: string; path: string; bytes: number; md5: string }> => {
    const folder = await createTempFolder();
    const path = join(folder, vgg('vgg19').weights.fileName);
    const description = await describeNetwork('vgg19');
    const { tensors: real } = readSafetensors(await readFile(realWeights));
    const tensors = new Map<string, Tensor>();
    for (const layer of description.layers) {
      if (layer.kind !== 'conv') continue;
      const { name, in: inputs, out } = layer;
      const shapes = { weight: [out, inputs, 3, 3], bias: [out] };
      for (const [part, shape] of Object.entries(shapes)) {
        const made = { shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.01) };
        tensors.set(`${name}.${part}`, real.get(`${name}.${part}`) ?? made);
      }
    }
    await writeKerasFile(path, { spec: wholeSpec(description, 'style'), tensors });
    const file = await readFile(path);
    return { folder, path, bytes: file.length, md5: createHash('md5').update(file).digest('hex') };
  };
  const vgg = (name: string): DownloadEntry =>
    catalogue.find((candidate) => candidate.name === name) as DownloadEntry;
  const expecting = (
    entry: DownloadEntry,
    { bytes, md5 }: { bytes: number; md5: string },
  ): DownloadEntry => ({
    ...entry,
    weights: { ...entry.weights, bytes, md5 },
  });

  it("becomes vgg19, checked by the real network's answers; under vgg16's name it is refused", async () => {
    const real = await writeReal();
    const places = { folder: real.folder, file: null };
    // The published file has 80,134,624 bytes; HDF5's own part differs with the version that wrote it.
    expect(real.bytes).toBeGreaterThan(80_097_536);
    expect(real.bytes).toBeLessThan(80_200_000);

    // All that VGG16 asks for is there, in the right shapes: only what is there besides tells.
    const asVgg16 = convertOnThisThread({
      entry: expecting(vgg('vgg16'), real),
      path: real.path,
      projectFolder: projectNetworks,
    });
    await expect(asVgg16).rejects.toMatchObject({
      data: { name: 'vgg16', problem: expect.stringMatching(/"block3_conv4" is none of this network/) },
    });

    const entry = expecting(vgg('vgg19'), real);
    await adoptDownload(entry, places);
    const { spec, tensors } = await openNetwork('vgg19', { depth: 'style', places, entries: [entry] });
    expect(spec.taps.at(-1)).toEqual({ layer: 'conv3_4', weight: 1 });
    expect(tensors).toEqual(readSafetensors(await readFile(realWeights)).tensors);
    const scene = await openNetwork('vgg19', { depth: 'scene', places, entries: [entry] });
    expect(scene.tensors.get('conv5_1.weight')?.shape).toEqual([512, 512, 3, 3]);
    expect(scene.tensors.has('conv5_2.weight')).toBe(false);
  });
});
