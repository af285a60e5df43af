import {
  type APIMessage,
  type APIThreadChannel,
  type RESTPostAPIInteractionCallbackWithResponseResult as CallbackResult,
  InteractionResponseType,
  type REST,
  Routes,
} from 'discord.js';
import type { Draft } from './message-draft.ts';
import type { DiscordInteractionRef } from './place.ts';
import { dispensableHeader } from './request-kind.ts';

type NewMessage = {
  /** Makes it the same message when it is sent again within minutes. */
  readonly nonce: string;
  readonly replyTo: string | null;
};

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

/** A day without a word; then Discord hides the thread until somebody writes. */
const archiveAfterMinutes = 1440;

/**
 * The requests that messages are made of. Whatever an interaction's token opens is asked without the bot's own: a
 * token that has lapsed would otherwise make the client forget that one, too.
 */
export const createDiscordCalls = (rest: REST) => {
  const alone = { auth: false } as const;
  const webhookMessage = ({ application, token }: DiscordInteractionRef, id: string) =>
    Routes.webhookMessage(application, token, id);

  return {
    /** Answers an interaction, and thereby acknowledges it. */
    answer: async ({ id, token }: DiscordInteractionRef, { body, files }: Draft): Promise<APIMessage> => {
      const answered = (await rest.post(Routes.interactionCallback(id, token), {
        ...alone,
        query: new URLSearchParams({ with_response: 'true' }),
        body: { type: InteractionResponseType.ChannelMessageWithSource, data: body },
        files,
      })) as CallbackResult;
      const message = answered.resource?.message;
      if (!message) throw new Error('Discord answered without the message that was made');
      return message;
    },
    /** What an interaction was answered with. */
    original: async (interaction: DiscordInteractionRef): Promise<APIMessage> =>
      (await rest.get(webhookMessage(interaction, '@original'), alone)) as APIMessage,
    /** @param options.id of a later answer; the first is `@original` */
    editAnswer: async (
      interaction: DiscordInteractionRef,
      { body, files }: Draft,
      { id, ...manner }: Manner & { readonly id: string },
    ): Promise<APIMessage> =>
      (await rest.patch(webhookMessage(interaction, id), {
        ...{ ...alone, ...inManner(manner), body, files },
      })) as APIMessage,
    removeAnswer: async (interaction: DiscordInteractionRef, id: string): Promise<void> => {
      await rest.delete(webhookMessage(interaction, id), alone);
    },
    /** Says more to an interaction that has been answered. */
    followUp: async (
      { application, token }: DiscordInteractionRef,
      { body, files }: Draft,
    ): Promise<APIMessage> =>
      (await rest.post(Routes.webhook(application, token), {
        ...alone,
        query: new URLSearchParams({ wait: 'true' }),
        body,
        files,
      })) as APIMessage,

    post: async (
      channel: string,
      { body, files }: Draft,
      { nonce, replyTo, ...manner }: NewMessage & Manner,
    ): Promise<APIMessage> => {
      const reference = replyTo !== null && {
        message_reference: { message_id: replyTo, fail_if_not_exists: false },
      };
      return (await rest.post(Routes.channelMessages(channel), {
        ...inManner(manner),
        body: { ...body, ...reference, nonce, enforce_nonce: true },
        files,
      })) as APIMessage;
    },
    edit: async (
      { channel, message }: { readonly channel: string; readonly message: string },
      { body, files }: Draft,
      manner: Manner = {},
    ): Promise<void> => {
      await rest.patch(Routes.channelMessage(channel, message), { ...inManner(manner), body, files });
    },
    remove: async ({
      channel,
      message,
    }: {
      readonly channel: string;
      readonly message: string;
    }): Promise<void> => {
      await rest.delete(Routes.channelMessage(channel, message));
    },
    message: async ({
      channel,
      message,
    }: {
      readonly channel: string;
      readonly message: string;
    }): Promise<APIMessage> => (await rest.get(Routes.channelMessage(channel, message))) as APIMessage,
    /** Those that came right after a message, newest first; at most a hundred. */
    after: async (channel: string, message: string): Promise<readonly APIMessage[]> =>
      (await rest.get(Routes.channelMessages(channel), {
        query: new URLSearchParams({ after: message, limit: '100' }),
      })) as readonly APIMessage[],
    newest: async (channel: string): Promise<readonly APIMessage[]> =>
      (await rest.get(Routes.channelMessages(channel), {
        query: new URLSearchParams({ limit: '100' }),
      })) as readonly APIMessage[],
    react: async (
      { channel, message }: { readonly channel: string; readonly message: string },
      emoji: string,
    ): Promise<void> => {
      await rest.put(Routes.channelMessageOwnReaction(channel, message, encodeURIComponent(emoji)));
    },

    startThread: async (
      { channel, message }: { readonly channel: string; readonly message: string },
      name: string,
    ): Promise<string> => {
      const body = { name, auto_archive_duration: archiveAfterMinutes };
      const { id } = (await rest.post(Routes.threads(channel, message), { body })) as APIThreadChannel;
      return id;
    },
    unarchive: async (thread: string): Promise<void> => {
      await rest.patch(Routes.channel(thread), { body: { archived: false } });
    },
    me: async (): Promise<string> => {
      const { id } = (await rest.get(Routes.user())) as { readonly id: string };
      return id;
    },
  };
};

export type DiscordCalls = ReturnType<typeof createDiscordCalls>;
