/** Requests that continue although whoever asked has gone: what they ask for may still happen. */
export const createStrays = <T>() => {
  type Stray = { readonly request: string; readonly fate: Promise<T | null>; readonly cut: () => void };
  const all = new Set<Stray>();
  return {
    /** @param request method and path, such as `PATCH /channels/1/messages/2` */
    add: (request: string, { answer, cut }: { readonly answer: Promise<T>; readonly cut: () => void }) => {
      const fate = answer.catch(() => null);
      const stray = { request, fate, cut };
      all.add(stray);
      void fate.then(() => all.delete(stray));
    },
    /** Resolves when none of a request's strays is in flight any more, with what each came to; null: no answer. */
    of: (request: string): Promise<readonly (T | null)[]> | undefined => {
      const fates = [...all].filter((stray) => stray.request === request).map(({ fate }) => fate);
      return fates.length > 0 ? Promise.all(fates) : undefined;
    },
    /** Cuts all of them off. */
    close: () => {
      for (const { cut } of all) cut();
    },
  };
};
export type Strays<T> = ReturnType<typeof createStrays<T>>;
