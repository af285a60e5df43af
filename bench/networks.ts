import { type Precision, precisions } from '../src/domain/engines.ts';
import type { Backend } from '../src/engine/backend.ts';
import { int8Obstacle } from '../src/engine/backends/int8-network.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import type { Network } from '../src/engine/spec.ts';
import { int8Obstacles } from '../src/messages/en-errors.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { openShared, sharedShape } from './comparison-networks.ts';
import { type Agreement, gradientAgreement } from './gradient-agreement.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { repeatedStep, sampleStep } from './sample-step.ts';
import { interleave, ratioOf, type Timing, timed } from './statistics.ts';
import { against, ratioText, row, timingText } from './table.ts';

const side = 256;

/** What pocket shall keep against VGG19's first three blocks, which taught its own. */
const leastSpeedUp = 3.5;
const mostMultiplyAdds = 1 / 6;

const verdict = (holds: boolean): string => (holds ? 'held' : 'MISSED');

/** What a gradient in bytes shall keep of the way that the one in floats points. */
const leastCosine = 0.95;

type Opened = { readonly network: Network; readonly precision: Precision; readonly backend: Backend };

const openEach = async (network: Network, threads: number): Promise<readonly Opened[]> => {
  const possible = int8Obstacle(network.spec) === undefined ? precisions : (['float'] as const);
  return await Promise.all(
    possible.map(async (precision) => ({
      ...{ network, precision },
      backend: await openOnnxBackend(network, styleObjective, { threads, precision }),
    })),
  );
};

const labelOf = ({ spec }: Network, precision: Precision): string => `${spec.name}, ${precision}`;

const cosines = ({ noise, mirrored }: Agreement): string =>
  against(
    `${noise.toFixed(3)} on noise, ${mirrored.toFixed(3)} on the mirrored photo`,
    `at least ${leastCosine}`,
    Math.min(noise, mirrored) >= leastCosine,
  );

/**
 * What the pocket network saves: its step against that of VGG19, conv1_1 to conv3_4, in turns. And what bytes save in
 * each network, and how near their gradients are.
 */
export const networks: Bench = async ({ quick, threads, print }) => {
  const pocket = await openNetwork('pocket');
  const shared = await openShared('vgg19-conv3');
  const teacher = shared ?? sharedShape('vgg19-conv3');
  const small = await openShared('vgg19-16x');
  const compared = [pocket, teacher, ...(small ? [small] : [])];
  const opened = (await Promise.all(compared.map((network) => openEach(network, threads)))).flat();
  let timings: readonly Timing[];
  try {
    const variants = await Promise.all(
      opened.map(async ({ network, precision, backend }) =>
        timed(labelOf(network, precision), repeatedStep(backend, await sampleStep(backend, side))),
      ),
    );
    timings = await interleave(variants, roundsFor({ quick }));
  } finally {
    for (const { backend } of opened) await backend.close();
  }
  const timingOf = (network: Network, precision: Precision): Timing | undefined =>
    timings.find(({ name }) => name === labelOf(network, precision));
  for (const network of compared) {
    const [float, int8] = precisions.map((precision) => timingOf(network, precision));
    for (const timing of [float, int8]) if (timing) print(row(timing.name, timingText(timing)));
    if (!float || !int8) {
      print(row('  no bytes', `int8 is not for ${int8Obstacles[int8Obstacle(network.spec)!]}`));
      continue;
    }
    const least = (int8.min / float.min).toFixed(3);
    print(row('  int8 / float', `${ratioText(ratioOf(int8, float))}, by the quickest steps ${least}`));
    print(row('  cosine of gradients', cosines(await gradientAgreement(network, { side, threads }))));
  }
  const speedUp = ratioOf(timingOf(teacher, 'float')!, timingOf(pocket, 'float')!);
  print(
    row(
      `${teacher.spec.name} / pocket`,
      `${ratioText(speedUp)}, at least ${leastSpeedUp}: ${verdict(speedUp.median >= leastSpeedUp)}`,
    ),
  );
  const [few, many] = [pocket, teacher].map(
    ({ spec }) => multiplyAdds(spec, { side, octaves: 1 }).convolutions,
  );
  print(
    row(
      'multiply-adds of pocket',
      `1 / ${(many! / few!).toFixed(2)} of ${teacher.spec.name}'s convolutions, ` +
        `at most 1 / ${1 / mostMultiplyAdds}: ${verdict(few! / many! <= mostMultiplyAdds)}`,
    ),
  );
  print(`  Steps at ${side} px, of noise; cosine: the gradient in bytes against the one in floats.`);
  if (!shared) print('  No ../shared here: VGG19 with random weights, which takes as long.');
};
