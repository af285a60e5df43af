/** Runs pieces of work one after another where they have the same key, in the order of asking. One that fails does not stop the next. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const over = mine
      .catch(() => {})
      .then(() => {
        if (this.#last.get(key) === over) this.#last.delete(key);
      });
    this.#last.set(key, over);
    return mine;
  }
}

/** Runs pieces of work one after another, in the order of asking. One that fails does not stop the next. */
export class Mutex {
  readonly #mutex = new KeyedMutex();

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.run('', work);
  }
}
