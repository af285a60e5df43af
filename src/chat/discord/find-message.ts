import type { APIMessage } from 'discord.js';
import type { DiscordCalls } from './discord-calls.ts';
import { translateError } from './discord-errors.ts';
import { isMarked, type Sought } from './message-marks.ts';

/** How many pages of a hundred are looked through after a message, before only the newest are. */
const mostPages = 5;

type Where = {
  readonly channel: string;
  /** It came after this one; null where that is not known. */
  readonly after: string | null;
};

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

  const askMe = (): Promise<string> => {
    me ??= calls.me().catch((error: unknown) => {
      me = undefined;
      throw error;
    });
    return me;
  };

  return async ({ channel, after }: Where, sought: Sought): Promise<APIMessage | undefined> => {
    const bot = await askMe();
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
