/** How fast this machine renders, from what it has rendered. */
export type Speed = {
  /** A finished piece of a render. */
  add(units: number, seconds: number): void;
  /** A render is over: what came before it counts half as much as it. */
  endRender(): void;
  /** A guess, for as long as nothing has been measured. */
  guess(secondsPerUnit: number): void;
  /** Null where nothing is known. */
  secondsPerUnit(): number | null;
};

type Sum = { readonly units: number; readonly seconds: number };

const nothing: Sum = { units: 0, seconds: 0 };

/** A moving average over renders, weighted by their work, with a half-life of one render. */
export const createSpeed = (): Speed => {
  let past = nothing;
  let current = nothing;
  let guessed: number | null = null;
  return {
    add: (units, seconds) => {
      current = { units: current.units + units, seconds: current.seconds + seconds };
    },
    endRender: () => {
      if (current.units > 0) {
        past = { units: past.units / 2 + current.units, seconds: past.seconds / 2 + current.seconds };
      }
      current = nothing;
    },
    guess: (secondsPerUnit) => {
      guessed = secondsPerUnit;
    },
    secondsPerUnit: () => {
      const units = past.units + current.units;
      return units > 0 ? (past.seconds + current.seconds) / units : guessed;
    },
  };
};
