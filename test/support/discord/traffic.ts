import { createDiscordTraffic, type DiscordTraffic } from '../../../src/chat/discord/rest-options.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { createRunningClock } from '../running-clock.ts';

/** What requests are held to, without a log. */
export const quietTraffic = ({
  clock = createRunningClock(),
}: {
  readonly clock?: Clock;
} = {}): DiscordTraffic => createDiscordTraffic({ clock, log: { info: () => {}, warn: () => {} } });
