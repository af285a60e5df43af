import type { SlackPlace } from './place.ts';

/** A person, as far as the bot needs to know. */
export type Person = {
  /** Slack's name of their language, such as `de-DE`. */
  readonly locale: string;
  /** Keeps order in the workspace: an admin or owner. */
  readonly isAdmin: boolean;
};

/** What Slack tells of people, remembered for a while (scope `users:read`). */
export interface People {
  /** English and no admin where Slack does not tell, or not within `withinMs`. Throws nothing. */
  of(
    who: Pick<SlackPlace, 'tenant' | 'team' | 'user'>,
    options?: { readonly withinMs?: number },
  ): Promise<Person>;
}
