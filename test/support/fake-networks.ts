import { GramzoomError } from '../../src/domain/errors.ts';
import type { NetworkFacts, Networks } from '../../src/ports/networks.ts';

/** The one that is always there, and one that would have to be fetched. */
export const fakeNetworkFacts: readonly NetworkFacts[] = [
  {
    name: 'pocket',
    depths: ['texture', 'style'],
    bytes: 700_000,
    licence: 'CC BY 4.0',
    source: 'the project',
    present: true,
  },
  {
    name: 'vgg19',
    depths: ['texture', 'style', 'scene'],
    bytes: 80_134_624,
    licence: 'CC BY 4.0',
    source: 'https://networks.example/vgg19.h5',
    present: false,
  },
];

export type FakeNetworks = Networks & {
  /** What was required so far, as `pocket style`. */
  readonly required: readonly string[];
};

/** Networks of which those that are absent begin to be fetched and never arrive. */
export const createFakeNetworks = (facts: readonly NetworkFacts[] = fakeNetworkFacts): FakeNetworks => {
  const required: string[] = [];
  return {
    required,
    list: async () => facts,
    require: async (name, depth) => {
      required.push(`${name} ${depth}`);
      const network = facts.find((candidate) => candidate.name === name);
      if (!network)
        throw new GramzoomError('network-unknown', { name, known: facts.map((known) => known.name) });
      const { depths: offered, bytes } = network;
      if (!offered.includes(depth))
        throw new GramzoomError('depth-not-offered', { network: name, depth, offered });
      if (!network.present) throw new GramzoomError('network-fetching', { name, bytes, percent: 0 });
    },
    close: async () => {},
  };
};
