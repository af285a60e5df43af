import { type REST, RESTEvents } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';
import { madeAt } from './snowflake.ts';

/** What is worth counting. */
export type DiscordEvent =
  /** Something that somebody did has come in; `lagSeconds` after they did it. */
  | { readonly kind: 'heard'; readonly what: string; readonly lagSeconds: number }
  /** An interaction has its first answer, so long after it was made. */
  | { readonly kind: 'acknowledged'; readonly seconds: number }
  /** Discord refused a request because there were too many: status 429. */
  | { readonly kind: 'rate-limited' };

const callback = /\/interactions\/(\d+)\/[^/]+\/callback/;

/**
 * Tells when interactions are answered.
 * @param options.clock with Discord's time, which made the ids
 */
export const observeRest = (
  rest: REST,
  { clock, observe }: { readonly clock: Clock; readonly observe: (event: DiscordEvent) => void },
): void => {
  rest.on(RESTEvents.Response, ({ path }, { ok }) => {
    const [, interaction] = callback.exec(path) ?? [];
    if (interaction === undefined || !ok) return;
    const seconds = Math.max(0, (clock.wallTime() - madeAt(interaction)) / 1000);
    observe({ kind: 'acknowledged', seconds });
  });
};
