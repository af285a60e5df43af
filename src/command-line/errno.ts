/** The system's name for what went wrong, such as `ENOENT`; empty where it was not the system. */
export const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The system's own words for it: `name too long` of `ENAMETOOLONG: name too long, open '...'`. */
export const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
};
