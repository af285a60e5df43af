import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../src/engine/safetensors.ts';
import { type CatalogueEntry, catalogue } from '../../src/networks/catalogue.ts';
import { offeredDepths } from '../../src/networks/description.ts';
import { describeNetwork, openNetwork } from '../../src/networks/open.ts';
import { standInAtDepth, standInDescription, standInNetwork } from '../support/stand-in-network.ts';

const names = catalogue.map((entry) => entry.name);
const fromProject = catalogue.filter((entry) => entry.weights.kind === 'project').map((entry) => entry.name);

describe('opening a network', () => {
  it.each(fromProject)('gives %s, which comes with the project, at each of its depths', async (name) => {
    const description = await describeNetwork(name);
    const style = await openNetwork(name);
    expect(style.spec).toMatchObject({ name, taps: description.depths.style });
    const counts = [];
    for (const depth of offeredDepths(description)) {
      const { spec, tensors } = await openNetwork(name, { depth });
      expect(spec.taps).toEqual(description.depths[depth]);
      counts.push(tensors.size);
    }
    // A deeper one never asks for less, but two may look at the same layers and weigh them otherwise.
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(counts[0]!);
  });

  it('says which networks there are where the name is unknown', async () => {
    for (const name of ['vgg99', '', '../pocket', '__proto__', 'file:/tmp/x.safetensors']) {
      await expect(openNetwork(name)).rejects.toMatchObject({
        code: 'network-unknown',
        data: { name, known: names },
      });
    }
  });

  it('says that a network is not here, and nothing about paths, where it has not been fetched', async () => {
    const error = { code: 'network-not-here', data: { name: 'vgg19' } };
    await expect(openNetwork('vgg19')).rejects.toMatchObject(error);
    const places = { folder: join(tmpdir(), 'gramzoom-no-such-folder'), file: null };
    await expect(openNetwork('vgg19', { places })).rejects.toMatchObject(error);
  });
});

describe('the files of a network', () => {
  const { name } = standInDescription;
  const weights = writeSafetensors(standInNetwork().tensors);
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gramzoom-networks-'));
    await writeFile(join(folder, 'small.json'), JSON.stringify(standInDescription));
    await writeFile(join(folder, 'small.safetensors'), weights);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const entryWith = (sum: string): CatalogueEntry => ({
    name,
    descriptionFile: 'small.json',
    weights: { kind: 'project', file: 'small.safetensors', sha256: sum },
  });
  const open = (sum = sha256(weights)) =>
    openNetwork(name, { projectFolder: folder, entries: [entryWith(sum)] });
  const damaged = (problem: RegExp) => ({
    code: 'network-damaged',
    data: { name, problem: expect.stringMatching(problem) },
  });

  it('become a network where they are sound', async () => {
    expect(await open()).toEqual(standInAtDepth('style'));
  });

  it('are opened at the depths that there are, which are listed where another is asked for', async () => {
    const where = { projectFolder: folder, entries: [entryWith(sha256(weights))] };
    expect(await openNetwork(name, { ...where, depth: 'texture' })).toEqual(standInAtDepth('texture'));
    await expect(openNetwork(name, { ...where, depth: 'scene' })).rejects.toMatchObject({
      code: 'depth-not-offered',
      data: { network: name, depth: 'scene', offered: ['texture', 'style'] },
    });
  });

  it.each(['small.json', 'small.safetensors'])('are missed where %s is not there', async (file) => {
    await rm(join(folder, file));
    await expect(open()).rejects.toMatchObject({
      code: 'network-missing',
      data: { name, path: join(folder, file) },
    });
  });

  it('are damaged where a single bit of the weights has changed', async () => {
    const changed = weights.slice();
    changed[changed.length - 1]! ^= 1;
    await writeFile(join(folder, 'small.safetensors'), changed);
    await expect(open()).rejects.toMatchObject(damaged(/not the ones that were published/));
  });

  it('are damaged where the weights are what was published but no safetensors', async () => {
    const text = new TextEncoder().encode('<html>not found</html>');
    await writeFile(join(folder, 'small.safetensors'), text);
    await expect(open(sha256(text))).rejects.toMatchObject(damaged(/header is too long/));
  });

  it('are damaged where a tensor that the description asks for is missing', async () => {
    const fewer = writeSafetensors(new Map([...standInNetwork().tensors].slice(1)));
    await writeFile(join(folder, 'small.safetensors'), fewer);
    await expect(open(sha256(fewer))).rejects.toMatchObject(damaged(/conv1_1\.weight is missing/));
  });

  it('are damaged where the description is no JSON', async () => {
    await writeFile(join(folder, 'small.json'), '{"name":');
    await expect(open()).rejects.toMatchObject(damaged(/description is not JSON/));
  });

  it('are damaged where the description is that of another network', async () => {
    await writeFile(join(folder, 'small.json'), JSON.stringify({ ...standInDescription, name: 'other' }));
    await expect(open()).rejects.toMatchObject(damaged(/description is that of other/));
  });
});
