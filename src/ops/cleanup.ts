/** Frees what was opened, the newest first, whatever goes wrong on the way. */
export const createCleanup = (onTrouble: (error: unknown) => void) => {
  const steps: (() => Promise<void>)[] = [];
  return {
    add: (step: () => Promise<void>) => void steps.push(step),
    run: async () => {
      for (const step of steps.splice(0).reverse()) await step().catch(onTrouble);
    },
  };
};
