import type { REST } from 'discord.js';
import QuickLRU from 'quick-lru';
import type { Renders } from '../../app/renders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { AllowedHosts } from '../shared/allowed-hosts.ts';
import type { Answers } from './answers.ts';
import type { Restrictions } from './restrictions.ts';
import type { Servers } from './servers.ts';

/** What every way in needs. */
export type HandlerDeps = {
  readonly renders: () => Renders;
  readonly rest: REST;
  readonly servers: Servers;
  readonly restrictions: Restrictions;
  readonly answers: Answers;
  readonly locales: Locales;
  /** Where pictures may come from. */
  readonly hosts: AllowedHosts;
  /** The bot's own user; null before it is in. */
  readonly self: () => string | null;
  readonly clock: Clock;
  readonly log: AppLog;
};

/** How many people's languages are remembered. */
const most = 2_000;

/** The languages of people: Discord tells them with commands and buttons only. */
export type Locales = {
  learn(user: string, locale: string): void;
  /** Of what is said to somebody there: the server's language, else their own if it is known. */
  of(place: { readonly guild: string | null; readonly user: string }): string;
};

export const createLocales = (servers: Pick<Servers, 'locale'>): Locales => {
  const known = new QuickLRU<string, string>({ maxSize: most });
  return {
    learn: (user, locale) => void known.set(user, locale),
    of: ({ guild, user }) => (guild === null ? known.get(user) : servers.locale(guild)) ?? 'en-US',
  };
};
