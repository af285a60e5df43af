import {
  SlackError,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { z } from 'zod';
import { type ChatRefusal, GramzoomError } from '../../domain/errors.ts';
import { optional } from '../shared/lenient.ts';
import { slackSetupWords } from './setup-words.ts';

/** What the bot lacks where it is no member; other permissions are named as Slack names scopes. */
export const channelMembership = 'channel-membership';

/** What Slack says of a token that it does not take (any more). */
export const refusedTokens: readonly string[] = [
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'],
  'not_allowed_token_type',
];

/** @param key the setting that holds what Slack does not take */
export const tokenRefused = (
  key: keyof typeof slackSetupWords.refused,
  cause: unknown,
): GramzoomError<'token-refused'> =>
  new GramzoomError(
    'token-refused',
    { platform: 'Slack', key, advice: slackSetupWords.refused[key] },
    { cause },
  );

/** There is nobody and nothing (any more), or never was for us. */
const goneCodes: readonly string[] = [
  // The bot itself is there no more.
  ...refusedTokens,
  ...['team_access_not_granted', 'team_not_found'],
  ...[
    'channel_not_found',
    'invalid_channel',
    'message_not_found',
    'thread_not_found',
    'file_not_found',
    'file_deleted',
  ],
  ...['user_not_found', 'users_not_found', 'user_disabled', 'cannot_dm_bot', 'user_not_in_channel'],
  // Nobody waits for that form any more.
  ...[
    'expired_trigger_id',
    'exchanged_trigger_id',
    'invalid_trigger_id',
    'trigger_expired',
    'view_not_found',
  ],
];

/** It passes. */
const laterCodes: readonly string[] = [
  ...['ratelimited', 'rate_limited', 'message_limit_exceeded', 'accesslimited'],
  ...['file_update_failed', 'fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'],
  ...['team_added_to_org', 'org_login_required', 'external_channel_migrating'],
];

/** Where it goes is the reason. */
const placeCodes: readonly string[] = [
  ...['is_archived', 'cannot_reply_to_message', 'access_denied', 'no_permission', 'ekm_access_denied'],
  ...['enterprise_is_restricted', 'method_not_supported_for_channel_type', 'storage_limit_reached'],
  'posting_to_channel_denied',
  ...['file_uploads_disabled', 'file_uploads_except_images_disabled', 'restricted_action'],
];
const isOfPlace = (code: string): boolean =>
  placeCodes.includes(code) || /^(?:restricted_action|slack_connect)_/.test(code);

const tooLargeCodes: readonly string[] = ['file_too_large', 'file_upload_size_restricted', 'too_large'];

/** Slack's own code of a refusal; undefined for all else, such as a page of the network in front of it. */
const codeOf = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError && /^[a-z][a-z0-9_]*$/.test(error.data.error)
    ? error.data.error
    : undefined;

/** Whether Slack refused with one of these codes of its own, such as `not_in_channel`; also once it is translated. */
export const isError = (error: unknown, ...codes: readonly string[]): boolean => {
  const code = codeOf(error instanceof GramzoomError ? error.cause : error);
  return code !== undefined && codes.includes(code);
};

const scopesSchema = z.object({ needed: optional(z.string()), provided: optional(z.string()) });
const listOf = (text = ''): readonly string[] => text.split(',').flatMap((each) => each.trim() || []);

/** The scopes that were needed for a request and are not granted. */
const missingScopes = (error: WebAPIPlatformError): readonly string[] => {
  const { needed, provided } = scopesSchema.parse(error.data);
  const granted = listOf(provided);
  const missing = listOf(needed).filter((scope) => !granted.includes(scope));
  return missing.length > 0 ? missing : listOf(needed);
};

const refusal = (error: WebAPIPlatformError, code: string, bytes: number): GramzoomError => {
  const [platform, options] = ['Slack', { cause: error }];
  if (code === 'missing_scope') {
    const permissions = missingScopes(error);
    if (permissions.length > 0) return new GramzoomError('permissions-missing', { permissions }, options);
  }
  if (code === 'not_in_channel')
    return new GramzoomError('permissions-missing', { permissions: [channelMembership] }, options);
  if (code === 'messages_tab_disabled') return new GramzoomError('messages-closed', {}, options);
  if (tooLargeCodes.includes(code)) return new GramzoomError('file-too-large', { bytes }, options);
  if (laterCodes.includes(code))
    return new GramzoomError('chat-unreachable', { platform, reason: code }, options);
  if (goneCodes.includes(code)) return new GramzoomError('chat-gone', { platform }, options);
  const reason: ChatRefusal = isOfPlace(code) ? 'place' : 'other';
  return new GramzoomError('chat-refused', { platform, reason }, options);
};

const isTimeout = (error: Error): boolean => error.name === 'TimeoutError' || error.name === 'AbortError';

/**
 * What was thrown while talking to Slack, in our terms: `chat-unreachable` for what passes, `chat-gone` where there is
 * nobody (any more), `permissions-missing` for scopes and membership, `messages-closed`, `file-too-large`, and
 * `chat-refused` for what Slack never takes. A refusal of Slack's that nobody knows yet is `chat-refused`.
 * @param options.bytes of what was sent
 */
export const translateError = (
  error: unknown,
  { bytes = 0 }: { readonly bytes?: number } = {},
): GramzoomError => {
  if (error instanceof GramzoomError) return error;
  const unreachable = (reason: string): GramzoomError =>
    new GramzoomError('chat-unreachable', { platform: 'Slack', reason }, { cause: error });
  const code = codeOf(error);
  if (error instanceof WebAPIPlatformError)
    return code === undefined ? unreachable('its answer cannot be read') : refusal(error, code, bytes);
  if (error instanceof WebAPIRateLimitedError)
    return unreachable(`too many requests, ${error.retryAfter} s to wait`);
  if (error instanceof WebAPIHTTPError) {
    return error.statusCode === 413
      ? new GramzoomError('file-too-large', { bytes }, { cause: error })
      : unreachable(`status ${error.statusCode}`);
  }
  if (error instanceof WebAPIRequestError)
    return unreachable(isTimeout(error.original) ? 'no answer in time' : 'the network');
  const reason = error instanceof Error ? error.message : String(error);
  return error instanceof SlackError
    ? unreachable(reason)
    : new GramzoomError('internal', { reason }, { cause: error });
};

/** Does something with Slack. @throws GramzoomError as `translateError` has it */
export const translated = async <T>(
  work: () => Promise<T>,
  options: { readonly bytes?: number } = {},
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw translateError(error, options);
  }
};
