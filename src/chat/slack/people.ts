import QuickLRU from 'quick-lru';
import { z } from 'zod';
import { within } from '../../concurrency/within.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import { optional, withoutNulls } from '../shared/lenient.ts';
import type { SlackPlace } from './place.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';

/** A person, as far as the bot needs to know. */
export type Person = {
  /** As others see it, and as they chose it; null where Slack does not tell. */
  readonly name: string | null;
  /** Slack's name of their language, such as `de-DE`. */
  readonly locale: string;
  /** Keeps order in the workspace: an admin or owner. */
  readonly isAdmin: boolean;
  /** A guest of the workspace, or somebody of another one who is there through Slack Connect. */
  readonly isOutsider: boolean;
  /** Whether they have left the workspace. */
  readonly isGone: boolean;
  /** IANA name of the zone that their device is set to; null where Slack does not tell. */
  readonly zone: string | null;
};

/** What Slack tells of people, remembered for a while (scope `users:read`). */
export interface People {
  /** `unknownPerson` where Slack does not tell, or not within `withinMs`. Throws nothing. */
  of(
    who: Pick<SlackPlace, 'tenant' | 'team' | 'user'>,
    options?: { readonly withinMs?: number },
  ): Promise<Person>;
}

const rememberedMs = 600_000;
/** Where it was not told: soon enough for whoever has granted the scope meanwhile. */
const failedMs = 60_000;
const mostPeople = 5_000;

/** Somebody of whom nothing is known: speaks English, and is no admin, no guest and not gone. */
export const unknownPerson: Person = {
  ...{ name: null, locale: 'en-US', zone: null },
  ...{ isAdmin: false, isOutsider: false, isGone: false },
};

const schema = z.object({
  user: z.object({
    name: optional(z.string()),
    profile: optional(z.object({ display_name: optional(z.string()), real_name: optional(z.string()) })),
    locale: optional(z.string()),
    team_id: optional(z.string()),
    is_admin: optional(z.boolean()),
    is_owner: optional(z.boolean()),
    /** Guests of some channels, and of one channel. */
    is_restricted: optional(z.boolean()),
    is_ultra_restricted: optional(z.boolean()),
    /** Of another workspace that shares no channel with this one any more. */
    is_stranger: optional(z.boolean()),
    deleted: optional(z.boolean()),
    tz: optional(z.string()),
    /** In organisations. */
    enterprise_user: optional(
      z.object({
        teams: optional(z.array(z.string())),
        is_admin: optional(z.boolean()),
        is_owner: optional(z.boolean()),
      }),
    ),
  }),
});

/** People of other workspaces, who are there through Slack Connect, keep order at home. */
const personOf = (answer: unknown, team: string): Person => {
  const { user } = schema.parse(withoutNulls(answer));
  const { locale = unknownPerson.locale, team_id: home, enterprise_user: inAll, tz: zone = null } = user;
  const isAtHome = home === team || (inAll?.teams?.includes(team) ?? false);
  const keepsOrder = user.is_admin || user.is_owner || inAll?.is_admin || inAll?.is_owner;
  const isGuest = user.is_restricted || user.is_ultra_restricted || user.is_stranger;
  const isElsewhere = home !== undefined && !isAtHome;
  // Slack gives an empty text where somebody has chosen none.
  const name = user.profile?.display_name || user.profile?.real_name || user.name || null;
  return {
    ...{ name, locale, zone, isAdmin: isAtHome && keepsOrder === true },
    ...{ isOutsider: isGuest === true || isElsewhere, isGone: user.deleted === true },
  };
};

type Known = { readonly person: Promise<Person>; until: number };

export const createPeople = ({
  tenants,
  clock,
  log,
}: {
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
}): People => {
  const known = new QuickLRU<string, Known>({ maxSize: mostPeople });
  const lineLimit = createLineLimit(clock);

  const ask = async ({
    tenant,
    team,
    user,
  }: Pick<SlackPlace, 'tenant' | 'team' | 'user'>): Promise<Person> => {
    const { answers } = await tenants.clients(tenant);
    return personOf(await answers.users.info({ user, include_locale: true }), team);
  };

  const lookUp = (who: Pick<SlackPlace, 'tenant' | 'team' | 'user'>): Promise<Person> => {
    const key = `${who.tenant}/${who.team}/${who.user}`;
    const before = known.get(key);
    if (before && before.until > clock.now()) return before.person;
    const entry: Known = {
      until: clock.now() + rememberedMs,
      person: ask(who).catch((error: unknown) => {
        entry.until = clock.now() + failedMs;
        if (isError(error, 'user_not_found')) return { ...unknownPerson, isGone: true };
        const isExpected = error instanceof GramzoomError && error.code === 'chat-gone';
        if (!isExpected && lineLimit('person') !== null)
          log.warn('slack: failed to look a person up', { error });
        return unknownPerson;
      }),
    };
    known.set(key, entry);
    return entry.person;
  };

  return {
    of: async (who, { withinMs } = {}) => {
      const person = lookUp(who);
      if (withinMs === undefined) return await person;
      return await within(person, { clock, ms: withinMs, otherwise: unknownPerson });
    },
  };
};
