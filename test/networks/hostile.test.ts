import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../src/engine/safetensors.ts';
import { describeNetwork, fileNetworkName, openNetwork } from '../../src/networks/open.ts';
import type { NetworkPlaces } from '../../src/ports/networks.ts';
import { rawSafetensors } from '../support/raw-safetensors.ts';
import { standInAtDepth, standInDescription, standInNetwork } from '../support/stand-in-network.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const { name } = standInDescription;

/** An operator's own network: `mine.safetensors` and `mine.json` beside it. */
const writeOwn = async (
  weights: Uint8Array = writeSafetensors(standInNetwork().tensors),
  description: unknown = standInDescription,
): Promise<NetworkPlaces> => {
  const folder = await createTempFolder();
  const file = join(folder, 'mine.safetensors');
  await writeFile(file, weights);
  const text = typeof description === 'string' ? description : JSON.stringify(description);
  await writeFile(join(folder, 'mine.json'), text);
  return { folder, file };
};
const damaged = (problem: RegExp) => ({
  code: 'network-damaged',
  data: { problem: expect.stringMatching(problem) },
});

describe("an operator's own network", () => {
  it('opens under the name in its description, at its depths', async () => {
    const places = await writeOwn();
    expect(await fileNetworkName(places)).toBe(name);
    expect(await describeNetwork(name, { places })).toEqual(standInDescription);
    expect(await openNetwork(name, { places, depth: 'texture' })).toEqual(standInAtDepth('texture'));
    await expect(openNetwork(name, { places, depth: 'scene' })).rejects.toMatchObject({
      code: 'depth-not-offered',
    });
  });

  it('is listed where another name is asked for, and leaves the catalogue alone', async () => {
    const places = await writeOwn();
    await expect(openNetwork('vgg99', { places })).rejects.toMatchObject({
      code: 'network-unknown',
      data: { known: ['pocket', 'vgg16', 'vgg19', name] },
    });
    expect((await openNetwork('pocket', { places })).spec.name).toBe('pocket');
  });

  it('is nobody where none is configured', async () => {
    expect(await fileNetworkName({ folder: '/nowhere', file: null })).toBeNull();
  });

  it("cannot take a catalogue's name", async () => {
    const places = await writeOwn(undefined, { ...standInDescription, name: 'vgg19' });
    await expect(fileNetworkName(places)).rejects.toMatchObject(
      damaged(/vgg19 is the name of another network/),
    );
  });

  it.each(['mine.safetensors', 'mine.json'])('is missed where %s is not there', async (file) => {
    const { folder } = await writeOwn();
    const places = { folder, file: join(folder, 'elsewhere', 'mine.safetensors') };
    await mkdir(join(folder, 'elsewhere'));
    if (file !== 'mine.json') {
      await writeFile(join(folder, 'elsewhere', 'mine.json'), JSON.stringify(standInDescription));
    }
    await expect(openNetwork(name, { places })).rejects.toMatchObject({
      code: 'network-missing',
      data: { path: join(folder, 'elsewhere', file) },
    });
  });

  it('is missed where its file is a folder', async () => {
    const { folder } = await writeOwn();
    const file = join(folder, 'folder.safetensors');
    await mkdir(file);
    await writeFile(join(folder, 'folder.json'), JSON.stringify(standInDescription));
    const places = { folder, file };
    await expect(openNetwork(name, { places })).rejects.toMatchObject({ code: 'network-missing' });
  });
});

describe('a hostile network of an own file', () => {
  it('is refused by its size before a byte is read', async () => {
    const places = await writeOwn();
    // Sparse: it takes no room on the disk, and reading it would take a terabyte of memory.
    await using file = await open(places.file!, 'r+');
    await file.truncate(2 ** 40);
    await expect(openNetwork(name, { places })).rejects.toMatchObject(
      damaged(/has 1099511627776 bytes, and at most \d+ belong to it/),
    );
  });

  it('is refused where its description is longer than any', async () => {
    const places = await writeOwn(undefined, ' '.repeat(2 ** 18 + 1));
    await expect(fileNetworkName(places)).rejects.toMatchObject(damaged(/has 262145 bytes/));
  });

  it.each<[string, unknown, RegExp]>([
    ['is no JSON', '{', /not JSON/],
    ['is a list', [], /not valid/],
    ['is nested a hundred thousand times', '['.repeat(100_000) + ']'.repeat(100_000), /not valid/],
    ['asks for four thousand channels in every layer', hugeDescription(), /more than 67108864 parameters/],
    ['reaches for the prototype', `{"__proto__": ${JSON.stringify(standInDescription)}}`, /not valid/],
  ])('is refused where its description %s', async (_, description, problem) => {
    const places = await writeOwn(undefined, description);
    await expect(fileNetworkName(places)).rejects.toMatchObject(damaged(problem));
  });

  it('is refused where a tensor has another shape, however many bytes it holds', async () => {
    const header = { 'conv1_1.weight': { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 4] } };
    const places = await writeOwn(rawSafetensors(header, new Uint8Array(4)));
    await expect(openNetwork(name, { places })).rejects.toMatchObject(
      damaged(/size that does not fit its shape/),
    );
  });

  it('is refused where a value is infinite', async () => {
    const tensors = new Map(standInNetwork().tensors);
    const bias = tensors.get('conv1_2.bias')!;
    tensors.set('conv1_2.bias', { ...bias, data: bias.data.with(1, Number.POSITIVE_INFINITY) });
    const places = await writeOwn(writeSafetensors(tensors));
    await expect(openNetwork(name, { places })).rejects.toMatchObject(
      damaged(/conv1_2\.bias holds values that are not finite/),
    );
  });

  it('is refused wherever its file is cut off', async () => {
    const places = await writeOwn();
    const whole = await readFile(places.file!);
    for (const bytes of [0, 7, 8, 200, whole.length - 1]) {
      await writeFile(places.file!, whole.subarray(0, bytes));
      await expect(openNetwork(name, { places })).rejects.toMatchObject({ code: 'network-damaged' });
    }
  });
});

function hugeDescription(): unknown {
  const layers = Array.from({ length: 64 }, (_, i) => ({
    ...{ kind: 'conv', name: `conv${i}`, kernel: 3 },
    ...{ in: i === 0 ? 3 : 4096, out: 4096 },
  }));
  return { ...standInDescription, layers, depths: { style: [{ layer: 'conv0', weight: 1 }] } };
}
