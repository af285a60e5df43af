import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import { type Depth, depths, networkName, sizeMultiple } from '../domain/request.ts';
import { layersUpToLastTap, type NetworkSpec, networkSpecSchema, parseNetworkSpec } from '../engine/spec.ts';

const specFields = networkSpecSchema.omit({ taps: true, name: true }).shape;
const taps = networkSpecSchema.shape.taps;

/** Kernels and biases together: 256 MiB as Float32, more than three times VGG19's convolutions. */
const maxParameters = 2 ** 26;

/**
 * A network as data: what the engine's spec says, with the taps of each depth that it offers in place of one
 * list of taps.
 */
export const networkDescriptionSchema = z.strictObject({
  /** What a request calls it. */
  name: networkName,
  licence: z.string().min(1).max(300),
  /** Who made it. */
  source: z.string().min(1).max(300),
  ...specFields,
  /** `style` is what a request means that says nothing. */
  depths: z.strictObject({ texture: taps.optional(), style: taps, scene: taps.optional() }),
});

export type NetworkDescription = z.output<typeof networkDescriptionSchema>;

/** What a network offers, the shallowest first. */
export const offeredDepths = (description: NetworkDescription): readonly Depth[] =>
  depths.filter((depth) => description.depths[depth] !== undefined);

/** How many numbers a network's weights hold. */
export const countParameters = ({ layers }: Pick<NetworkDescription, 'layers'>): number =>
  layers.reduce(
    (sum, layer) => (layer.kind === 'conv' ? sum + layer.out * (layer.in * layer.kernel ** 2 + 1) : sum),
    0,
  );

/**
 * Checks a description that came from outside, and the spec that each of its depths stands for.
 * @throws GramzoomError `network-damaged` saying what is wrong
 */
export const parseNetworkDescription = (
  value: unknown,
  { name }: { readonly name: string },
): NetworkDescription => {
  const damaged = (problem: string): GramzoomError => new GramzoomError('network-damaged', { name, problem });
  const result = networkDescriptionSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw damaged(`its description is not valid: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const description = result.data;
  if (countParameters(description) > maxParameters) {
    throw damaged(`it has more than ${maxParameters} parameters`);
  }
  for (const depth of offeredDepths(description)) {
    const spec = parseNetworkSpec(wholeSpec(description, depth), { name });
    const halvings = layersUpToLastTap(spec).filter((layer) => layer.kind === 'pool').length;
    if (2 ** halvings > sizeMultiple) {
      throw damaged(`its depth ${depth} lies behind more than ${Math.log2(sizeMultiple)} poolings`);
    }
  }
  return description;
};

/** Every layer of a network, with the taps of a depth. */
export const wholeSpec = (
  { name, input, layers, depths }: NetworkDescription,
  depth: Depth,
): NetworkSpec => ({
  name,
  input,
  layers,
  taps: depths[depth] ?? [],
});

/**
 * The network as an engine sees it at a depth: nothing behind the depth's last tap is part of it.
 * @throws GramzoomError `depth-not-offered` with the depths there are
 */
export const specAtDepth = (description: NetworkDescription, depth: Depth): NetworkSpec => {
  if (description.depths[depth] === undefined) {
    const offered = offeredDepths(description);
    throw new GramzoomError('depth-not-offered', { network: description.name, depth, offered });
  }
  const spec = wholeSpec(description, depth);
  return { ...spec, layers: [...layersUpToLastTap(spec)] };
};
