import QuickLRU from 'quick-lru';

/**
 * Platforms tell some events twice. The first time is remembered for a while; what must hold for ever, the store
 * holds.
 */
export const createSeenEvents = (): { readonly isNew: (id: string) => boolean } => {
  const seen = new QuickLRU<string, true>({ maxSize: 5_000 });
  return {
    isNew: (id) => {
      if (seen.has(id)) return false;
      seen.set(id, true);
      return true;
    },
  };
};
