import { parseRequest, type RenderRequest } from '../domain/kinds.ts';

/**
 * What decides how long a unit of work takes on this machine: the network, how deep it is looked into, and the film's
 * size, since large pictures leave the processor's caches and small ones cost more beside the numbers.
 */
export type CostKey = string & { readonly kind: 'CostKey' };

export const costKeyOf = ({
  network,
  depth,
  size,
}: Pick<RenderRequest, 'network' | 'depth' | 'size'>): CostKey => `${network} ${depth} ${size}` as CostKey;

/** The pace of requests that say nothing of their depth, which is what a renderer's probe measures. */
export const standardCostKey = ({ network, size }: Pick<RenderRequest, 'network' | 'size'>): CostKey =>
  costKeyOf(parseRequest({ network, size }));

/** Units of work by their pace. */
export type Work = ReadonlyMap<CostKey, number>;

export const noWork: Work = new Map();

export const addWork = (work: Work, pace: CostKey, units: number): Work =>
  new Map(work).set(pace, (work.get(pace) ?? 0) + units);

/** How fast this machine renders, from what it has rendered. */
export type Speed = {
  /** A finished piece of a render. */
  add(pace: CostKey, units: number, seconds: number): void;
  /** A render is over: what came before it at its pace counts half as much as it. */
  endRender(): void;
  /** What a probe has measured, without all that a render does beside its steps. */
  guess(pace: CostKey, secondsPerUnit: number): void;
  /** Null where nothing is known of the network at that depth. */
  secondsPerUnit(pace: CostKey): number | null;
  /** How long work takes; null where that is not known of a part of it. */
  seconds(work: Work): number | null;
};

type Sum = { readonly units: number; readonly seconds: number };
type Measured = { past: Sum; current: Sum };
/** A value that is known at a size. */
type Point = { readonly size: number; readonly value: number };

const nothing: Sum = { units: 0, seconds: 0 };

const sizeOf = (pace: CostKey): number => Number(pace.slice(pace.lastIndexOf(' ') + 1));
const familyOf = (pace: CostKey): string => pace.slice(0, pace.lastIndexOf(' '));

const octavesBetween = (a: number, b: number): number => Math.abs(Math.log2(a / b));

/** Along the line through the neighbours on a doubly logarithmic scale; beyond the ends as at the end. */
const interpolate = (points: readonly Point[], size: number): number | null => {
  const below = points.findLast((point) => point.size <= size);
  const above = points.find((point) => point.size >= size);
  if (!below || !above) return (below ?? above)?.value ?? null;
  const span = octavesBetween(below.size, above.size);
  const share = span === 0 ? 0 : octavesBetween(below.size, size) / span;
  return below.value ** (1 - share) * above.value ** share;
};

const unitsOf = ({ past, current }: Measured): number => past.units + current.units;

const rateOf = (sums: Measured): number => (sums.past.seconds + sums.current.seconds) / unitsOf(sums);

/**
 * For each pace a moving average over renders, weighted by their work, with a half-life of one render. A size that was
 * never rendered goes by the probe, corrected by how far renders of other sizes were from it; the farther away they
 * are in size, the less they count.
 */
export const createSpeed = (): Speed => {
  const measured = new Map<CostKey, Measured>();
  const probed = new Map<CostKey, number>();

  const pointsOf = (entries: Iterable<readonly [CostKey, number]>, family: string): readonly Point[] =>
    [...entries]
      .filter(([pace]) => familyOf(pace) === family)
      .map(([pace, value]) => ({ size: sizeOf(pace), value }))
      .toSorted((a, b) => a.size - b.size);

  /** From what is known of other sizes. */
  const guessed = (pace: CostKey): number | null => {
    const [family, size] = [familyOf(pace), sizeOf(pace)];
    const rendered = pointsOf(
      [...measured].flatMap(([other, sums]) => (unitsOf(sums) > 0 ? [[other, rateOf(sums)] as const] : [])),
      family,
    );
    const probes = pointsOf(probed, family);
    const probe = interpolate(probes, size);
    if (probe === null) return interpolate(rendered, size);
    const corrections = rendered.map((point) => ({
      size: point.size,
      value: point.value / interpolate(probes, point.size)!,
    }));
    const correction = interpolate(corrections, size) ?? 1;
    const distance = Math.min(...corrections.map((point) => octavesBetween(point.size, size)), 9);
    return probe * correction ** (1 / (1 + distance / 2));
  };

  const secondsPerUnit: Speed['secondsPerUnit'] = (pace) => {
    const known = measured.get(pace);
    return known && unitsOf(known) > 0 ? rateOf(known) : guessed(pace);
  };

  return {
    add: (pace, units, seconds) => {
      const known = measured.get(pace) ?? { past: nothing, current: nothing };
      const { current } = known;
      known.current = { units: current.units + units, seconds: current.seconds + seconds };
      measured.set(pace, known);
    },
    endRender: () => {
      for (const known of measured.values()) {
        const { past, current } = known;
        if (current.units > 0) {
          known.past = { units: past.units / 2 + current.units, seconds: past.seconds / 2 + current.seconds };
        }
        known.current = nothing;
      }
    },
    guess: (pace, value) => {
      probed.set(pace, value);
    },
    secondsPerUnit,
    seconds: (work) => {
      let sum = 0;
      for (const [pace, units] of work) {
        const rate = secondsPerUnit(pace);
        if (rate === null) return null;
        sum += units * rate;
      }
      return sum;
    },
  };
};
