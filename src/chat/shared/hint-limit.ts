import QuickLRU from 'quick-lru';
import type { Clock } from '../../ports/clock.ts';

const hintEveryMs = 60_000;
/** How many channels' hints are remembered. */
const mostChannels = 1_000;

/** At most one hint in a while and place, so that the bot does not break into talk about it. */
export const createHintLimit = (clock: Pick<Clock, 'now'>): ((channel: string) => boolean) => {
  const last = new QuickLRU<string, number>({ maxSize: mostChannels });
  return (channel) => {
    const before = last.get(channel);
    if (before !== undefined && clock.now() - before < hintEveryMs) return false;
    last.set(channel, clock.now());
    return true;
  };
};
