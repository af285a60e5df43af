/** What became of a request that nobody waits for any more; null where there was no answer. */
export type Fate<T> = Promise<T | null>;

/** Requests that continue although whoever asked has gone: what they ask for may still happen. */
export type Strays<T = unknown> = {
  /** @param request method and path, such as `PATCH /channels/1/messages/2` */
  add(request: string, options: { readonly answer: Promise<T>; readonly cut: () => void }): void;
  /** Resolves when none of a request's strays is in flight any more, with what each came to. */
  of(request: string): Promise<readonly (T | null)[]> | undefined;
  /** Cuts all of them off. */
  close(): void;
};

export const createStrays = <T>(): Strays<T> => {
  type Stray = { readonly request: string; readonly fate: Fate<T>; readonly cut: () => void };
  const all = new Set<Stray>();
  return {
    add: (request, { answer, cut }) => {
      const fate = answer.catch(() => null);
      const stray = { request, fate, cut };
      all.add(stray);
      void fate.then(() => all.delete(stray));
    },
    of: (request) => {
      const fates = [...all].filter((stray) => stray.request === request).map(({ fate }) => fate);
      return fates.length > 0 ? Promise.all(fates) : undefined;
    },
    close: () => {
      for (const { cut } of all) cut();
    },
  };
};
