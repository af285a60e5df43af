/** Runs one after another what is handed in. */
export type Turns = {
  run<T>(work: () => Promise<T>): Promise<T>;
};

/**
 * Storing a file and writing the row that points at it are two acts; removing what no row points at must not
 * come between them. Whoever does either takes a turn.
 */
export const createTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
  };
};
