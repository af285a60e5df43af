import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';

const convolution = z.strictObject({
  kind: z.literal('conv'),
  /** Its tensors are `<name>.weight` (OIHW) and `<name>.bias`. */
  name: z.string().min(1).max(64),
  in: z.int().min(1).max(4096),
  out: z.int().min(1).max(4096),
  kernel: z.union([z.literal(1), z.literal(3)]),
});

const layer = z.discriminatedUnion('kind', [
  convolution,
  z.strictObject({ kind: z.literal('relu') }),
  z.strictObject({ kind: z.literal('pool'), method: z.enum(['average', 'max']) }),
]);

const channelTriple = z.tuple([z.number(), z.number(), z.number()]);

/**
 * A network as data: a chain of convolutions (stride 1), ReLUs and 2x2 poolings (stride 2), how a picture
 * is scaled on its way in, and the layers whose Gram matrices count.
 */
export const networkSpecSchema = z.strictObject({
  name: z.string().min(1).max(64),
  input: z.strictObject({
    order: z.enum(['rgb', 'bgr']),
    /** Per channel, in the network's order: value = scale * x + offset, x from 0 to 1. */
    scale: channelTriple,
    offset: channelTriple,
  }),
  layers: z.array(layer).min(1).max(64),
  /** Names of convolutions; the tap is the ReLU behind it, or the convolution itself where none follows. */
  taps: z
    .array(z.strictObject({ layer: z.string(), weight: z.number().positive() }))
    .min(1)
    .max(32),
});

/**
 * How a convolution sees beyond the picture's border, in the forward and in the backward pass. `reflect` is
 * `zero` where a side is one pixel: there is nothing to mirror.
 */
export type Padding = 'zero' | 'wrap' | 'reflect';

export type NetworkSpec = z.output<typeof networkSpecSchema>;
export type Layer = NetworkSpec['layers'][number];
export type ConvolutionLayer = z.output<typeof convolution>;

/** A spec with its weights: everything an engine needs to know. */
export type Network = {
  readonly spec: NetworkSpec;
  readonly tensors: ReadonlyMap<string, Tensor>;
};

export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array };

/** How often a picture is halved on its way to the deepest tap: sides must be multiples of 2^this. */
export const poolingDepth = (spec: NetworkSpec): number =>
  layersUpToLastTap(spec).filter((candidate) => candidate.kind === 'pool').length;

/** The layers that any tap needs; what lies behind the last tap is never computed. */
export const layersUpToLastTap = (spec: NetworkSpec): readonly Layer[] => {
  const wanted = new Set(spec.taps.map((tap) => tap.layer));
  const last = spec.layers.findLastIndex(
    (candidate) => candidate.kind === 'conv' && wanted.has(candidate.name),
  );
  const end = spec.layers[last + 1]?.kind === 'relu' ? last + 2 : last + 1;
  return spec.layers.slice(0, end);
};

/** Index into `layers` of the layer whose output is the tap. */
export const tapIndex = (spec: NetworkSpec, tapLayer: string): number => {
  const index = spec.layers.findIndex(
    (candidate) => candidate.kind === 'conv' && candidate.name === tapLayer,
  );
  return spec.layers[index + 1]?.kind === 'relu' ? index + 1 : index;
};

const damaged = (name: string, problem: string): GramzoomError =>
  new GramzoomError('network-damaged', { name, problem });

/**
 * Checks a spec that came from outside: layers chain from 3 channels on, names and taps are unique and known.
 * @throws GramzoomError `network-damaged`
 */
export const parseNetworkSpec = (
  value: unknown,
  { name = 'network' }: { name?: string } = {},
): NetworkSpec => {
  const result = networkSpecSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw damaged(name, `its description is not valid: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const spec = result.data;
  const names = new Set<string>();
  let channels = 3;
  for (const candidate of spec.layers) {
    if (candidate.kind !== 'conv') continue;
    if (names.has(candidate.name)) throw damaged(spec.name, `two layers are called ${candidate.name}`);
    if (candidate.in !== channels) {
      throw damaged(spec.name, `${candidate.name} takes ${candidate.in} channels but is given ${channels}`);
    }
    names.add(candidate.name);
    channels = candidate.out;
  }
  const taps = new Set<string>();
  for (const tap of spec.taps) {
    if (!names.has(tap.layer)) throw damaged(spec.name, `its tap ${tap.layer} is no layer`);
    if (taps.has(tap.layer)) throw damaged(spec.name, `two taps are called ${tap.layer}`);
    taps.add(tap.layer);
  }
  return spec;
};

/**
 * Joins a spec with its weights.
 * @throws GramzoomError `network-damaged` where a tensor is missing, has another shape or holds a value that
 * is not finite.
 */
export const assembleNetwork = (spec: NetworkSpec, tensors: ReadonlyMap<string, Tensor>): Network => {
  for (const candidate of spec.layers) {
    if (candidate.kind !== 'conv') continue;
    const { name, in: inputs, out, kernel } = candidate;
    const shapes = { weight: [out, inputs, kernel, kernel], bias: [out] };
    for (const [part, shape] of Object.entries(shapes)) {
      const tensor = tensors.get(`${name}.${part}`);
      if (!tensor) throw damaged(spec.name, `${name}.${part} is missing`);
      if (tensor.shape.join('x') !== shape.join('x')) {
        throw damaged(
          spec.name,
          `${name}.${part} has shape ${tensor.shape.join('x')} instead of ${shape.join('x')}`,
        );
      }
      if (!tensor.data.every(Number.isFinite)) {
        throw damaged(spec.name, `${name}.${part} holds values that are not finite`);
      }
    }
  }
  return { spec, tensors };
};
