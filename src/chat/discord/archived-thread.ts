import { RESTJSONErrorCodes as Code } from 'discord.js';
import type { DiscordCalls } from './discord-calls.ts';
import { isLasting, isRefusal } from './discord-errors.ts';

/** Does something in a channel. A thread that was put away is opened again for it, where it is not locked. */
export const createInOpenThread =
  (calls: Pick<DiscordCalls, 'unarchive'>) =>
  async (channel: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isRefusal(error, Code.InvalidActionOnArchivedThread)) throw error;
      // Then it is the refusal of the change that says why.
      await calls.unarchive(channel).catch((refused: unknown) => {
        throw isLasting(refused) ? error : refused;
      });
      await work();
    }
  };
