/** Sides of films, in pixels, from one step to the next. */
const steps = [256, 384, 512] as const;

/** The next step above a film's side; null where there is none. */
export const largerSize = (size: number): number | null => steps.find((step) => step > size) ?? null;
