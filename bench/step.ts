import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { sampleStep } from './sample-step.ts';
import { openSession, productModel } from './session.ts';
import { interleave, type Timing, timed } from './statistics.ts';
import { row, timingText } from './table.ts';

const sides = [256, 128] as const;
const productSide = 2048;

const gigaflops = (multiplyAddCount: number, milliseconds: number): number =>
  (2 * multiplyAddCount) / milliseconds / 1e6;

/** Loss and gradient of one picture, and how near that comes to the machine's plain matrix product. */
export const step: Bench = async ({ quick, threads, print }) => {
  const network = await openNetwork('pocket');
  // One for each size: a backend that goes from size to size builds its session anew each time.
  const backends = await Promise.all(sides.map(() => openOnnxBackend(network, styleObjective, { threads })));
  const product = await openSession(productModel(productSide), { threads });
  try {
    const variants = await Promise.all(
      backends.map(async (backend, index) => {
        const { picture, target } = await sampleStep(backend, sides[index]!);
        return timed(`step at ${picture.width} px`, () => backend.evaluate(picture, target));
      }),
    );
    const timings = await interleave([...variants, timed('product', product.run)], roundsFor({ quick }));
    const productTiming = timings.at(-1) as Timing;
    const productRate = gigaflops(productSide ** 3, productTiming.median);
    print(row('network', `${network.spec.name}, padding ${styleObjective.padding}`));
    print(
      row(
        `matrix product ${productSide}^2`,
        `${timingText(productTiming)}   ${productRate.toFixed(0)} GFLOP/s`,
      ),
    );
    sides.forEach((side, index) => {
      const timing = timings[index]!;
      const { convolutions, grams } = multiplyAdds(network.spec, { side, octaves: styleObjective.octaves });
      const rate = gigaflops(convolutions + grams, timing.median);
      print(
        row(
          timing.name,
          `${timingText(timing)}   ${rate.toFixed(0)} GFLOP/s, ${((100 * rate) / productRate).toFixed(0)} % of the product`,
        ),
      );
      print(
        row(
          '  multiply-adds',
          `${((convolutions + grams) / 1e9).toFixed(3)} G: convolutions ${(convolutions / 1e9).toFixed(3)}, ` +
            `Gram matrices ${(grams / 1e9).toFixed(3)}`,
        ),
      );
    });
    print('  Counted: convolutions and Gram matrices, forward and backward, all octaves, without borders;');
    print(
      '  a multiply-add is two flops. Not counted: ReLU, pooling, padding, resampling, colour, the optimiser.',
    );
  } finally {
    await product.close();
    for (const backend of backends) await backend.close();
  }
};
