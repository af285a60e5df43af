import { InteractionResponseType as Kind, MessageFlags } from 'discord-api-types/v10';
import type { Core } from '../state/core.ts';
import {
  acknowledge,
  answerMessage,
  type Callback,
  deleteAnswer,
  editAnswer,
  followUp,
  openWebhook,
} from '../state/interaction-answers.ts';
import type { MessageBody } from '../state/message-body.ts';
import { messagePayload } from '../state/message-payload.ts';
import type { Interaction, Message } from '../state/model.ts';
import { type RestCall, type Route, route } from './router.ts';

const webhook = '/webhooks/{webhook_id}/{webhook_token}';

/** The interaction of a webhook's path, and which of its messages is meant. */
const opened = ({ core, param }: RestCall) => ({
  interaction: openWebhook(core, param('webhook_id'), param('webhook_token')),
  id: param('message_id') || '@original',
});

const withResponse = (core: Core, interaction: Interaction, message: Message | null) => ({
  interaction: {
    id: interaction.id,
    type: interaction.type,
    channel_id: interaction.channelId,
    ...(interaction.guildId !== null && { guild_id: interaction.guildId }),
    ...(message && {
      response_message_id: message.id,
      response_message_loading: (message.flags & MessageFlags.Loading) !== 0,
      response_message_ephemeral: message.ephemeralTo !== null,
    }),
  },
  resource: {
    type: interaction.answer ?? Kind.Pong,
    ...(message && { message: messagePayload(core, message) }),
  },
});

const callback = async (call: RestCall) => {
  const { core, param, files } = call;
  const { interaction, message } = await acknowledge(core, {
    id: param('interaction_id'),
    token: param('interaction_token'),
    callback: call.body as Callback,
    files,
  });
  return call.query.get('with_response') === 'true' ? withResponse(core, interaction, message) : undefined;
};

const messageRoutesOf = (path: string): readonly Route[] => [
  route('GET', path, (call) => {
    const { interaction, id } = opened(call);
    return messagePayload(call.core, answerMessage(call.core, interaction, id));
  }),
  route('PATCH', path, async (call) => {
    const { interaction, id } = opened(call);
    const request = { id, body: call.body as MessageBody, files: call.files };
    return messagePayload(call.core, await editAnswer(call.core, interaction, request));
  }),
  route('DELETE', path, (call) => {
    const { interaction, id } = opened(call);
    deleteAnswer(call.core, interaction, id);
  }),
];

/** Answers to interactions; their token is the only key. */
export const interactionRoutes: readonly Route[] = [
  route('POST', '/interactions/{interaction_id}/{interaction_token}/callback', callback),
  route('POST', webhook, async (call) => {
    const { interaction } = opened(call);
    const request = { body: call.body as MessageBody, files: call.files };
    return messagePayload(call.core, await followUp(call.core, interaction, request));
  }),
  ...messageRoutesOf(`${webhook}/messages/@original`),
  ...messageRoutesOf(`${webhook}/messages/{message_id}`),
];
