import { type Depth, depths } from '../domain/depth.ts';
import { listed } from './en-list.ts';

/** What a person sees of the photo at each depth. */
export const depthSentences: Readonly<Record<Depth, string>> = {
  texture: 'its colours, strokes and small patterns; the fastest',
  style: 'small things too, such as eyes, fur and leaves',
  scene: 'large things too, such as faces and branches; the slowest',
};

/** A network in a list, as far as words about depths need it. */
type Offering = { readonly name: string; readonly depths: readonly Depth[] };

/**
 * One line for each depth that any of the networks offers, with their names where not all do: `scene: large
 * things too (with vgg16 or vgg19)`.
 */
export const depthLines = (networks: readonly Offering[]): readonly string[] =>
  depths.flatMap((depth) => {
    const offering = networks.filter((network) => network.depths.includes(depth));
    if (offering.length === 0) return [];
    const where =
      offering.length < networks.length ? ` (with ${listed(offering.map(({ name }) => name))})` : '';
    return [`${depth}: ${depthSentences[depth]}${where}`];
  });
