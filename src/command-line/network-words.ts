import { formatBytes } from '../domain/bytes.ts';
import type { NetworkFacts } from '../ports/networks.ts';

/** A block for each: `vgg19  80.1 MB, not here; depths texture, style, scene`, licence and source below. */
const block = (network: NetworkFacts, indent: number): string => {
  const place = network.present ? 'here' : 'not here';
  const facts = [
    `${formatBytes(network.bytes)}, ${place}; depths ${network.depths.join(', ')}`,
    `licence: ${network.licence}`,
    `source: ${network.source}`,
  ];
  return facts.map((fact, line) => `${(line === 0 ? network.name : '').padEnd(indent)}${fact}`).join('\n');
};

/** What the command line says about networks. */
export const networkWords = {
  command: 'list the networks',
  json: 'print the list as one line of JSON, and nothing else, on standard output',
  fetch: 'download a network unless it is already here',
  fetchName: 'its name in the list',
  fetchJson: 'print one line of JSON about the network, and nothing else, on standard output',
  notes:
    'A network that is not here is downloaded from NETWORK_MIRROR when it is first used, and kept in the folder\n' +
    'networks of DATA_DIR. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are respected.\n\n' +
    'Exit status: 0 done, 2 bad input or no connection, 1 any other failure, 130 interrupted.',
  list: (networks: readonly NetworkFacts[], { gramzoom }: { readonly gramzoom: string }): string => {
    const indent = Math.max(...networks.map(({ name }) => name.length)) + 2;
    const hint = networks.some(({ present }) => !present)
      ? `\n\nWhat is not here is downloaded when it is first used, or now with ${gramzoom} networks fetch.`
      : '';
    return `${networks.map((network) => block(network, indent)).join('\n')}${hint}`;
  },
  here: ({ name, bytes }: NetworkFacts): string => `${name} is here (${formatBytes(bytes)}).`,
  fetching: (name: string, bytes: number): string => `Fetching ${name}: ${formatBytes(bytes)}, once.`,
  received: (percent: number, bytes: number): string => `${percent} % of ${formatBytes(bytes)}.`,
  converting: (name: string): string => `Converting ${name}.`,
  waiting: (name: string): string => `Another Gramzoom is fetching ${name}: waiting for it.`,
  label: (name: string): string => `fetching ${name}`,
} as const;
