/** Which numbers a network computes with where nobody has said: a short measurement of both. */
import type { Precision, PrecisionReason } from '../../domain/engines.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { createPicture, type Picture } from '../../domain/picture.ts';
import { type Backend, type Evaluation, noRanges, type OpenBackend } from '../backend.ts';
import { noisePicture } from '../noise-picture.ts';
import { type Objective, settingsOf } from '../objective/objective.ts';
import type { Network } from '../spec.ts';
import { int8Obstacle } from './int8-network.ts';

export type ChosenPrecision = { readonly precision: Precision; readonly reason: PrecisionReason };

/** Of the picture that is measured on, in pixels, where the network can halve it; in one octave, which stands for all. */
const probeSide = 96;
const probeOctaves = 1;
/** A gradient in bytes has to point so much the same way as that in floats. */
const leastCosine = 0.9;
/** Bytes have to be clearly quicker, so that the noise of a measurement does not decide. */
const mostRatio = 0.85;
/** The quickest of so many steps counts; slow ones are not repeated once they have taken so long together. */
const mostRounds = 4;
const enoughMs = 250;

/** Waves of several lengths: what has to be matched. */
const wavyPicture = (side: number): Picture => {
  const picture = createPicture(side, side);
  for (let i = 0; i < picture.data.length; i++) {
    const x = i % side;
    const y = Math.floor(i / side) % side;
    const channel = Math.floor(i / side ** 2);
    picture.data[i] =
      0.5 + 0.25 * Math.sin(0.09 * x + 0.05 * y + channel) + 0.2 * Math.sin(0.4 * y - 0.3 * x - channel);
  }
  return picture;
};

/**
 * The cosine of the angle between two gradients: 1 where they point the same way. 0 where it is not defined: they are to
 * be compared, not to be divided by.
 */
export const cosineBetween = (a: Float32Array, b: Float32Array): number => {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! ** 2;
    squareB += b[i]! ** 2;
  }
  const cosine = product / Math.sqrt(squareA * squareB);
  return Number.isFinite(cosine) ? cosine : 0;
};

/** Steps on one picture, each from the ranges of the one before. */
const createStepper = async (backend: Backend, side: number) => {
  const picture = noisePicture(side);
  const target = await backend.measure(wavyPicture(side), picture);
  let ranges = noRanges;
  return async (): Promise<Evaluation> => {
    const evaluation = await backend.evaluate(picture, target, ranges);
    ranges = evaluation.ranges;
    return evaluation;
  };
};

const compare = async (
  { float, int8 }: Readonly<Record<Precision, Backend>>,
  now: () => number,
): Promise<ChosenPrecision> => {
  const side = Math.ceil(probeSide / float.photoMultiple) * float.photoMultiple;
  const steps = [await createStepper(float, side), await createStepper(int8, side)] as const;
  // The first steps also build what the next ones use.
  const cosine = cosineBetween((await steps[0]()).gradient, (await steps[1]()).gradient);
  if (cosine < leastCosine) return { precision: 'float', reason: { kind: 'inaccurate', cosine } };
  const quickest: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const begun = now();
  // In turn, so that whatever else the machine does slows both.
  for (let round = 0; round < mostRounds && (round === 0 || now() - begun < enoughMs); round++) {
    for (const [of, step] of steps.entries()) {
      const before = now();
      await step();
      quickest[of] = Math.min(quickest[of]!, now() - before);
    }
  }
  const ratio = quickest[1] / quickest[0];
  return ratio < mostRatio
    ? { precision: 'int8', reason: { kind: 'quicker', ratio, cosine } }
    : { precision: 'float', reason: { kind: 'not-quicker', ratio, cosine } };
};

/** Both are closed before the render opens its own: their sessions are of no use to it. */
const measure = async (
  openIn: (precision: Precision) => Promise<Backend>,
  now: () => number,
): Promise<ChosenPrecision> => {
  const float = await openIn('float');
  try {
    const int8 = await openIn('int8');
    try {
      return await compare({ float, int8 }, now);
    } finally {
      await int8.close();
    }
  } finally {
    await float.close();
  }
};

/** A kernel may be missing on some machine: that is a reason for floats, and none against a render. */
const orFloat = (error: unknown): ChosenPrecision => {
  if (!(error instanceof GramzoomError) || error.code !== 'engine-failed') throw error;
  const { reason } = (error as GramzoomError<'engine-failed'>).data;
  return { precision: 'float', reason: { kind: 'failed', problem: reason ?? error.message } };
};

/**
 * Chooses by a short measurement, and remembers what it has chosen: one network, objective and number of threads are
 * measured once.
 * @param options.now milliseconds since some moment
 */
export const createPrecisionChooser = ({ now }: { readonly now: () => number }) => {
  const chosen = new Map<string, ChosenPrecision>();
  return async (
    network: Network,
    objective: Objective,
    { threads, open }: { readonly threads: number; readonly open: OpenBackend },
  ): Promise<ChosenPrecision> => {
    const obstacle = int8Obstacle(network.spec);
    if (obstacle) return { precision: 'float', reason: { kind: 'unsupported', obstacle } };
    const key = `${threads} ${settingsOf(network, objective)}`;
    const probed = { ...objective, octaves: probeOctaves };
    const openIn = (precision: Precision) => open(network, probed, { threads, precision });
    const known = chosen.get(key) ?? (await measure(openIn, now).catch(orFloat));
    chosen.set(key, known);
    return known;
  };
};

export type PrecisionChooser = ReturnType<typeof createPrecisionChooser>;
