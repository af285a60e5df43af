import type { DiscordInteractionRef } from './reply-context.ts';

/** An interaction's token opens its webhook for 15 minutes; the last one is left for what is on its way. */
const tokenMs = 14 * 60_000;

/** Until when an interaction's token is used, in milliseconds since 1970. */
export const tokenEnd = ({ createdAt }: Pick<DiscordInteractionRef, 'createdAt'>): number =>
  createdAt + tokenMs;
