/** L-BFGS (Nocedal 1980) as scipy's fmin_l_bfgs_b runs it without bounds, for the reference column only. */

export type Objective = (
  values: Float64Array,
) => Promise<{ readonly value: number; readonly gradient: Float64Array }>;

type Point = {
  readonly values: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
};
/** A point on the line: how far along, and the slope there. */
type LinePoint = Point & { readonly at: number; readonly slope: number };
type Pair = { readonly step: Float64Array; readonly change: Float64Array; readonly product: number };

const memory = 10;
/** scipy's: sufficient decrease, curvature, and how much further a step may reach than the one before. */
const decrease = 1e-3;
const curvature = 0.9;
const mostExtrapolation = 5;
const mostTrials = 20;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const combine = (a: Float64Array, factor: number, b: Float64Array): Float64Array => {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) sum[i] = a[i]! + factor * b[i]!;
  return sum;
};

/** The two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
const directionOf = (gradient: Float64Array, pairs: readonly Pair[]): Float64Array => {
  let direction: Float64Array = gradient.map((slope) => -slope);
  const factors: number[] = [];
  for (const { step, change, product } of pairs.toReversed()) {
    const factor = dot(step, direction) / product;
    factors.push(factor);
    direction = combine(direction, -factor, change);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.product / dot(last.change, last.change);
    direction = direction.map((value) => value * scale);
  }
  for (const { step, change, product } of pairs) {
    direction = combine(direction, factors.pop()! - dot(change, direction) / product, step);
  }
  return direction;
};

/** Where a cubic through two points and their slopes is least, kept off both of them. */
const between = (a: LinePoint, b: LinePoint): number => {
  const width = b.at - a.at;
  const bend = a.slope + b.slope - (3 * (b.value - a.value)) / width;
  const root = Math.sign(width) * Math.sqrt(Math.max(0, bend * bend - a.slope * b.slope));
  const share = (b.slope + root - bend) / (b.slope - a.slope + 2 * root);
  const kept = Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, 1 - share)) : 0.5;
  return a.at + kept * width;
};

/** A step that satisfies the strong Wolfe conditions (Nocedal & Wright, algorithm 3.5), or the best one met. */
const searchLine = async (
  start: Point,
  direction: Float64Array,
  first: number,
  evaluate: (values: Float64Array) => Promise<Point>,
): Promise<LinePoint> => {
  const origin: LinePoint = { ...start, at: 0, slope: dot(start.gradient, direction) };
  let low = origin;
  let high: LinePoint | undefined;
  let at = first;
  for (let trial = 0; trial < mostTrials; trial++) {
    const point = await evaluate(combine(start.values, at, direction));
    const here: LinePoint = { ...point, at, slope: dot(point.gradient, direction) };
    if (here.value > origin.value + decrease * at * origin.slope || here.value >= low.value) high = here;
    else if (Math.abs(here.slope) <= -curvature * origin.slope) return here;
    else {
      if (here.slope * ((high?.at ?? Number.POSITIVE_INFINITY) - low.at) >= 0) high = low;
      low = here;
    }
    at = high ? between(low, high) : at * mostExtrapolation;
  }
  return low;
};

/**
 * Minimises from `start`. Like scipy, it looks between line searches whether more than `maxEvaluations` were
 * made, so that it makes at least one more; unlike scipy, it never stops early because little is gained.
 */
export const minimise = async (
  start: Float64Array,
  objective: Objective,
  { maxEvaluations }: { readonly maxEvaluations: number },
): Promise<{ readonly values: Float64Array; readonly value: number; readonly evaluations: number }> => {
  let evaluations = 0;
  const evaluate = async (values: Float64Array): Promise<Point> => {
    evaluations++;
    return { values, ...(await objective(values)) };
  };
  let point = await evaluate(start);
  let pairs: readonly Pair[] = [];
  while (evaluations <= maxEvaluations) {
    const steepness = Math.sqrt(dot(point.gradient, point.gradient));
    if (steepness === 0) break;
    const direction = directionOf(point.gradient, pairs);
    const next = await searchLine(point, direction, pairs.length > 0 ? 1 : 1 / steepness, evaluate);
    if (next.at === 0) {
      if (pairs.length === 0) break;
      pairs = [];
      continue;
    }
    const step = combine(next.values, -1, point.values);
    const change = combine(next.gradient, -1, point.gradient);
    const product = dot(step, change);
    if (product > Number.EPSILON * dot(change, change)) {
      pairs = [...pairs, { step, change, product }].slice(-memory);
    }
    point = next;
  }
  return { values: point.values, value: point.value, evaluations };
};
