import QuickLRU from 'quick-lru';

/** How many people's languages are remembered. */
const most = 2_000;

/**
 * The languages of people, by the platform's names; many platforms tell them with some events only.
 * @param localeOfServer null where it is not known
 */
export const createLocales = (localeOfServer: (server: string) => string | null) => {
  const known = new QuickLRU<string, string>({ maxSize: most });
  return {
    learn: (user: string, locale: string) => void known.set(user, locale),
    /** Of what is said to somebody there: the server's language, else their own where it is known. */
    of: ({ server, user }: { readonly server: string | null; readonly user: string }): string =>
      (server === null ? known.get(user) : localeOfServer(server)) ?? 'en-US',
  };
};

export type Locales = ReturnType<typeof createLocales>;
