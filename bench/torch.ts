import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../src/engine/backend.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { octaveBlur, styleObjective, terms, weightedTerms } from '../src/engine/objective/objective.ts';
import { writeSafetensors } from '../src/engine/safetensors.ts';
import type { Tensor } from '../src/engine/spec.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, type BenchOptions, roundsFor } from './bench.ts';
import { type SampleStep, sampleStep } from './sample-step.ts';
import { interleave, ratioOf, type Timing, timed, type Variant } from './statistics.ts';
import { ratioText, row, timingText } from './table.ts';
import { startTorch, type TorchProcess, torchLayouts } from './torch-process.ts';

const side = 256;
/** Float32 sums in another order differ by less; another loss differs by more. */
const tolerance = 1e-3;

const inputsFile = ({ picture, target }: SampleStep): Uint8Array => {
  const feeds = weightedTerms(styleObjective).flatMap(({ name }) =>
    Object.entries(terms[name].feeds(target)),
  );
  return writeSafetensors(
    new Map<string, Tensor>([
      ['picture', { shape: [1, 3, picture.height, picture.width], data: picture.data }],
      ...feeds,
    ]),
  );
};

const requireAgreement = (what: string, ours: number, theirs: number): string => {
  const difference = Math.abs(ours - theirs) / Math.abs(ours);
  if (!(difference <= tolerance)) throw new Error(`${what}: ${ours} here, ${theirs} in PyTorch`);
  return `${what} ${ours.toPrecision(6)} and ${theirs.toPrecision(6)}`;
};

const compare = async (
  { backend, picture, target }: SampleStep & { readonly backend: Backend },
  torchProcess: TorchProcess,
  { quick, threads, print }: BenchOptions,
): Promise<void> => {
  const { loss, gradient } = await backend.evaluate(picture, target);
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  const variants: Variant[] = [timed('ours', () => backend.evaluate(picture, target))];
  for (const layout of torchLayouts) {
    const answer = await torchProcess.take({ layout, threads, steps: 1 });
    const agreements = [
      requireAgreement('loss', loss, answer.loss),
      requireAgreement('|gradient|', norm, answer.gradientNorm),
    ];
    print(row(`ours and ${layout}`, agreements.join(', ')));
    for (const count of new Set([1, threads])) {
      variants.push({
        name: `${layout}, ${count} thread${count === 1 ? '' : 's'}`,
        time: async (steps) => (await torchProcess.take({ layout, threads: count, steps })).milliseconds,
      });
    }
  }
  const [ours, ...theirs] = (await interleave(variants, roundsFor({ quick }))) as [Timing, ...Timing[]];
  for (const timing of [ours, ...theirs]) print(row(timing.name, timingText(timing)));
  const best = theirs.reduce((a, b) => (b.median < a.median ? b : a));
  print(row('ours / PyTorch', `${ratioText(ratioOf(ours, best))}, PyTorch's best: ${best.name}`));
  // On a busy machine all times are long, and those of two threads longest: the quickest steps say more.
  const least = Math.min(...theirs.map((timing) => timing.min));
  print(row('  by the quickest steps', (ours.min / least).toFixed(3)));
};

/** The same step by PyTorch's autograd, where PyTorch is installed: same network, picture, target and loss. */
export const torch: Bench = async (options) => {
  const { threads, print } = options;
  const network = await openNetwork('pocket');
  const backend = await openOnnxBackend(network, styleObjective, { threads });
  const folder = await mkdtemp(join(tmpdir(), 'gramzoom-bench-'));
  try {
    const sample = await sampleStep(backend, side);
    const [spec, weights, inputs] = ['spec.json', 'weights.safetensors', 'inputs.safetensors'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    await writeFile(spec, JSON.stringify(network.spec));
    await writeFile(weights, writeSafetensors(network.tensors));
    await writeFile(inputs, inputsFile(sample));
    const torchProcess = await startTorch({
      ...{ spec, weights, inputs },
      octaves: sample.target.grams.length,
      octaveBlur,
      padding: styleObjective.padding,
      colourWeight: styleObjective.weights.colour ?? 0,
    });
    if (!torchProcess) {
      print(row('PyTorch', 'is not installed here (python3 -c "import torch"), so there is no ratio to it'));
      return;
    }
    print(row('PyTorch', `${torchProcess.version}; step at ${side} px, onnxruntime ${backend.version}`));
    try {
      await compare({ backend, ...sample }, torchProcess, options);
    } finally {
      await torchProcess.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await backend.close();
  }
};
