/**
 * `npm run test:processors`: has other processors, emulated, compute a step of the engine, and compares it with what
 * this machine computes. Says what to install for those that cannot be emulated yet.
 */
import { isDeepStrictEqual } from 'node:util';
import { precisions } from '../../src/domain/engines.ts';
import { type Agreement, agreement, exactProducts, isFine } from './answer.ts';
import { computeOn, others, thisMachine } from './processors.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const word = (exact: boolean): string => (exact ? 'exact' : 'saturated');

const said = ({ sameBytes, lossError, cosine }: Agreement): string =>
  sameBytes
    ? 'same bytes'
    : `loss differs by ${lossError.toExponential(1)}, gradients by 1 - ${(1 - cosine).toExponential(1)} as cosine`;

const expected = await computeOn(thisMachine, precisions);
for (const processor of others) {
  const lack = processor.lacking();
  if (lack !== undefined) {
    print(`${processor.title}: not tried. ${lack}`);
    process.exitCode = 1;
    continue;
  }
  const started = performance.now();
  const actual = await computeOn(processor, precisions);
  const sevenBits = isDeepStrictEqual(actual.sevenBits, exactProducts(63));
  const eightBits = isDeepStrictEqual(actual.eightBits, exactProducts(127));
  print(`${processor.title}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  print(`  products with weights of 7 bits are ${word(sevenBits)}, of 8 bits ${word(eightBits)}`);
  if (!sevenBits) process.exitCode = 1;
  for (const precision of precisions) {
    const found = agreement(actual.steps[precision]!, expected.steps[precision]!);
    print(`  a step in ${precision}: ${said(found)}`);
    if (!isFine(found)) process.exitCode = 1;
  }
}
