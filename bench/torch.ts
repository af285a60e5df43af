import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Precision, precisions } from '../src/domain/engines.ts';
import type { Backend } from '../src/engine/backend.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { octaveBlur, styleObjective, terms, weightedTerms } from '../src/engine/objective/objective.ts';
import { writeSafetensors } from '../src/engine/safetensors.ts';
import type { Tensor } from '../src/engine/spec.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, type BenchOptions, roundsFor } from './bench.ts';
import { repeatedStep, type SampleStep, sampleStep } from './sample-step.ts';
import { interleave, ratioOf, type Timing, timed, type Variant } from './statistics.ts';
import { against, ratioText, row, timingText } from './table.ts';
import { startTorch, type TorchProcess, torchLayouts } from './torch-process.ts';

const side = 256;
/** Float32 sums in another order differ by less; another loss differs by more. */
const tolerance = 1e-3;
/** What our step in bytes shall take at most of PyTorch's best, on a processor with 8-bit products. */
const mostOfTorch = 0.4;

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

type OpenStep = SampleStep & { readonly backend: Backend };

const compare = async (
  { float, int8 }: Readonly<Record<Precision, OpenStep>>,
  torchProcess: TorchProcess,
  { quick, threads, print }: BenchOptions,
): Promise<void> => {
  const { loss, gradient } = await float.backend.evaluate(float.picture, float.target);
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  const variants: Variant[] = [
    timed('ours, float', repeatedStep(float.backend, float)),
    timed('ours, int8', repeatedStep(int8.backend, int8)),
  ];
  for (const layout of torchLayouts) {
    const answer = await torchProcess.take({ layout, threads, steps: 1 });
    const agreements = [
      requireAgreement('loss', loss, answer.loss),
      requireAgreement('|gradient|', norm, answer.gradientNorm),
    ];
    print(row(`float and ${layout}`, agreements.join(', ')));
    for (const count of new Set([1, threads])) {
      variants.push({
        name: `${layout}, ${count} thread${count === 1 ? '' : 's'}`,
        time: async (steps) => (await torchProcess.take({ layout, threads: count, steps })).milliseconds,
      });
    }
  }
  const [ourFloat, ourInt8, ...theirs] = (await interleave(variants, roundsFor({ quick }))) as [
    Timing,
    Timing,
    ...Timing[],
  ];
  for (const timing of [ourFloat, ourInt8, ...theirs]) print(row(timing.name, timingText(timing)));
  const best = theirs.reduce((a, b) => (b.median < a.median ? b : a));
  const ratio = ratioOf(ourInt8, best);
  print(row('int8 / PyTorch', against(ratioText(ratio), `${mostOfTorch}`, ratio.median <= mostOfTorch)));
  // On a busy machine all times are long, and those of two threads longest: the quickest steps say more.
  const least = Math.min(...theirs.map((timing) => timing.min));
  const quickest = ourInt8.min / least;
  print(
    row('  by the quickest steps', against(quickest.toFixed(3), `${mostOfTorch}`, quickest <= mostOfTorch)),
  );
  print(row('float / PyTorch', ratioText(ratioOf(ourFloat, best))));
  print(row('  by the quickest steps', (ourFloat.min / least).toFixed(3)));
  print(`  PyTorch's best: ${best.name}. It computes in floats.`);
};

/** The same step by PyTorch's autograd, where PyTorch is installed: same network, picture, target and loss. */
export const torch: Bench = async (options) => {
  const { threads, print } = options;
  const network = await openNetwork('pocket');
  const [float, int8] = (await Promise.all(
    precisions.map((precision) => openOnnxBackend(network, styleObjective, { threads, precision })),
  )) as [Backend, Backend];
  const folder = await mkdtemp(join(tmpdir(), 'gramzoom-bench-'));
  try {
    const sample = await sampleStep(float, side);
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
    print(row('PyTorch', `${torchProcess.version}; step at ${side} px, onnxruntime ${float.version}`));
    try {
      const inBytes = { backend: int8, ...(await sampleStep(int8, side)) };
      await compare({ float: { backend: float, ...sample }, int8: inBytes }, torchProcess, options);
    } finally {
      await torchProcess.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    for (const backend of [float, int8]) await backend.close();
  }
};
