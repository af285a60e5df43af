/** Longest wait, in real time, before a fact that does not come is called missing. */
const usualPatienceMs = 50_000;

/**
 * Waits for a fact: `check` is looked at now and after every change that `onChange` tells of, and what it gives is
 * returned once it is neither undefined, null nor false.
 * @throws Error that names the fact, where it does not come
 */
export const createWaitFor =
  (onChange: (look: () => void) => () => void, situation: () => string) =>
  <T>(
    fact: string,
    check: () => T,
    { patienceMs = usualPatienceMs }: { readonly patienceMs?: number } = {},
  ): Promise<NonNullable<Exclude<T, false>>> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        stop();
        clearTimeout(timer);
      };
      const look = (): void => {
        try {
          const value = check();
          if (value === undefined || value === null || value === false) return;
          end();
          resolve(value as NonNullable<Exclude<T, false>>);
        } catch (error) {
          end();
          reject(error);
        }
      };
      const stop = onChange(look);
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited in vain for: ${fact}\n${situation()}`));
      }, patienceMs);
      look();
    });
