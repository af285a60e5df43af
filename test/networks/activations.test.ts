import { access, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/engine/safetensors.ts';
import type { Network, Tensor } from '../../src/engine/spec.ts';
import { requireActivations, sampleActivations } from '../../src/networks/activations.ts';
import { catalogue, type DownloadEntry } from '../../src/networks/catalogue.ts';
import { wholeSpec } from '../../src/networks/description.ts';
import { describeNetwork } from '../../src/networks/open.ts';
import { projectNetworks } from '../../src/networks/places.ts';
import { standInNetwork, writeStandIn } from '../support/stand-in-network.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const exchanged = ({ spec, tensors }: Network, one: string, other: string): Network => {
  const changed = new Map(tensors);
  for (const part of ['weight', 'bias']) {
    changed.set(`${one}.${part}`, tensors.get(`${other}.${part}`)!);
    changed.set(`${other}.${part}`, tensors.get(`${one}.${part}`)!);
  }
  return { spec, tensors: changed };
};

const altered = (
  { spec, tensors }: Network,
  key: string,
  alter: (tensor: Tensor) => Float32Array,
): Network => {
  const tensor = tensors.get(key)!;
  return { spec, tensors: new Map(tensors).set(key, { ...tensor, data: alter(tensor) }) };
};

describe('stored activations', () => {
  const network = standInNetwork();
  const check = async (given: Network): Promise<void> => {
    const { entry } = await writeStandIn(await createTempFolder());
    await requireActivations(given, entry, { projectFolder: projectNetworks });
  };
  const wrong = (layer: string) => ({
    code: 'network-damaged',
    data: { name: 'small-vgg', problem: `its layer ${layer} does not answer as the published one does` },
  });

  it('are met by the network that they were computed from', async () => {
    await expect(check(network)).resolves.toBeUndefined();
  });

  it.each<[string, Network, string]>([
    ['two layers have changed places', exchanged(network, 'conv1_2', 'conv1_3'), 'conv1_2'],
    [
      'a kernel is turned by 180 degrees',
      altered(network, 'conv2_1.weight', ({ data }) => data.toReversed()),
      'conv2_1',
    ],
    [
      'a layer is a hundredth larger',
      altered(network, 'conv1_3.weight', ({ data }) => data.map((value) => 1.01 * value)),
      'conv1_3',
    ],
    [
      'the channels of the picture are in another order',
      { ...network, spec: { ...network.spec, input: { ...network.spec.input, order: 'rgb' } } },
      'conv1_1',
    ],
  ])('find out where %s', async (_, given, layer) => {
    await expect(check(given)).rejects.toMatchObject(wrong(layer));
  });

  it('leave room for another order of summation', async () => {
    // A relative error of 1e-5 in every weight is more than summing in Float32 makes.
    const rounded = altered(network, 'conv1_2.weight', ({ data }) =>
      data.map((value, i) => value * (1 + (i % 2 ? 1e-5 : -1e-5))),
    );
    await expect(check(rounded)).resolves.toBeUndefined();
  });
});

const realWeights = new URL('../../../shared/networks/vgg19-conv3.safetensors', import.meta.url);
const withoutWeights = await access(realWeights).then(
  () => false,
  () => true,
);

describe.skipIf(withoutWeights)('the stored activations of vgg19, with the weights from ../shared', () => {
  const entry = catalogue.find(({ name }) => name === 'vgg19') as DownloadEntry;
  const openReal = async (): Promise<Network> => {
    const { tensors } = readSafetensors(await readFile(realWeights));
    return { spec: wholeSpec(await describeNetwork('vgg19'), 'style'), tensors };
  };

  it('are what the real network answers', async () => {
    const stored = JSON.parse(await readFile(`${projectNetworks}/${entry.weights.activations}`, 'utf8'));
    expect(Object.keys(stored)).toEqual([
      ...['conv1_1', 'conv1_2', 'conv2_1', 'conv2_2', 'conv3_1', 'conv3_2', 'conv3_3', 'conv3_4'],
    ]);
    expect(sampleActivations(await openReal(), { upTo: 'conv3_4' })).toEqual(stored);
  });

  it('find out where any two of its layers of the same shape have changed places', async () => {
    const changed = exchanged(await openReal(), 'conv3_3', 'conv3_4');
    await expect(
      requireActivations(changed, entry, { projectFolder: projectNetworks }),
    ).rejects.toMatchObject({
      data: { problem: expect.stringMatching(/conv3_3/) },
    });
  });
});
