import { precisions } from '../src/domain/engines.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { repeatedStep, sampleStep } from './sample-step.ts';
import { openSession, productModel } from './session.ts';
import { interleave, ratioOf, type Timing, timed } from './statistics.ts';
import { type SessionCost, sessionCosts } from './step-session.ts';
import { against, megabytes, ratioText, row, timingText } from './table.ts';

const sides = [128, 256, 512] as const;
const cases = sides.flatMap((side) => precisions.map((precision) => ({ side, precision })));
const productSide = 2048;
/** What a step in bytes shall take at most of one in floats, on a processor with 8-bit products. */
const mostOfFloat = 0.45;

const legend = [
  '  Counted: convolutions and Gram matrices, forward and backward, all octaves, without borders; a multiply-add is',
  '  two operations. Not counted: ReLU, pooling, padding, resampling, colour, the optimiser. Start: measuring the',
  "  photo and the first step, with the sessions that they need; a film's coarsest size is 128 px, where nothing is",
  '  known of gradients yet. Peak memory: of a process that does both and takes steps.',
];

const gigaflops = (multiplyAddCount: number, milliseconds: number): number =>
  (2 * multiplyAddCount) / milliseconds / 1e6;

const inMilliseconds = (value: number): string => `${value.toFixed(0)} ms`;

const startText = ({ coarsestMs, measureMs, firstStepMs }: SessionCost): string =>
  `${inMilliseconds(measureMs + firstStepMs)} (measuring ${inMilliseconds(measureMs)}, ` +
  `first step ${inMilliseconds(firstStepMs)}), of a film's coarsest size ${inMilliseconds(coarsestMs)}`;

/**
 * Loss and gradient of one picture in floats and in bytes, how near that comes to the machine's plain matrix product,
 * and what a session's start and its process's memory cost.
 */
export const step: Bench = async ({ quick, threads, print }) => {
  const network = await openNetwork('pocket');
  // One for each: a backend that goes from size to size builds its session anew each time.
  const backends = await Promise.all(
    cases.map(({ precision }) => openOnnxBackend(network, styleObjective, { threads, precision })),
  );
  const product = await openSession(productModel(productSide), { threads });
  let timings: readonly Timing[];
  try {
    const variants = await Promise.all(
      backends.map(async (backend, index) => {
        const { side, precision } = cases[index]!;
        return timed(`${side} px, ${precision}`, repeatedStep(backend, await sampleStep(backend, side)));
      }),
    );
    timings = await interleave([...variants, timed('product', product.run)], roundsFor({ quick }));
  } finally {
    await product.close();
    for (const backend of backends) await backend.close();
  }
  const costs = await sessionCosts(
    cases.map((each) => ({ ...each, threads })),
    { rounds: quick ? 1 : 3 },
  );
  const of = (side: number, precision: string): number =>
    cases.findIndex((each) => each.side === side && each.precision === precision);
  const productTiming = timings.at(-1)!;
  const productRate = gigaflops(productSide ** 3, productTiming.median);
  print(row('network', `${network.spec.name}, padding ${styleObjective.padding}`));
  print(
    row(
      `matrix product ${productSide}^2`,
      `${timingText(productTiming)}   ${productRate.toFixed(0)} GFLOP/s`,
    ),
  );
  for (const side of sides) {
    const { convolutions, grams } = multiplyAdds(network.spec, { side, octaves: styleObjective.octaves });
    const [float, int8] = [of(side, 'float'), of(side, 'int8')];
    for (const index of [float, int8]) {
      const timing = timings[index]!;
      const rate = gigaflops(convolutions + grams, timing.median);
      const share = `${rate.toFixed(0)} GFLOP/s, ${((100 * rate) / productRate).toFixed(0)} % of the product`;
      print(row(timing.name, `${timingText(timing)}   ${share}`));
    }
    const ratio = ratioOf(timings[int8]!, timings[float]!);
    const least = timings[int8]!.min / timings[float]!.min;
    print(row('  int8 / float', against(ratioText(ratio), `${mostOfFloat}`, ratio.median <= mostOfFloat)));
    print(row('  by the quickest steps', against(least.toFixed(3), `${mostOfFloat}`, least <= mostOfFloat)));
    for (const index of [float, int8]) {
      print(row(`  start of ${cases[index]!.precision}`, startText(costs[index]!)));
    }
    const peaks = [float, int8].map((index) => costs[index]!.peakBytes) as [number, number];
    const text = `float ${megabytes(peaks[0])}, int8 ${megabytes(peaks[1])}`;
    print(row('  peak memory', against(text, "float's", peaks[1] <= peaks[0])));
    print(
      row(
        '  multiply-adds',
        `${((convolutions + grams) / 1e9).toFixed(3)} G: convolutions ${(convolutions / 1e9).toFixed(3)}, ` +
          `Gram matrices ${(grams / 1e9).toFixed(3)}`,
      ),
    );
  }
  for (const line of legend) print(line);
};
