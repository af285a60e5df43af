import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import { optional } from '../shared/lenient.ts';
import type { SlackPlace } from './place.ts';
import type { SlackCalls } from './slack-calls.ts';
import { channelMembership, isError } from './slack-errors.ts';

const info = z.object({
  channel: z.object({ is_member: optional(z.boolean()), is_archived: optional(z.boolean()) }),
});

const missing = (cause?: unknown): GramzoomError =>
  new GramzoomError('permissions-missing', { permissions: [channelMembership] }, { cause });

/** Whether the bot is in a channel, without which it cannot speak there. */
export const createMembership = (calls: SlackCalls) => {
  const look = async ({ tenant, channel }: SlackPlace) =>
    (await calls.call('conversations.info', { channel }, { tenant, schema: info })).channel;

  /** Public channels can be joined by anybody; into private ones somebody has to invite. */
  const join = async ({ tenant, channel }: SlackPlace): Promise<void> => {
    try {
      await calls.call('conversations.join', { channel }, { tenant });
    } catch (error) {
      if (error instanceof GramzoomError && error.retry === 'later') throw error;
      throw missing(error);
    }
  };

  return {
    /**
     * Says something, after joining the channel where that is what it lacks.
     * @throws GramzoomError `permissions-missing` where it cannot join
     */
    within: async <T>(place: SlackPlace, work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        if (!isError(error, 'not_in_channel')) throw error;
        await join(place);
        return await work();
      }
    },
    /** Joins where it is no member, as far as Slack tells. @throws GramzoomError `permissions-missing`, `chat-gone` */
    ensure: async (place: SlackPlace): Promise<void> => {
      if (place.isDirect) return;
      try {
        const { is_member, is_archived } = await look(place);
        // Slack takes files for it all the same, and never shares them.
        if (is_archived) throw new GramzoomError('chat-gone', { platform: 'Slack' });
        if (is_member !== false) return;
      } catch (error) {
        if (isError(error, 'missing_scope')) return;
        throw error;
      }
      await join(place);
    },
    /** Whether anything can be said there, as far as Slack tells. */
    isThere: async (place: SlackPlace): Promise<boolean> => {
      try {
        return (await look(place)).is_archived !== true;
      } catch (error) {
        if (isError(error, 'missing_scope')) return true;
        if (error instanceof GramzoomError && error.retry === 'later') throw error;
        return false;
      }
    },
  };
};

export type ChannelMembership = ReturnType<typeof createMembership>;
