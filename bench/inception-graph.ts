/**
 * Inception-v3 (Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016) up to `mixed_4`,
 * as TensorFlow's graph of 2015 has it: names, strides, paddings and the order of the branches. Batch norms are folded
 * into the convolutions, and a ReLU stands behind each.
 */
import type { Size } from '../src/domain/picture.ts';
import { createGraph, type GraphBuilder, type Value } from '../src/engine/backends/onnx-model.ts';
import { flat, gramMatrix, scaled, spatial } from '../src/engine/backends/onnx-operations.ts';
import type { Tensor } from '../src/engine/spec.ts';

/** TensorFlow's: none at all, or as much zero as keeps the size, the odd line at the end. */
type Border = 'VALID' | 'SAME';
type Convolution = {
  readonly kind: 'conv';
  readonly name: string;
  readonly stride: 1 | 2;
  readonly border: Border;
};
type Layer =
  | Convolution
  /** 3x3, stride 2, VALID. */
  | { readonly kind: 'max' }
  /** 3x3, stride 1, SAME, over what lies inside. */
  | { readonly kind: 'average' };

/** Branches, each a chain that begins at the same place; their channels are put one behind the other. */
type Block = { readonly name: string; readonly branches: readonly (readonly Layer[])[] };

const conv = (
  name: string,
  { stride = 1, border = 'SAME' }: Partial<Pick<Convolution, 'stride' | 'border'>> = {},
): Layer => ({ kind: 'conv', name, stride, border });

const max: Layer = { kind: 'max' };
const average: Layer = { kind: 'average' };

/** Convolutions that follow each other: `prefix`, `prefix_1` ... */
const chain = (prefix: string, length: number): readonly Layer[] =>
  Array.from({ length }, (_, index) => conv(index === 0 ? prefix : `${prefix}_${index}`));

/** Four branches: one convolution, towers of the given lengths, a pooling with a convolution behind it. */
const mixed = (name: string, lengths: readonly [tower: number, tower1: number]): Block => ({
  name,
  branches: [
    [conv(`${name}_conv`)],
    chain(`${name}_tower_conv`, lengths[0]),
    chain(`${name}_tower_1_conv`, lengths[1]),
    [average, conv(`${name}_tower_2_conv`)],
  ],
});

const valid = { border: 'VALID' } as const;
const halving = { stride: 2, border: 'VALID' } as const;

const blocks: readonly Block[] = [
  {
    name: 'stem',
    branches: [
      [
        ...[conv('conv', halving), conv('conv_1', valid), conv('conv_2'), max],
        ...[conv('conv_3', valid), conv('conv_4', valid), max],
      ],
    ],
  },
  ...['mixed', 'mixed_1', 'mixed_2'].map((name) => mixed(name, [2, 3])),
  {
    name: 'mixed_3',
    branches: [
      [conv('mixed_3_conv', halving)],
      [...chain('mixed_3_tower_conv', 2), conv('mixed_3_tower_conv_2', halving)],
      [max],
    ],
  },
  mixed('mixed_4', [3, 5]),
];

/** Blocks whose Gram matrices are wanted, which have these names as outputs. */
export const inceptionTaps = ['mixed_2', 'mixed_4'] as const;
export type InceptionTap = (typeof inceptionTaps)[number];

/** Names of the convolutions that are computed. */
export const inceptionConvolutions: readonly string[] = blocks.flatMap(({ branches }) =>
  branches.flat().flatMap((layer) => (layer.kind === 'conv' ? [layer.name] : [])),
);

export type InceptionWeights = ReadonlyMap<string, Tensor>;

const requireTensor = (weights: InceptionWeights, key: string): Tensor => {
  const tensor = weights.get(key);
  if (!tensor) throw new Error(`Inception's weights lack ${key}`);
  return tensor;
};

/** A side without padding. */
const validSide = (side: number, { kernel, stride }: { readonly kernel: number; readonly stride: number }) =>
  Math.floor((side - kernel) / stride) + 1;

const convolve = (
  graph: GraphBuilder,
  value: Value,
  { name, stride, border }: Convolution,
  weights: InceptionWeights,
): Value => {
  const [kernel, bias] = ['weight', 'bias'].map((part) => requireTensor(weights, `${name}.${part}`)) as [
    Tensor,
    Tensor,
  ];
  const [out, , ...sides] = kernel.shape as [number, number, number, number];
  // Kernels are odd, and only VALID ones have strides: SAME is as much on either side.
  const pads = sides.map((side) => (border === 'SAME' ? (side - 1) / 2 : 0));
  const shape = spatial(value)
    .slice(1)
    .map((side, axis) => validSide(side + 2 * pads[axis]!, { kernel: sides[axis]!, stride }));
  const given = [value, ...[kernel, bias].map((tensor) => graph.floats(tensor.shape, tensor.data))];
  const sum = graph.node('Conv', given, [1, out, ...shape], {
    attributes: { kernel_shape: sides, pads: [...pads, ...pads], strides: [stride, stride] },
  });
  return graph.node('Relu', [sum], sum.shape);
};

const apply = (graph: GraphBuilder, value: Value, layer: Layer, weights: InceptionWeights): Value => {
  const [channels, ...sides] = spatial(value);
  switch (layer.kind) {
    case 'conv':
      return convolve(graph, value, layer, weights);
    case 'max': {
      const shape = sides.map((side) => validSide(side, { kernel: 3, stride: 2 }));
      return graph.node('MaxPool', [value], [1, channels, ...shape], {
        attributes: { kernel_shape: [3, 3], strides: [2, 2] },
      });
    }
    case 'average':
      return graph.node('AveragePool', [value], value.shape, {
        attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 0 },
      });
    default:
      return layer satisfies never;
  }
};

const concatenate = (graph: GraphBuilder, values: readonly Value[]): Value => {
  if (values.length === 1) return values[0]!;
  const channels = values.reduce((sum, value) => sum + value.shape[1]!, 0);
  return graph.node('Concat', values, values[0]!.shape.with(1, channels), { attributes: { axis: 1 } });
};

/** The input's name: 1 x 3 x H x W, RGB from 0 to 1. */
export const inceptionInput = 'picture';

/**
 * The model for pictures of one size: of each tap its Gram matrix, F F^T / (H W), C x C.
 * @param weights `NAME.weight` (O x I x H x W) and `NAME.bias` of every convolution
 * @throws Error where one is missing
 */
export const inceptionModel = (weights: InceptionWeights, { width, height }: Size): Uint8Array => {
  const graph = createGraph();
  const picture = graph.input(inceptionInput, [1, 3, height, width]);
  const doubled = scaled(graph, picture, 2);
  let value = graph.node('Sub', [doubled, graph.floats([], [1])], doubled.shape);
  for (const { name, branches } of blocks) {
    const from = value;
    value = concatenate(
      graph,
      branches.map((layers) => layers.reduce((last, layer) => apply(graph, last, layer, weights), from)),
    );
    const tap = inceptionTaps.find((wanted) => wanted === name);
    if (tap) graph.output(gramMatrix(graph, flat(graph, value)), tap);
  }
  return graph.build();
};
