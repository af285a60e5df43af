import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/networks/catalogue.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { writeSafetensors } from '../support/safetensors-writer.ts';
import { plainNetwork } from '../support/tiny-network.ts';

describe('opening a network', () => {
  it.each(catalogue.map((entry) => entry.name))('gives %s, which comes with the project', async (name) => {
    const { spec, tensors } = await openNetwork(name);
    expect(spec.name).toBe(name);
    const parameters = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(parameters).toBe(327_768);
  });

  it('says which networks there are where the name is unknown', async () => {
    for (const name of ['vgg99', '', '../pocket', '__proto__']) {
      await expect(openNetwork(name)).rejects.toMatchObject({
        code: 'network-unknown',
        data: { name, known: catalogue.map((entry) => entry.name) },
      });
    }
  });
});

describe('the files of a network', () => {
  const { spec, tensors } = plainNetwork();
  const weights = writeSafetensors(tensors);
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gramzoom-networks-'));
    await writeFile(join(folder, 'plain.json'), JSON.stringify(spec));
    await writeFile(join(folder, 'plain.safetensors'), weights);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (weightsSha256 = sha256(weights)) =>
    openNetwork('plain', {
      folder,
      entries: [{ name: 'plain', specFile: 'plain.json', weightsFile: 'plain.safetensors', weightsSha256 }],
    });
  const damaged = (problem: RegExp) => ({
    code: 'network-damaged',
    data: { name: 'plain', problem: expect.stringMatching(problem) },
  });

  it('become a network where they are sound', async () => {
    const network = await open();
    expect(network.spec).toEqual(spec);
    expect(network.tensors).toEqual(tensors);
  });

  it.each(['plain.json', 'plain.safetensors'])('are missed where %s is not there', async (file) => {
    await rm(join(folder, file));
    await expect(open()).rejects.toMatchObject({
      code: 'network-missing',
      data: { name: 'plain', path: join(folder, file) },
    });
  });

  it('are damaged where a single bit of the weights has changed', async () => {
    const changed = weights.slice();
    changed[changed.length - 1]! ^= 1;
    await writeFile(join(folder, 'plain.safetensors'), changed);
    await expect(open()).rejects.toMatchObject(damaged(/not the ones that were published/));
  });

  it('are damaged where the weights are what was published but no safetensors', async () => {
    const text = new TextEncoder().encode('<html>not found</html>');
    await writeFile(join(folder, 'plain.safetensors'), text);
    await expect(open(sha256(text))).rejects.toMatchObject(damaged(/header is too long/));
  });

  it('are damaged where a tensor that the spec asks for is missing', async () => {
    const fewer = writeSafetensors(new Map([...tensors].slice(1)));
    await writeFile(join(folder, 'plain.safetensors'), fewer);
    await expect(open(sha256(fewer))).rejects.toMatchObject(damaged(/a\.weight is missing/));
  });

  it('are damaged where the spec is no JSON', async () => {
    await writeFile(join(folder, 'plain.json'), '{"name":');
    await expect(open()).rejects.toMatchObject(damaged(/description is not JSON/));
  });
});
