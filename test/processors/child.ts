/**
 * `node child.ts PRECISION...` computes what processors are compared by, and writes it as JSON: see
 * [answer.ts](answer.ts).
 */
import { type Precision, precisions } from '../../src/domain/engines.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import type { Answer, Step } from './answer.ts';
import { computeProducts } from './products.ts';

const side = 64;

const computeStep = async (precision: Precision): Promise<Step> => {
  const backend = await openOnnxBackend(await openNetwork('pocket'), styleObjective, {
    threads: 1,
    precision,
  });
  try {
    const target = await backend.measure(wavyPicture(side, side, 1), { width: side, height: side });
    const { loss, gradient } = await backend.evaluate(wavyPicture(side, side, 2), target);
    return { loss, gradient: Buffer.from(Float32Array.from(gradient).buffer).toString('base64') };
  } finally {
    await backend.close();
  }
};

const asked = precisions.filter((precision) => process.argv.includes(precision));
const steps: Partial<Record<Precision, Step>> = {};
for (const precision of asked) steps[precision] = await computeStep(precision);
const answer: Answer = {
  sevenBits: await computeProducts(63),
  eightBits: await computeProducts(127),
  steps,
};
process.stdout.write(JSON.stringify(answer));
