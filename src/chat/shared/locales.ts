import QuickLRU from 'quick-lru';

/** How many people's languages are remembered. */
const most = 2_000;

/** The languages of people, by the platform's names; many platforms tell them with some events only. */
export type Locales = {
  learn(user: string, locale: string): void;
  /** Of what is said to somebody there: the server's language, else their own where it is known. */
  of(place: { readonly server: string | null; readonly user: string }): string;
};

/** @param localeOfServer null where it is not known */
export const createLocales = (localeOfServer: (server: string) => string | null): Locales => {
  const known = new QuickLRU<string, string>({ maxSize: most });
  return {
    learn: (user, locale) => void known.set(user, locale),
    of: ({ server, user }) => (server === null ? known.get(user) : localeOfServer(server)) ?? 'en-US',
  };
};
