import { parseRequest, type RenderRequest } from '../domain/request.ts';

/** What decides how long a unit of work takes on this machine: the network and how deep it is looked into. */
export type Pace = string & { readonly kind: 'Pace' };

export const paceOf = ({ network, depth }: Pick<RenderRequest, 'network' | 'depth'>): Pace =>
  `${network} ${depth}` as Pace;

/** The pace of requests that say nothing of their depth, which is what a renderer's probe measures. */
export const standardPace = ({ network }: Pick<RenderRequest, 'network'>): Pace =>
  paceOf(parseRequest({ network }));

/** Units of work by their pace. */
export type Work = ReadonlyMap<Pace, number>;

export const noWork: Work = new Map();

export const addWork = (work: Work, pace: Pace, units: number): Work =>
  new Map(work).set(pace, (work.get(pace) ?? 0) + units);

/** How fast this machine renders, from what it has rendered. */
export type Speed = {
  /** A finished piece of a render. */
  add(pace: Pace, units: number, seconds: number): void;
  /** A render is over: what came before it at its pace counts half as much as it. */
  endRender(): void;
  /** A guess, for as long as nothing has been measured. */
  guess(pace: Pace, secondsPerUnit: number): void;
  /** Null where nothing is known. */
  secondsPerUnit(pace: Pace): number | null;
  /** How long work takes; null where that is not known of a part of it. */
  seconds(work: Work): number | null;
};

type Sum = { readonly units: number; readonly seconds: number };
type Measured = { past: Sum; current: Sum; guessed: number | null };

const nothing: Sum = { units: 0, seconds: 0 };

/** For each pace a moving average over renders, weighted by their work, with a half-life of one render. */
export const createSpeed = (): Speed => {
  const paces = new Map<Pace, Measured>();
  const at = (pace: Pace): Measured => {
    const known = paces.get(pace) ?? { past: nothing, current: nothing, guessed: null };
    paces.set(pace, known);
    return known;
  };
  const secondsPerUnit: Speed['secondsPerUnit'] = (pace) => {
    const known = paces.get(pace);
    if (!known) return null;
    const { past, current, guessed } = known;
    const units = past.units + current.units;
    return units > 0 ? (past.seconds + current.seconds) / units : guessed;
  };
  return {
    add: (pace, units, seconds) => {
      const known = at(pace);
      const { current } = known;
      known.current = { units: current.units + units, seconds: current.seconds + seconds };
    },
    endRender: () => {
      for (const known of paces.values()) {
        const { past, current } = known;
        if (current.units > 0) {
          known.past = { units: past.units / 2 + current.units, seconds: past.seconds / 2 + current.seconds };
        }
        known.current = nothing;
      }
    },
    guess: (pace, value) => {
      at(pace).guessed = value;
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
