import { RESTJSONErrorCodes as Code, DiscordAPIError, HTTPError } from 'discord.js';
import { errnoOf } from '../../domain/errno.ts';
import { type ChatRefusal, GramzoomError } from '../../domain/errors.ts';
import { AnswerLost } from './buffered-requests.ts';
import type { DiscordPermission } from './permissions.ts';
import { RequestHeld } from './request-limits.ts';

/** Discord's own code of a refusal; undefined for what the network in front of it says, and for all else. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof DiscordAPIError && typeof error.code === 'number' && error.code !== 0
    ? error.code
    : undefined;

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

/** There is nobody and nothing (any more), or never was for us; what else has status 404 is no better. */
const goneCodes: readonly number[] = [
  Code.InvalidWebhookToken,
  Code.MissingAccess,
  Code.CannotSendMessagesToThisUser,
  Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
];

/** What came out is the reason, and not where it goes. */
const contentCodes: readonly number[] = [
  Code.ExplicitContentCannotBeSentToTheDesiredRecipient,
  Code.MessageWasBlockedByAutomaticModeration,
  Code.TitleWasBlockedByAutomaticModeration,
  Code.MessageBlockedByHarmfulLinksFilter,
];

/** Where it goes is the reason. */
const placeCodes: readonly number[] = [
  Code.InvalidActionOnArchivedThread,
  Code.ThreadLocked,
  Code.MaximumActiveThreads,
  Code.MaximumActiveAnnouncementThreads,
  Code.MaximumThreadParticipantsReached,
  Code.CannotSendMessagesInNonTextChannel,
  Code.CannotExecuteActionOnThisChannelType,
  Code.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages,
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

/**
 * Whether it will be refused again, however often it is tried: Discord itself says so, by a code of its own. A status
 * without one comes from the network in front of it, and passes.
 */
export const isLasting = (error: unknown): boolean => {
  const code = codeOf(error);
  if (code === undefined || !(error instanceof DiscordAPIError)) return false;
  if (goneCodes.includes(code)) return true;
  const { status } = error;
  return status >= 400 && status < 500 && status !== 401 && status !== 429 && !laterCodes.includes(code);
};

/** What is asked for, or asked about, is not there, as Discord itself says. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof DiscordAPIError && error.status === 404 && isLasting(error);

const isNetwork = (error: Error): boolean =>
  error.name === 'AbortError' ||
  error instanceof AnswerLost ||
  /^(?:UND_ERR_|E[A-Z_]+$)/.test(errnoOf(error) ?? '');

const reasonOf = (code: number): ChatRefusal => {
  if (contentCodes.includes(code)) return 'content';
  return placeCodes.includes(code) ? 'place' : 'other';
};

const refusal = (error: DiscordAPIError, needs: readonly DiscordPermission[]): GramzoomError => {
  const options = { cause: error };
  const platform = 'discord';
  const code = codeOf(error) ?? 0;
  if (!isLasting(error)) {
    const reason = `status ${error.status}${code === 0 ? '' : `, ${error.message}`}`;
    return new GramzoomError('chat-unreachable', { platform, reason }, options);
  }
  if (goneCodes.includes(code) || isNotFound(error))
    return new GramzoomError('chat-gone', { platform }, options);
  if (code === Code.MissingPermissions)
    return new GramzoomError('permissions-missing', { permissions: needs }, options);
  return new GramzoomError('chat-refused', { platform, reason: reasonOf(code) }, options);
};

/**
 * What was thrown while talking to Discord, in our terms: `chat-unreachable` for what passes, `chat-gone` where
 * there is nobody (any more), `permissions-missing` and `chat-refused` for what Discord never takes.
 * @param needs what the request takes, which Discord does not say
 */
export const translateError = (
  error: unknown,
  { needs = [] }: { readonly needs?: readonly DiscordPermission[] } = {},
): GramzoomError => {
  if (error instanceof GramzoomError) return error;
  const unreachable = (reason: string): GramzoomError =>
    new GramzoomError('chat-unreachable', { platform: 'Discord', reason }, { cause: error });
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
  options: { readonly needs?: readonly DiscordPermission[] } = {},
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw translateError(error, options);
  }
};
