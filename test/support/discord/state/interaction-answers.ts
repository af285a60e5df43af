import {
  InteractionType,
  InteractionResponseType as Kind,
  MessageFlags,
  MessageType,
  RESTJSONErrorCodes,
} from 'discord-api-types/v10';
import { getChannel } from './channels.ts';
import type { Core } from './core.ts';
import { discordError } from './discord-error.ts';
import { checkChoices, checkedForm, wrongAnswer } from './forms.ts';
import { acknowledgeMs, tokenMs } from './interactions.ts';
import { type MessageBody, type RequestFiles, uploadsOf } from './message-body.ts';
import { createMessage, deleteMessage, editMessage, getMessage } from './messages.ts';
import type { Interaction, Message } from './model.ts';
import { storeFiles } from './stored-files.ts';

const mostFollowUpsOfUserApps = 5;

export type Callback = {
  readonly type: Kind;
  readonly data?: MessageBody & { readonly choices?: Interaction['choices'] } & Partial<Form>;
};

type Form = NonNullable<Interaction['form']>;

const isEphemeral = (interaction: Interaction, body: MessageBody | undefined): boolean =>
  interaction.forcedEphemeral || ((body?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;

const typeOf = ({ type, targetMessageId }: Interaction): MessageType => {
  if (type !== InteractionType.ApplicationCommand) return MessageType.Reply;
  return targetMessageId === null ? MessageType.ChatInputCommand : MessageType.ContextMenuCommand;
};

/** The bot's answer in the channel, or for the user alone. */
const say = async (
  core: Core,
  interaction: Interaction,
  {
    body,
    files,
    loading = false,
    isFollowUp = false,
  }: { body: MessageBody; files: RequestFiles; loading?: boolean; isFollowUp?: boolean },
): Promise<Message> => {
  const channel = getChannel(core, interaction.channelId);
  const ephemeral = isEphemeral(interaction, body);
  const limits = { channel, maxBytes: interaction.maxFileBytes, ephemeral };
  const stored = await storeFiles(core, uploadsOf(body, files), limits);
  const source = isFollowUp ? interaction.originalId : interaction.sourceMessageId;
  const answersMessage = isFollowUp || interaction.type !== InteractionType.ApplicationCommand;
  return createMessage(core, {
    channel,
    authorId: core.application.id,
    type: isFollowUp ? MessageType.Reply : typeOf(interaction),
    body: answersMessage && source !== null ? { ...body, message_reference: { message_id: source } } : body,
    files: stored,
    interaction,
    ephemeralTo: ephemeral ? interaction.userId : null,
    loading,
  });
};

const edit = async (
  core: Core,
  interaction: Interaction,
  { message, body, files }: { message: Message; body: MessageBody; files: RequestFiles },
): Promise<Message> => {
  const channel = getChannel(core, interaction.channelId);
  const ephemeral = message.ephemeralTo !== null;
  const limits = { channel, maxBytes: interaction.maxFileBytes, ephemeral };
  const stored = await storeFiles(core, uploadsOf(body, files), limits);
  return editMessage(core, channel, { message, body, files: stored });
};

/**
 * The first answer.
 * @throws DiscordError 10062 after three seconds or for an unknown token, 40060 for a second answer
 */
export const acknowledge = async (
  core: Core,
  { id, token, files, callback }: { id: string; token: string; callback: Callback; files: RequestFiles },
): Promise<{ readonly interaction: Interaction; readonly message: Message | null }> => {
  const interaction = core.interactions.get(token);
  if (!interaction || interaction.id !== id) throw discordError(RESTJSONErrorCodes.UnknownInteraction);
  if (interaction.acknowledgedAt !== null) {
    throw discordError(RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged);
  }
  if (interaction.failed || core.clock.now() - interaction.createdAt >= acknowledgeMs) {
    throw discordError(RESTJSONErrorCodes.UnknownInteraction);
  }
  interaction.acknowledgedAt = core.clock.now();
  interaction.answer = callback.type;
  try {
    const message = await answer(core, interaction, { callback, files });
    interaction.originalId = message?.id ?? null;
    core.changed();
    return { interaction, message };
  } catch (error) {
    // What was refused was no answer.
    interaction.acknowledgedAt = null;
    interaction.answer = null;
    throw error;
  }
};

const answer = async (
  core: Core,
  interaction: Interaction,
  { callback, files }: { callback: Callback; files: RequestFiles },
): Promise<Message | null> => {
  const body = callback.data ?? {};
  switch (callback.type) {
    case Kind.ChannelMessageWithSource:
      return await say(core, interaction, { body, files });
    case Kind.DeferredChannelMessageWithSource:
      interaction.loading = true;
      return await say(core, interaction, {
        body: { flags: body.flags ?? 0 },
        files: new Map(),
        loading: true,
      });
    case Kind.DeferredMessageUpdate:
    case Kind.UpdateMessage: {
      const channel = getChannel(core, interaction.channelId);
      const message = getMessage(channel, interaction.sourceMessageId ?? '');
      if (callback.type === Kind.DeferredMessageUpdate) return message;
      return await edit(core, interaction, { message, body, files });
    }
    case Kind.Modal:
      interaction.form = checkedForm(interaction, callback.data);
      return null;
    case Kind.ApplicationCommandAutocompleteResult:
      if (interaction.type !== InteractionType.ApplicationCommandAutocomplete) throw wrongAnswer();
      checkChoices(callback.data?.choices ?? []);
      interaction.choices = callback.data?.choices ?? [];
      return null;
    default:
      return null;
  }
};

/**
 * The interaction that a webhook's token belongs to.
 * @throws DiscordError 50027 after fifteen minutes, 10015 for an unknown token or before the first answer
 */
export const openWebhook = (core: Core, applicationId: string, token: string): Interaction => {
  const interaction = core.interactions.get(token);
  if (!interaction || applicationId !== core.application.id) {
    throw discordError(RESTJSONErrorCodes.UnknownWebhook);
  }
  if (interaction.expired || core.clock.now() - interaction.createdAt >= tokenMs) {
    throw discordError(RESTJSONErrorCodes.InvalidWebhookToken);
  }
  if (interaction.acknowledgedAt === null) throw discordError(RESTJSONErrorCodes.UnknownWebhook);
  return interaction;
};

/** A message of the interaction, by its id or `@original`. */
export const answerMessage = (core: Core, interaction: Interaction, id: string): Message => {
  const channel = getChannel(core, interaction.channelId);
  const wanted = id === '@original' ? interaction.originalId : id;
  const isOwn = wanted === interaction.originalId || interaction.followUps.includes(wanted ?? '');
  if (wanted === null || !isOwn) throw discordError(RESTJSONErrorCodes.UnknownMessage);
  return getMessage(channel, wanted);
};

export const editAnswer = async (
  core: Core,
  interaction: Interaction,
  request: { readonly id: string; readonly body: MessageBody; readonly files: RequestFiles },
): Promise<Message> => {
  const message = answerMessage(core, interaction, request.id);
  const edited = await edit(core, interaction, { ...request, message });
  if (message.id === interaction.originalId) interaction.loading = false;
  return edited;
};

/**
 * Says more. The first word after a deferral fills the deferred message, and is as visible as that was.
 * @throws DiscordError 40094 for the sixth of an application that only the user has installed
 */
export const followUp = async (
  core: Core,
  interaction: Interaction,
  request: { readonly body: MessageBody; readonly files: RequestFiles },
): Promise<Message> => {
  if (interaction.loading && interaction.originalId !== null) {
    return await editAnswer(core, interaction, { ...request, id: interaction.originalId });
  }
  if (interaction.userInstalledOnly && interaction.followUps.length >= mostFollowUpsOfUserApps) {
    throw discordError(RESTJSONErrorCodes.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages);
  }
  const message = await say(core, interaction, { ...request, isFollowUp: true });
  interaction.followUps.push(message.id);
  return message;
};

export const deleteAnswer = (core: Core, interaction: Interaction, id: string): void => {
  const message = answerMessage(core, interaction, id);
  deleteMessage(core, getChannel(core, interaction.channelId), message);
  if (message.id === interaction.originalId) interaction.loading = false;
};
