import type { APIMessage } from 'discord.js';
import type { Sought } from '../shared/message-marks.ts';
import type { DiscordCalls } from './discord-calls.ts';
import { translateError } from './discord-errors.ts';
import { isMarked } from './message-marks.ts';

/** How many pages of a hundred are looked through after a message, before only the newest are. */
const mostPages = 5;

/** Whatever is gone or closed to us holds no message of ours that could still be written. */
const orNothing = async (page: Promise<readonly APIMessage[]>): Promise<readonly APIMessage[]> => {
  try {
    return await page;
  } catch (thrown) {
    const error = translateError(thrown);
    // Of a bug nothing follows: what is there might be said again.
    if (error.retry === 'later' || error.code === 'internal') throw error;
    return [];
  }
};

const newestOf = (page: readonly APIMessage[]): string | undefined =>
  page.map(({ id }) => id).sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1))[0];

/** Looks through channels for what the bot said before it died. */
export const createFindMessage = (calls: DiscordCalls) => {
  let me: Promise<string> | undefined;

  /** @param options.after the message that it came after; null where that is not known */
  return async (
    { channel, after }: { readonly channel: string; readonly after: string | null },
    sought: Sought,
  ): Promise<APIMessage | undefined> => {
    me ??= calls.me().catch((error: unknown) => {
      me = undefined;
      throw error;
    });
    const bot = await me;
    const isIt = (message: APIMessage): boolean => message.author.id === bot && isMarked(message, sought);
    let last = after;
    for (let pages = 0; last !== null && pages < mostPages; pages++) {
      const page = await orNothing(calls.after(channel, last));
      const found = page.find(isIt);
      if (found || page.length < 100) return found;
      last = newestOf(page) ?? null;
    }
    return (await orNothing(calls.newest(channel))).find(isIt);
  };
};
