/** The system's name for what went wrong, such as `ENOENT`; undefined where it was not the system. */
export const errnoOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

/** The system's own words for it: `name too long` of `ENAMETOOLONG: name too long, open '...'`. */
export const reasonOf = (thrown: unknown): string => {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
};
