export type BenchOptions = {
  readonly quick: boolean;
  /** Threads that the engine computes with. */
  readonly threads: number;
  readonly print: (line: string) => void;
};

/** One benchmark: it prints what it measures. */
export type Bench = (options: BenchOptions) => Promise<void>;

/** How often each variant has its turn, and how many steps it takes then. */
export const roundsFor = ({ quick }: Pick<BenchOptions, 'quick'>) =>
  quick ? { rounds: 3, perTurn: 3 } : { rounds: 9, perTurn: 5 };

/** What every benchmark is measured on. */
export const samplePhoto = new URL('../docs/sample.png', import.meta.url);
