import { median } from '../src/domain/statistics.ts';

/** Something to be timed: takes so many steps and tells how long each took, in milliseconds. */
export type Variant = {
  readonly name: string;
  readonly time: (steps: number) => Promise<readonly number[]>;
};

export type Timing = {
  readonly name: string;
  /** The median of every turn, in the order of the rounds. */
  readonly turns: readonly number[];
  readonly min: number;
  readonly median: number;
};

/** A variant out of one step. */
export const timed = (name: string, step: () => Promise<unknown>): Variant => ({
  name,
  time: async (steps) => {
    const times: number[] = [];
    for (let i = 0; i < steps; i++) {
      const begin = performance.now();
      await step();
      times.push(performance.now() - begin);
    }
    return times;
  },
});

/**
 * Lets the variants take turns, forwards and backwards, so that a busy minute of the machine meets all of
 * them. The first step of a turn is not counted: threads of the variant before may still be spinning.
 */
export const interleave = async (
  variants: readonly Variant[],
  { rounds, perTurn }: { readonly rounds: number; readonly perTurn: number },
): Promise<readonly Timing[]> => {
  const times = variants.map((): number[][] => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...variants.keys()];
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const [, ...counted] = await variants[index]!.time(perTurn + 1);
      times[index]!.push(counted);
    }
  }
  return variants.map(({ name }, index) => {
    const turns = times[index]!.map(median);
    return { name, turns, min: Math.min(...times[index]!.flat()), median: median(times[index]!.flat()) };
  });
};

/** `a` over `b`, turn by turn of the same round: the median, and how far apart the rounds are. */
export const ratioOf = (
  a: Timing,
  b: Timing,
): { readonly median: number; readonly min: number; readonly max: number } => {
  const ratios = a.turns.map((turn, round) => turn / b.turns[round]!);
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
};
