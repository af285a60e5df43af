import { RESTJSONErrorCodes as Code, DiscordAPIError, HTTPError } from 'discord.js';
import { type ChatPermission, GramzoomError } from '../../domain/errors.ts';
import { AnswerLost } from './buffered-requests.ts';
import { RequestHeld } from './request-limits.ts';

/** Discord's own code of a refusal; undefined for whatever else went wrong. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : undefined;

export const isRefusal = (error: unknown, ...codes: readonly Code[]): boolean => {
  const code = codeOf(error);
  return code !== undefined && (codes as readonly number[]).includes(code);
};

/** A file, or all of them together, is more than is taken there; the network in front of Discord says so, too. */
export const isTooLarge = (error: unknown): boolean =>
  isRefusal(error, Code.RequestEntityTooLarge) || (error instanceof DiscordAPIError && error.status === 413);

/** An interaction's token does not open anything (any more). */
export const isTokenDead = (error: unknown): boolean =>
  isRefusal(error, Code.InvalidWebhookToken, Code.UnknownWebhook) ||
  (error instanceof DiscordAPIError && error.status === 401);

/** The channel, the message or the person is not there any more, or never was for us. */
const goneCodes: readonly number[] = [
  Code.UnknownChannel,
  Code.UnknownGuild,
  Code.UnknownMember,
  Code.UnknownMessage,
  Code.UnknownUser,
  Code.UnknownWebhook,
  Code.UnknownInteraction,
  Code.InvalidWebhookToken,
  Code.MissingAccess,
  Code.CannotSendMessagesToThisUser,
  Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
  Code.CannotSendMessagesInNonTextChannel,
  Code.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages,
  Code.ThreadLocked,
];

/** Discord asks to come again later, with a status that says otherwise. */
const laterCodes: readonly number[] = [
  Code.APIResourceOverloaded,
  Code.FeatureTemporarilyDisabledServerSide,
  Code.ServiceResourceIsBeingRateLimited,
  Code.OpeningDirectMessagesTooFast,
  Code.SendMessagesHasBeenTemporarilyDisabled,
  Code.ChannelWriteRateLimit,
  Code.ServerWriteRateLimit,
];

const isNetwork = (error: Error): boolean =>
  error.name === 'AbortError' ||
  error instanceof AnswerLost ||
  ('code' in error && typeof error.code === 'string' && /^(?:UND_ERR_|E[A-Z_]+$)/.test(error.code));

const refusal = (error: DiscordAPIError, needs: readonly ChatPermission[]): GramzoomError => {
  const options = { cause: error };
  const { status, message } = error;
  const code = codeOf(error) ?? 0;
  if (goneCodes.includes(code)) return new GramzoomError('chat-gone', { platform: 'discord' }, options);
  if (code === Code.MissingPermissions)
    return new GramzoomError('permissions-missing', { permissions: needs }, options);
  if (laterCodes.includes(code) || status === 401 || status === 429)
    return new GramzoomError('chat-unreachable', { platform: 'discord', reason: message }, options);
  return new GramzoomError('body-invalid', { problem: message }, options);
};

/**
 * What was thrown while talking to Discord, in our terms: `chat-unreachable` for what passes, `chat-gone` where
 * there is nobody (any more), `permissions-missing`, `body-invalid` for what Discord never takes.
 * @param needs what the request takes, which Discord does not say
 */
export const translateError = (
  error: unknown,
  { needs = [] }: { readonly needs?: readonly ChatPermission[] } = {},
): GramzoomError => {
  if (error instanceof GramzoomError) return error;
  const unreachable = (reason: string): GramzoomError =>
    new GramzoomError('chat-unreachable', { platform: 'discord', reason }, { cause: error });
  if (error instanceof DiscordAPIError) return refusal(error, needs);
  if (error instanceof HTTPError) return unreachable(`status ${error.status}`);
  if (error instanceof RequestHeld) return unreachable(error.message);
  if (error instanceof Error && isNetwork(error)) return unreachable('the network');
  const reason = error instanceof Error ? error.message : String(error);
  return new GramzoomError('internal', { reason }, { cause: error });
};

/** Does something with Discord. @throws GramzoomError as `translateError` has it */
export const translated = async <T>(
  work: () => Promise<T>,
  options: { readonly needs?: readonly ChatPermission[] } = {},
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw translateError(error, options);
  }
};
