import { parseRequest, type RenderRequest } from '../../domain/kinds.ts';

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

/** The cost key of requests that say nothing of their depth, which is what a renderer's probe measures. */
export const standardCostKey = ({ network, size }: Pick<RenderRequest, 'network' | 'size'>): CostKey =>
  costKeyOf(parseRequest({ network, size }));

/** The render that a worker runs, as far as it is not in its row. */
export type RenderProgress = {
  readonly costKey: CostKey;
  /** Units of work of the whole render. */
  readonly work: number;
  readonly unitsDone: number;
  /** Of its work, what is done: 0 to 1. */
  readonly share: number;
};

/** Units of work by their cost key. */
export type Work = ReadonlyMap<CostKey, number>;

export const noWork: Work = new Map();

export const addWork = (work: Work, costKey: CostKey, units: number): Work =>
  new Map(work).set(costKey, (work.get(costKey) ?? 0) + units);

/** How fast this machine renders, from what it has rendered. */
export type Speed = ReturnType<typeof createSpeed>;

type Sum = { readonly units: number; readonly seconds: number };
type Measured = { past: Sum; current: Sum };
/** A value that is known at a size. */
type Point = { readonly size: number; readonly value: number };

const nothing: Sum = { units: 0, seconds: 0 };

const sizeOf = (costKey: CostKey): number => Number(costKey.slice(costKey.lastIndexOf(' ') + 1));
const familyOf = (costKey: CostKey): string => costKey.slice(0, costKey.lastIndexOf(' '));

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
 * For each cost key a moving average over renders, weighted by their work, with a half-life of one render. A size that was
 * never rendered goes by the probe, corrected by how far renders of other sizes were from it; the farther away they
 * are in size, the less they count.
 */
export const createSpeed = () => {
  const measured = new Map<CostKey, Measured>();
  const probed = new Map<CostKey, number>();

  const pointsOf = (entries: Iterable<readonly [CostKey, number]>, family: string): readonly Point[] =>
    [...entries]
      .filter(([costKey]) => familyOf(costKey) === family)
      .map(([costKey, value]) => ({ size: sizeOf(costKey), value }))
      .toSorted((a, b) => a.size - b.size);

  /** From what is known of other sizes. */
  const guessed = (costKey: CostKey): number | null => {
    const [family, size] = [familyOf(costKey), sizeOf(costKey)];
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

  const secondsPerUnit = (costKey: CostKey): number | null => {
    const known = measured.get(costKey);
    return known && unitsOf(known) > 0 ? rateOf(known) : guessed(costKey);
  };

  return {
    /** A finished piece of a render. */
    add: (costKey: CostKey, units: number, seconds: number): void => {
      const known = measured.get(costKey) ?? { past: nothing, current: nothing };
      const { current } = known;
      known.current = { units: current.units + units, seconds: current.seconds + seconds };
      measured.set(costKey, known);
    },
    /** A render is over: what came before it at its cost key counts half as much as it. */
    endRender: (): void => {
      for (const known of measured.values()) {
        const { past, current } = known;
        if (current.units > 0) {
          known.past = { units: past.units / 2 + current.units, seconds: past.seconds / 2 + current.seconds };
        }
        known.current = nothing;
      }
    },
    /** What a probe has measured, without all that a render does beside its steps. */
    guess: (costKey: CostKey, secondsPerUnit: number): void => void probed.set(costKey, secondsPerUnit),
    /** Null where nothing is known of the network at that depth. */
    secondsPerUnit,
    /** How long work takes; null where that is not known of a part of it. */
    seconds: (work: Work): number | null => {
      let sum = 0;
      for (const [costKey, units] of work) {
        const rate = secondsPerUnit(costKey);
        if (rate === null) return null;
        sum += units * rate;
      }
      return sum;
    },
  };
};
