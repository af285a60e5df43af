import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import { convolutionOutputs, type Features } from '../engine/features.ts';
import { noisePicture } from '../engine/noise-picture.ts';
import type { Network } from '../engine/spec.ts';
import type { DownloadEntry } from './catalogue.ts';

/** Side in pixels of the noise that is shown to the network: conv4 would still see 2 x 2. */
const side = 16;
const samplesPerLayer = 16;

/**
 * How far a value may lie from the stored one, of the layer's largest stored value. The same code on the same
 * weights gives the same bytes; this leaves room for another order of summation in Float32 (1e-5), and a layer
 * in another's place is off by about as much as the values are large.
 */
const tolerance = 1e-3;

const activationsSchema = z.record(z.string(), z.array(z.number()).length(samplesPerLayer));

/** Convolution -> samples of what it answers to the noise, before its ReLU. */
export type Activations = z.output<typeof activationsSchema>;

/** What a network answers, up to a convolution. */
export const sampleActivations = (network: Network, { upTo }: { readonly upTo: string }): Activations => {
  const outputs = convolutionOutputs(network, noisePicture(side), { upTo });
  return Object.fromEntries([...outputs].map(([name, features]) => [name, sample(features)]));
};

/** Spread over channels and pixels alike: the step has no factor in common with a row or a plane. */
const sample = ({ data }: Features): number[] =>
  Array.from({ length: samplesPerLayer }, (_, i) => {
    const index = Math.floor(((i + 0.5) * data.length) / samplesPerLayer) + 3 * i;
    return Number(data[index % data.length]!.toPrecision(7));
  });

/**
 * Checks that a network answers a fixed picture as the stored activations say, where its entry has any: shapes
 * cannot tell two layers of the same size apart, nor a kernel from its mirror image.
 * @throws GramzoomError `network-damaged` naming the first convolution that answers otherwise
 */
export const requireActivations = async (
  network: Network,
  { name, weights }: DownloadEntry,
  { projectFolder }: { readonly projectFolder: string },
): Promise<void> => {
  if (weights.activations === undefined) return;
  const path = resolve(projectFolder, weights.activations);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GramzoomError('network-missing', { name, path }, { cause });
  });
  const stored = activationsSchema.parse(JSON.parse(text));
  const upTo = Object.keys(stored).at(-1);
  if (upTo === undefined) return;
  const answered = sampleActivations(network, { upTo });
  for (const [layer, expected] of Object.entries(stored)) {
    const largest = Math.max(...expected.map(Math.abs));
    const values = answered[layer] ?? [];
    const differs = expected.some(
      (value, i) => !(Math.abs((values[i] ?? NaN) - value) <= tolerance * largest),
    );
    if (differs) {
      const problem = `its layer ${layer} does not answer as the published one does`;
      throw new GramzoomError('network-damaged', { name, problem });
    }
  }
};
