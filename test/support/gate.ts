/** Something that is held back until the test lets it go. */
export type Held = {
  /** Resolves when something has arrived at the gate. */
  readonly arrived: Promise<void>;
  release(): void;
};

/** A gate, and the key to it. */
export const createGate = (): { readonly held: Held; readonly pass: () => Promise<void> } => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  return {
    held: { arrived, release },
    pass: () => {
      arrive();
      return released;
    },
  };
};
