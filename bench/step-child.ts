/** Begins with a size as a film does, takes some steps and ends: what that costs, and the memory of its process. */
import { type GradientRanges, noRanges } from '../src/engine/backend.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { noisePicture } from '../src/engine/noise-picture.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { openNetwork } from '../src/networks/open.ts';
import { peakResidentBytes } from '../src/render/memory.ts';
import { answerParent } from './child-answer.ts';
import { repeatedStep, sampleLevel } from './sample-step.ts';
import { type SessionCost, type SessionOrder, sessionOrderSchema } from './step-session.ts';

/** About the coarsest level of a film. */
const coarsestSide = 128;
/** So many, that memory is what it stays at. */
const steps = 4;

type Begun = Pick<SessionCost, 'measureMs' | 'firstStepMs'> & { readonly ranges: GradientRanges };

const begin = async (order: SessionOrder, ranges: GradientRanges): Promise<Begun> => {
  const { side, precision, threads } = order;
  const backend = await openOnnxBackend(await openNetwork('pocket'), styleObjective, { threads, precision });
  try {
    const level = await sampleLevel(backend, side);
    const started = performance.now();
    const target = await backend.measure(level, { width: side, height: side });
    const measured = performance.now();
    const step = repeatedStep(backend, { picture: noisePicture(side), target }, ranges);
    const first = await step();
    const stepped = performance.now();
    for (let i = 1; i < steps; i++) await step();
    return { measureMs: measured - started, firstStepMs: stepped - measured, ranges: first.ranges };
  } finally {
    await backend.close();
  }
};

const measure = async (order: SessionOrder): Promise<SessionCost> => {
  const coarsest = await begin({ ...order, side: coarsestSide }, noRanges);
  const { measureMs, firstStepMs } = await begin(order, coarsest.ranges);
  return {
    coarsestMs: coarsest.measureMs + coarsest.firstStepMs,
    measureMs,
    firstStepMs,
    peakBytes: peakResidentBytes(),
  };
};

answerParent((order) => measure(sessionOrderSchema.parse(order)));
