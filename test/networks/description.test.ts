import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { poolingDepth } from '../../src/engine/spec.ts';
import { catalogue } from '../../src/networks/catalogue.ts';
import {
  countParameters,
  offeredDepths,
  parseNetworkDescription,
  specAtDepth,
} from '../../src/networks/description.ts';
import { describeNetwork } from '../../src/networks/open.ts';
import { standInDescription } from '../support/stand-in-network.ts';

const tapsOf = (spec: { readonly taps: readonly { readonly layer: string }[] }): readonly string[] =>
  spec.taps.map((tap) => tap.layer);

describe('a description', () => {
  it('becomes a spec at each depth that it offers, and nothing lies behind the last tap', () => {
    const texture = specAtDepth(standInDescription, 'texture');
    expect(tapsOf(texture)).toEqual(['conv1_1']);
    expect(texture.layers.map((layer) => layer.kind)).toEqual(['conv', 'relu']);
    const style = specAtDepth(standInDescription, 'style');
    expect(style).toMatchObject({ name: 'small-vgg', layers: standInDescription.layers });
  });

  it('refuses a depth that it does not offer, with the list', () => {
    expect(() => specAtDepth(standInDescription, 'scene')).toThrow(
      expect.objectContaining({
        code: 'depth-not-offered',
        data: { network: 'small-vgg', depth: 'scene', offered: ['texture', 'style'] },
      }),
    );
  });

  const { layers, depths } = standInDescription;
  const conv = (name: string, inputs: number, out: number) => ({
    kind: 'conv',
    name,
    in: inputs,
    out,
    kernel: 3,
  });
  const tap = (layer: string) => ({ layer, weight: 1 });
  const pool = { kind: 'pool', method: 'average' };
  it.each<[string, object, RegExp]>([
    ['no licence', { licence: undefined }, /not valid: licence/],
    ['a name that no request could hold', { name: '../pocket' }, /not valid: name/],
    ['a field that means nothing', { taps: depths.style }, /not valid/],
    ['no depth style', { depths: { texture: depths.texture } }, /not valid: depths\.style/],
    ['a depth that there is not', { depths: { ...depths, abyss: depths.style } }, /not valid: depths/],
    ['a tap that is no layer', { depths: { style: [tap('conv9_9')] } }, /tap conv9_9 is no layer/],
    ['a wrong tap at a depth other than style', { depths: { ...depths, scene: [tap('x')] } }, /tap x is no/],
    ['layers that do not chain', { layers: layers.slice(2) }, /takes 4 channels but is given 3/],
    [
      'more parameters than there is memory for',
      { layers: [conv('conv1_1', 3, 4096), conv('a', 4096, 4096), conv('conv2_1', 4096, 6)] },
      /more than 67108864 parameters/,
    ],
    [
      'a tap so deep that not every size of film can be halved that often',
      { layers: [conv('conv1_1', 3, 4), ...Array(5).fill(pool), conv('conv2_1', 4, 6)] },
      /depth style lies behind more than 4 poolings/,
    ],
  ])('is refused where it has %s', (_, change, problem) => {
    expect(() => parseNetworkDescription({ ...standInDescription, ...change }, { name: 'mine' })).toThrow(
      expect.objectContaining({
        code: 'network-damaged',
        data: expect.objectContaining({ problem: expect.stringMatching(problem) }),
      }),
    );
  });
});

describe('the networks of the catalogue', () => {
  it.each(catalogue.map((entry) => entry.name))(
    'include %s with its licence, source and depths',
    async (name) => {
      const description = await describeNetwork(name);
      expect(description.name).toBe(name);
      expect(offeredDepths(description)).toEqual(['texture', 'style', 'scene']);
      expect(poolingDepth(specAtDepth(description, 'texture'))).toBe(2);
      expect(tapsOf(specAtDepth(description, 'texture'))).toEqual(['conv1_1', 'conv2_1', 'conv3_1']);
      expect(tapsOf(specAtDepth(description, 'style')).slice(0, 3)).toEqual([
        'conv1_1',
        'conv2_1',
        'conv3_1',
      ]);
    },
  );

  // 14,714,688 and 20,024,384: what Keras prints for the two without their top.
  it.each([
    ['vgg16', 13, 14_714_688],
    ['vgg19', 16, 20_024_384],
  ])('have %s with %i convolutions and %i parameters', async (name, convolutions, parameters) => {
    const description = await describeNetwork(name);
    expect(description.layers.filter((layer) => layer.kind === 'conv')).toHaveLength(convolutions);
    expect(countParameters(description)).toBe(parameters);
    expect(specAtDepth(description, 'scene').taps).toHaveLength(name === 'vgg16' ? 13 : 5);
    // BGR from 0 to 255, less the mean: white becomes 255 minus each of these.
    const { order, scale, offset } = description.input;
    expect({ order, white: scale.map((factor, i) => factor + offset[i]!) }).toEqual({
      order: 'bgr',
      white: [255 - 103.939, 255 - 116.779, 255 - 123.68],
    });
  });

  it('have pocket with as many parameters as its model card says', async () => {
    const card = await readFile(new URL('../../networks/README.md', import.meta.url), 'utf8');
    const parameters = countParameters(await describeNetwork('pocket'));
    expect(card).toContain(`${parameters.toLocaleString('en-US')} parameters`);
  });
});

describe('the page about networks', () => {
  it('shows a description of an own network that is valid', async () => {
    const page = await readFile(new URL('../../networks/README.md', import.meta.url), 'utf8');
    const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
    expect(parseNetworkDescription(JSON.parse(example), { name: 'example' }).name).toBe('mine');
  });
});
