import { type APIMessage, InteractionResponseType, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import { AnswerLost } from './buffered-requests.ts';
import type { Draft } from './message-draft.ts';
import type { InteractionRef, MessageAt } from './reply-context.ts';
import { dispensableHeader } from './request-kind.ts';
import { snowflake } from './snowflake.ts';

/** How much a request matters. */
export type Manner = {
  /** Once it aborts nobody waits for the answer any more; what is asked for may still happen. */
  readonly signal?: AbortSignal | undefined;
  /** Nobody would miss it. */
  readonly isDispensable?: boolean;
};

const inManner = ({ signal, isDispensable = false }: Manner) => ({
  ...(signal && { signal }),
  ...(isDispensable && { headers: { [dispensableHeader]: 'yes' } }),
});

const thing = z.looseObject({ id: snowflake });
const message = thing.extend({
  channel_id: snowflake,
  author: thing,
  content: z.string(),
  attachments: z.array(z.looseObject({ filename: z.string() })),
  thread: thing.optional(),
});
const refreshedUrls = z.looseObject({
  refreshed_urls: z.array(z.looseObject({ refreshed: z.string() })),
});
const member = z.looseObject({ roles: z.array(snowflake) });
const answered = z.looseObject({ resource: z.looseObject({ message }) });

/**
 * What came back, as far as anything follows from it. An answer without that (an empty one, a page) says nothing of
 * what was done. @throws AnswerLost
 */
const read = <S extends z.ZodType>(schema: S, answer: unknown): z.output<S> => {
  const { data, success } = schema.safeParse(answer);
  if (success) return data;
  throw new AnswerLost('an answer that is none of Discord’s');
};

const asMessage = (answer: unknown): APIMessage => read(message, answer) as unknown as APIMessage;
const asMessages = (answer: unknown): readonly APIMessage[] =>
  read(z.array(message), answer) as unknown as readonly APIMessage[];

/** A day without a word; then Discord hides the thread until somebody writes. */
const archiveAfterMinutes = 1440;

/**
 * The requests that messages are made of. Whatever an interaction's token opens is asked without the bot's own: a
 * token that has lapsed would otherwise make the client forget that one, too.
 */
export const createDiscordCalls = (rest: REST) => {
  const alone = { auth: false } as const;
  const webhookMessage = ({ application, token }: InteractionRef, id: string) =>
    Routes.webhookMessage(application, token, id);

  return {
    /** Answers an interaction, and thereby acknowledges it. */
    answer: async ({ id, token }: InteractionRef, { body, files }: Draft): Promise<APIMessage> => {
      const answer = await rest.post(Routes.interactionCallback(id, token), {
        ...alone,
        query: new URLSearchParams({ with_response: 'true' }),
        body: { type: InteractionResponseType.ChannelMessageWithSource, data: body },
        files,
      });
      return read(answered, answer).resource.message as unknown as APIMessage;
    },
    /** What an interaction was answered with. */
    original: async (interaction: InteractionRef): Promise<APIMessage> =>
      asMessage(await rest.get(webhookMessage(interaction, '@original'), alone)),
    /** @param options.id of a later answer; the first is `@original` */
    editAnswer: async (
      interaction: InteractionRef,
      { body, files }: Draft,
      { id, ...manner }: Manner & { readonly id: string },
    ): Promise<APIMessage> =>
      asMessage(
        await rest.patch(webhookMessage(interaction, id), {
          ...{ ...alone, ...inManner(manner), body, files },
        }),
      ),
    removeAnswer: async (interaction: InteractionRef, id: string): Promise<void> => {
      await rest.delete(webhookMessage(interaction, id), alone);
    },
    /** Says more to an interaction that has been answered. */
    followUp: async ({ application, token }: InteractionRef, { body, files }: Draft): Promise<APIMessage> =>
      asMessage(
        await rest.post(Routes.webhook(application, token), {
          ...alone,
          query: new URLSearchParams({ wait: 'true' }),
          body,
          files,
        }),
      ),

    post: async (
      channel: string,
      { body, files }: Draft,
      /** The nonce makes it the same message when it is sent again within minutes. */
      { nonce, replyTo, ...manner }: Manner & { readonly nonce: string; readonly replyTo: string | null },
    ): Promise<APIMessage> => {
      const reference = replyTo !== null && {
        message_reference: { message_id: replyTo, fail_if_not_exists: false },
      };
      return asMessage(
        await rest.post(Routes.channelMessages(channel), {
          ...inManner(manner),
          body: { ...body, ...reference, nonce, enforce_nonce: true },
          files,
        }),
      );
    },
    edit: async (
      { channel, message }: MessageAt,
      { body, files }: Draft,
      manner: Manner = {},
    ): Promise<void> => {
      asMessage(
        await rest.patch(Routes.channelMessage(channel, message), { ...inManner(manner), body, files }),
      );
    },
    remove: async ({ channel, message }: MessageAt): Promise<void> => {
      await rest.delete(Routes.channelMessage(channel, message));
    },
    message: async ({ channel, message }: MessageAt): Promise<APIMessage> =>
      asMessage(await rest.get(Routes.channelMessage(channel, message))),
    /** Those that came right after a message, newest first; at most a hundred. */
    after: async (channel: string, message: string): Promise<readonly APIMessage[]> =>
      asMessages(
        await rest.get(Routes.channelMessages(channel), {
          query: new URLSearchParams({ after: message, limit: '100' }),
        }),
      ),
    newest: async (channel: string): Promise<readonly APIMessage[]> =>
      asMessages(
        await rest.get(Routes.channelMessages(channel), { query: new URLSearchParams({ limit: '100' }) }),
      ),
    /** Harmless where it is pinned already. */
    pin: async ({ channel, message }: MessageAt): Promise<void> => {
      await rest.put(Routes.channelMessagesPin(channel, message));
    },
    react: async ({ channel, message }: MessageAt, emoji: string): Promise<void> => {
      await rest.put(Routes.channelMessageOwnReaction(channel, message, encodeURIComponent(emoji)));
    },

    startThread: async ({ channel, message }: MessageAt, name: string): Promise<string> => {
      const body = { name, auto_archive_duration: archiveAfterMinutes };
      return read(thing, await rest.post(Routes.threads(channel, message), { body })).id;
    },
    unarchive: async (thread: string): Promise<void> => {
      await rest.patch(Routes.channel(thread), { body: { archived: false } });
    },
    /** The address of an attachment as it is today; undefined if there is none any more. */
    refreshed: async (
      url: string,
      { signal }: { readonly signal: AbortSignal },
    ): Promise<string | undefined> => {
      const body = { attachment_urls: [url] };
      const answer = await rest.post('/attachments/refresh-urls', { body, signal });
      return read(refreshedUrls, answer).refreshed_urls[0]?.refreshed;
    },
    me: async (): Promise<string> => read(thing, await rest.get(Routes.user())).id,
    /** Looks whether a channel or thread is there, for the bot. */
    channel: async (id: string): Promise<void> => {
      read(thing, await rest.get(Routes.channel(id)));
    },
    /** Harmless where they have it. */
    giveRole: async (
      guild: string,
      { user, role }: { readonly user: string; readonly role: string },
    ): Promise<void> => {
      await rest.put(Routes.guildMemberRole(guild, user, role));
    },
    /** Refused with `UnknownMember` where they are none. */
    isMember: async (guild: string, user: string): Promise<void> => {
      read(member, await rest.get(Routes.guildMember(guild, user)));
    },
    /** The channel of direct messages with somebody. */
    directMessages: async (user: string): Promise<string> =>
      read(thing, await rest.post(Routes.userChannels(), { body: { recipient_id: user } })).id,
  };
};

export type DiscordCalls = ReturnType<typeof createDiscordCalls>;
