import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { openShared, sharedShape } from './comparison-networks.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { sampleStep } from './sample-step.ts';
import { interleave, ratioOf, timed } from './statistics.ts';
import { ratioText, row, timingText } from './table.ts';

const side = 256;

/** What pocket shall keep against VGG19's first three blocks, which taught it. */
const leastSpeedUp = 4;
const mostMultiplyAdds = 1 / 7;

const verdict = (holds: boolean): string => (holds ? 'held' : 'MISSED');

/** What the pocket network saves: its step against that of VGG19, conv1_1 to conv3_4, in turns. */
export const networks: Bench = async ({ quick, threads, print }) => {
  const pocket = await openNetwork('pocket');
  const shared = await openShared('vgg19-conv3');
  const teacher = shared ?? sharedShape('vgg19-conv3');
  const backends = await Promise.all(
    [pocket, teacher].map((network) => openOnnxBackend(network, styleObjective, { threads })),
  );
  try {
    const variants = await Promise.all(
      backends.map(async (backend, index) => {
        const { picture, target } = await sampleStep(backend, side);
        const { name } = [pocket, teacher][index]!.spec;
        return timed(name, () => backend.evaluate(picture, target));
      }),
    );
    const timings = await interleave(variants, roundsFor({ quick }));
    for (const timing of timings) print(row(`${timing.name}, ${side} px`, timingText(timing)));
    const [own, theirs] = timings;
    const speedUp = ratioOf(theirs!, own!);
    print(
      row(
        `${theirs!.name} / pocket`,
        `${ratioText(speedUp)}, at least ${leastSpeedUp}: ${verdict(speedUp.median >= leastSpeedUp)}`,
      ),
    );
    const [few, many] = [pocket, teacher].map(
      ({ spec }) => multiplyAdds(spec, { side, octaves: 1 }).convolutions,
    );
    print(
      row(
        'multiply-adds of pocket',
        `1 / ${(many! / few!).toFixed(2)} of ${theirs!.name}'s convolutions, ` +
          `at most 1 / ${1 / mostMultiplyAdds}: ${verdict(few! / many! <= mostMultiplyAdds)}`,
      ),
    );
    if (!shared) print('  No ../shared here: VGG19 with random weights, which takes as long.');
  } finally {
    for (const backend of backends) await backend.close();
  }
};
