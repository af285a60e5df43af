/** Does one thing after another where they have the same key, in the order of asking, whatever becomes of each. */
export const createTurnsByKey = () => {
  const last = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(key, mine);
    const leave = (): void => {
      if (last.get(key) === mine) last.delete(key);
    };
    void mine.then(leave, leave);
    return mine;
  };
};
