import { GramzoomError } from '../../domain/errors.ts';
import type { JobId, Origin } from '../../domain/job.ts';
import type { ReactionCooldown } from '../../domain/reaction-cooldown.ts';
import type { Clock } from '../../ports/clock.ts';

type Followed = { readonly film: string; readonly at: number };

export type Cooldown = ReturnType<typeof createCooldown>;

/** Whose reactions were followed when. A restart forgets it: that gives each person no more than one more of each. */
export const createCooldown = (clock: Pick<Clock, 'now'>, rules: ReactionCooldown) => {
  const people = new Map<string, Followed[]>();
  const keptMs = Math.max(rules.filmMs, rules.personMs);

  /** Also of everybody else: nobody is remembered for longer than it matters. */
  const forgetOld = (): void => {
    for (const [key, followed] of people) {
      const young = followed.filter(({ at }) => clock.now() - at < keptMs);
      if (young.length > 0) people.set(key, young);
      else people.delete(key);
    }
  };

  const keyOf = ({ platform, user }: Origin): string => JSON.stringify([platform, user]);
  const keyOfFilm = (what: string, film: JobId): string => `${what} ${film}`;

  return {
    /** @throws GramzoomError `reaction-too-soon` where somebody has had that, or very much, not long ago */
    check: (person: Origin, what: string, film: JobId): void => {
      forgetOld();
      const followed = people.get(keyOf(person)) ?? [];
      const same = followed.filter((each) => each.film === keyOfFilm(what, film));
      const until = Math.max(
        (same.at(-rules.mostPerFilm)?.at ?? Number.NEGATIVE_INFINITY) + rules.filmMs,
        (followed.at(-rules.mostPerPerson)?.at ?? Number.NEGATIVE_INFINITY) + rules.personMs,
      );
      const waitMs = until - clock.now();
      if (waitMs > 0) throw new GramzoomError('reaction-too-soon', { seconds: Math.ceil(waitMs / 1000) });
    },
    /** Notes that a reaction was followed. */
    note: (person: Origin, what: string, film: JobId): void => {
      const key = keyOf(person);
      people.set(key, [...(people.get(key) ?? []), { film: keyOfFilm(what, film), at: clock.now() }]);
    },
  };
};
