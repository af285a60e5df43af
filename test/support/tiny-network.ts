import { createRandom, type Random } from '../../src/domain/random.ts';
import { assembleNetwork, type Network, parseNetworkSpec, type Tensor } from '../../src/engine/spec.ts';

/** Random weights for any spec: He-scaled, so that activations keep their size from layer to layer. */
export const randomNetwork = (spec: unknown, { seed }: { readonly seed: number }): Network => {
  const parsed = parseNetworkSpec(spec);
  const random = createRandom(seed);
  const tensors = new Map<string, Tensor>();
  for (const layer of parsed.layers) {
    if (layer.kind !== 'conv') continue;
    const { name, in: inputs, out, kernel } = layer;
    const fanIn = inputs * kernel * kernel;
    tensors.set(`${name}.weight`, {
      shape: [out, inputs, kernel, kernel],
      data: normals(random, out * fanIn, Math.sqrt(2 / fanIn)),
    });
    tensors.set(`${name}.bias`, { shape: [out], data: normals(random, out, 0.1) });
  }
  return assembleNetwork(parsed, tensors);
};

const normals = (random: Random, count: number, deviation: number): Float32Array =>
  Float32Array.from({ length: count }, () => deviation * random.normal());

const conv = (name: string, inputs: number, out: number, kernel: 1 | 3 = 3) => ({
  kind: 'conv',
  name,
  in: inputs,
  out,
  kernel,
});
const relu = { kind: 'relu' };
const pool = (method: 'average' | 'max') => ({ kind: 'pool', method });

/** As the real ones are built: blocks of 3x3 and ReLU, average pooling, a tap in each. */
export const plainNetwork = (): Network =>
  randomNetwork(
    {
      name: 'plain',
      input: { order: 'rgb', scale: [4, 3.5, 4.5], offset: [-1.8, -1.6, -2] },
      layers: [conv('a', 3, 4), relu, conv('b', 4, 4), relu, pool('average'), conv('c', 4, 6), relu],
      taps: [
        { layer: 'a', weight: 1 },
        { layer: 'c', weight: 1 },
      ],
    },
    { seed: 7 },
  );

/** As `plainNetwork`, with a tap behind three poolings. */
export const deepNetwork = (): Network =>
  randomNetwork(
    {
      name: 'deep',
      input: { order: 'rgb', scale: [4, 3.5, 4.5], offset: [-1.8, -1.6, -2] },
      layers: [
        ...[conv('a', 3, 4), relu, pool('average'), conv('b', 4, 4), relu, pool('average')],
        ...[conv('c', 4, 6), relu, pool('average'), conv('d', 6, 6), relu, conv('e', 6, 4), relu],
      ],
      taps: [
        { layer: 'a', weight: 1 },
        { layer: 'd', weight: 1 },
        { layer: 'e', weight: 2 },
      ],
    },
    { seed: 7 },
  );

/**
 * Everything else that a spec can say: BGR, a 1x1 convolution in front, taps without a ReLU behind and in the
 * middle of others, unequal weights, max pooling, and layers behind the last tap that nobody needs.
 */
export const oddNetwork = (): Network =>
  randomNetwork(
    {
      name: 'odd',
      input: { order: 'bgr', scale: [2, 3, 4], offset: [-1, -1.2, -1.5] },
      layers: [
        conv('mix', 3, 3, 1),
        conv('a', 3, 4),
        pool('max'),
        relu,
        conv('b', 4, 6),
        relu,
        conv('c', 6, 4),
        pool('average'),
        conv('unused', 4, 4),
        relu,
      ],
      taps: [
        { layer: 'c', weight: 0.5 },
        { layer: 'mix', weight: 0.25 },
        { layer: 'a', weight: 2 },
        { layer: 'b', weight: 1 },
      ],
    },
    { seed: 11 },
  );

/**
 * What is odd and yet can be computed in bytes: BGR, a 1x1 convolution in front, channels that are no multiples of
 * anything, a tap amid a block, unequal weights, two poolings, and layers behind the last tap that nobody needs.
 */
export const oddByteNetwork = (): Network =>
  randomNetwork(
    {
      name: 'odd',
      input: { order: 'bgr', scale: [2, 3, 4], offset: [-1, -1.2, -1.5] },
      layers: [
        ...[conv('mix', 3, 5, 1), relu, conv('a', 5, 7), relu, pool('average')],
        ...[conv('b', 7, 6), relu, conv('c', 6, 3), relu, pool('average')],
        ...[conv('d', 3, 9), relu, conv('unused', 9, 4)],
      ],
      taps: [
        { layer: 'd', weight: 0.5 },
        { layer: 'mix', weight: 0.25 },
        { layer: 'a', weight: 2 },
        { layer: 'b', weight: 1 },
      ],
    },
    { seed: 11 },
  );
