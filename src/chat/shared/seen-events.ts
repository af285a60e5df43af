/** How many ids are remembered. */
const most = 5_000;

/**
 * Discord tells some events twice. The first time is remembered for a while; what must hold for ever, the store
 * holds.
 */
export const createSeenEvents = (): { readonly isNew: (id: string) => boolean } => {
  const seen = new Set<string>();
  return {
    isNew: (id) => {
      if (seen.has(id)) return false;
      seen.add(id);
      const [oldest] = seen;
      if (seen.size > most && oldest !== undefined) seen.delete(oldest);
      return true;
    },
  };
};
