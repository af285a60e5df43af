import { RESTJSONErrorCodes as Code } from 'discord.js';
import QuickLRU from 'quick-lru';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DiscordCalls } from './discord-calls.ts';
import { isRefusal, translated } from './discord-errors.ts';
import type { ReplyContext } from './reply-context.ts';

/** Whether somebody is in a server is not asked again for so long. */
const knownForMs = 60_000;
const mostRemembered = 5_000;

/** Who is in the server of a place, and what they are there. */
export const createServerMembers = ({
  calls,
  clock,
}: {
  readonly calls: Pick<DiscordCalls, 'isMember' | 'giveRole'>;
  readonly clock: Pick<Clock, 'now'>;
}) => {
  const known = new QuickLRU<string, { readonly asked: Promise<boolean>; readonly until: number }>({
    maxSize: mostRemembered,
  });

  const ask = async (guild: string, user: string): Promise<boolean> => {
    try {
      await calls.isMember(guild, user);
      return true;
    } catch (error) {
      if (isRefusal(error, Code.UnknownMember, Code.UnknownUser)) return false;
      throw error;
    }
  };

  const isMember = (guild: string, user: string): Promise<boolean> => {
    const key = `${guild}/${user}`;
    const before = known.get(key);
    if (before && before.until > clock.now()) return before.asked;
    const asked = ask(guild, user);
    known.set(key, { asked, until: clock.now() + knownForMs });
    asked.catch(() => known.delete(key));
    return asked;
  };

  return {
    /** In a conversation that is no server's, those who take part in it; of others' servers nothing is known. */
    isMember: async ({ guild, isGuest, user: asker }: ReplyContext, user: string): Promise<boolean> => {
      if (guild === null) return user === asker;
      return isGuest || (await translated(() => isMember(guild, user)));
    },
    /** @throws GramzoomError `permissions-missing` also where the role stands above the bot's own */
    giveRole: async (
      { guild, isGuest }: ReplyContext,
      given: { readonly user: string; readonly role: string },
    ): Promise<void> => {
      if (guild === null || isGuest) {
        throw new GramzoomError('chat-refused', { platform: 'discord', reason: 'place' });
      }
      await translated(() => calls.giveRole(guild, given), { needs: ['manage-roles'] });
    },
  };
};
