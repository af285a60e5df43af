import { changesFrom } from '../src/domain/frame-change.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { fromRgbImage, type Picture, toRgbImage } from '../src/domain/picture.ts';
import { createRandom } from '../src/domain/random.ts';
import type { Backend } from '../src/engine/backend.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { encodeCheckpoint } from '../src/engine/synthesis/checkpoint.ts';
import { descend, noSecondMoments } from '../src/engine/synthesis/descent.ts';
import { shift, unshift } from '../src/engine/synthesis/shift.ts';
import { createSynthesis } from '../src/engine/synthesis/synthesis.ts';
import { injectDetail } from '../src/engine/zoom/inject-detail.ts';
import { planZoom } from '../src/engine/zoom/plan.ts';
import { slerpBetween } from '../src/engine/zoom/slerp.ts';
import { warp } from '../src/engine/zoom/warp.ts';
import { openNetwork } from '../src/networks/open.ts';
import { type Bench, roundsFor } from './bench.ts';
import { sampleLevel, sampleStep } from './sample-step.ts';
import { interleave, type Timing, timed, type Variant } from './statistics.ts';
import { row } from './table.ts';

const sides = [128, 256, 512] as const;

const legend = [
  '  Medians in ms and the best of all, on one core, at three sides. A film takes 3 steps a frame; detail is injected',
  '  into frames of one texture, and half of a film is led back into its beginning by slerp, several times a frame.',
];

/** The backend without its network: the same gradient again and again. */
const withKnownGradient = (backend: Backend, gradient: Float32Array): Backend => ({
  name: 'none',
  version: '',
  threads: 1,
  precision: 'float',
  settings: '',
  photoMultiple: backend.photoMultiple,
  measure: (photo, size) => backend.measure(photo, size),
  evaluate: async () => ({
    loss: 1,
    losses: { gram: 1, colour: 0, smoothness: 0 },
    gradient: gradient.slice(),
    ranges: [],
  }),
  close: async () => {},
});

const copyOf = (picture: Picture): Picture => ({ ...picture, data: picture.data.slice() });

/** Every part of a step, a step as a whole, and every part of a frame, at one side. */
const partsAt = async (real: Backend, side: number): Promise<readonly Variant[]> => {
  const { picture: noise, target } = await sampleStep(real, side);
  const { gradient } = await real.evaluate(noise, target);
  const backend = withKnownGradient(real, gradient);
  const photo = await sampleLevel(backend, side);
  const random = createRandom(1);
  const signal = new AbortController().signal;
  const tally = { stepsTotal: 1, workTotal: 1, stepsDone: 0, workDone: 0 };
  const synthesis = createSynthesis(
    { photo, backend, random, signal },
    { ...tally, position: () => ({ stage: 'frames', done: 0, total: 1 }) },
  );
  const goal = await synthesis.goalAt(noise);
  const { filmDescent, zoom } = planZoom(parseRequest({}), photo);
  // As a film's pictures are: not noise, and not black and white.
  const begun = synthesis.begin({ ...noise, steps: 1 }, goal, undefined);
  const { picture } = begun;
  const [output, image, other] = [copyOf(picture), toRgbImage(picture), copyOf(noise)];
  const offset = { x: 1, y: -2 };
  const direction = gradient.slice();
  let secondMoments = goal.precondition(direction, noSecondMoments, filmDescent);
  let { descent } = begun;
  const state = { picture, descent, ranges: [] };
  const each: Readonly<Record<string, () => unknown>> = {
    offset: () => shift(picture, offset, output),
    preconditioner: () => {
      secondMoments = goal.precondition(gradient.slice(), secondMoments, filmDescent);
    },
    'offset, undone': () => unshift({ ...picture, data: gradient }, offset, output),
    'colour transfer': () => goal.transfer(picture, output.data, 0),
    descent: () => {
      const values = picture.data.slice();
      descent = descend(values, { direction, state: descent }, filmDescent);
    },
    'a step in all': async () => {
      const how = { steps: 1, descent: filmDescent };
      for await (const _ of synthesis.optimise({ ...state, picture: copyOf(picture) }, goal, how));
    },
    warp: () => warp(state, zoom, { about: { x: 3, y: 1 } }),
    'detail, injected': () => injectDetail(copyOf(picture), { angle: 0.1, random }),
    slerp: () => slerpBetween(picture, other).at(0.3),
    'to bytes and back': () => fromRgbImage(toRgbImage(picture)),
    'change of a frame': () => changesFrom(fromRgbImage(image), zoom)(other),
    checkpoint: () => {
      const render = { stagesDone: 0, stepsDone: 0, current: state, random: random.state(), own: null };
      encodeCheckpoint(render, { engine: '', precision: 'float', request: '' });
    },
  };
  return Object.entries(each).map(([name, part]) => timed(name, async () => part()));
};

const medianAndBest = ({ median, min }: Timing): string => `${median.toFixed(2)} (${min.toFixed(2)})`;

/** What comes on top of the network in a step and in a frame. */
export const rest: Bench = async ({ quick, print }) => {
  const backend = await openOnnxBackend(await openNetwork('pocket'), styleObjective, { threads: 1 });
  try {
    const tables = [];
    for (const side of sides) {
      tables.push(await interleave(await partsAt(backend, side), roundsFor({ quick })));
    }
    const inColumns = (values: readonly string[]): string =>
      values.map((value) => value.padStart(16)).join('');
    print(row('', inColumns(sides.map((side) => `${side} px`))));
    for (const [index, { name }] of tables[0]!.entries()) {
      print(row(name, inColumns(tables.map((timings) => medianAndBest(timings[index]!)))));
    }
    for (const line of legend) print(line);
  } finally {
    await backend.close();
  }
};
