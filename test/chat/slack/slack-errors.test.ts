import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { isError, tokenRefused, translated, translateError } from '../../../src/chat/slack/slack-errors.ts';
import { GramzoomError, toFailure } from '../../../src/domain/errors.ts';
import { en } from '../../../src/messages/en.ts';

const platformError = (error: string, data: object = {}) =>
  new WebAPIPlatformError({ ok: false, error, ...data });

const unreachable = (reason: string) => ({
  code: 'chat-unreachable',
  data: { platform: 'Slack', reason },
  retry: 'later',
});
const gone = { code: 'chat-gone', data: { platform: 'Slack' }, retry: 'never' };
const refused = (reason: string) => ({ code: 'chat-refused', data: { platform: 'Slack', reason } });
const lacking = (...permissions: readonly string[]) => ({
  code: 'permissions-missing',
  data: { permissions },
});

describe("Slack's refusals", () => {
  it.each([
    ['ratelimited', unreachable('ratelimited')],
    ['internal_error', unreachable('internal_error')],
    ['service_unavailable', unreachable('service_unavailable')],
    ['token_revoked', gone],
    ['account_inactive', gone],
    ['invalid_auth', gone],
    ['channel_not_found', gone],
    ['message_not_found', gone],
    ['user_not_found', gone],
    ['expired_trigger_id', gone],
    ['not_in_channel', lacking('channel-membership')],
    ['messages_tab_disabled', { code: 'messages-closed' }],
    ['file_upload_size_restricted', { code: 'file-too-large', data: { bytes: 7 } }],
    ['file_update_failed', unreachable('file_update_failed')],
    ['invalid_channel', gone],
    ['posting_to_channel_denied', refused('place')],
    ['is_archived', refused('place')],
    ['restricted_action_thread_locked', refused('place')],
    ['slack_connect_file_upload_sharing_blocked', refused('place')],
    ['msg_too_long', refused('other')],
    ['invalid_blocks', refused('other')],
    ['something_that_slack_added_since', refused('other')],
  ])('are told in our terms: %s', (code, expected) => {
    const error = platformError(code);
    expect(translateError(error, { bytes: 7 })).toMatchObject({ ...expected, cause: error });
  });

  it('name the scopes that are lacking', () => {
    const scopes = { needed: 'channels:read,groups:read', provided: 'chat:write, channels:read' };
    expect(translateError(platformError('missing_scope', scopes))).toMatchObject(lacking('groups:read'));
    expect(translateError(platformError('missing_scope', { needed: 'files:write' }))).toMatchObject(
      lacking('files:write'),
    );
    expect(translateError(platformError('missing_scope', { needed: null }))).toMatchObject(refused('other'));
  });

  it('are known by their codes, before and after', async () => {
    const error = platformError('already_reacted');
    expect(isError(error, 'no_reaction', 'already_reacted')).toBe(true);
    expect(isError(translateError(error), 'already_reacted')).toBe(true);
    expect(isError(error, 'no_reaction')).toBe(false);
    expect(isError(new Error('already_reacted'), 'already_reacted')).toBe(false);
  });
});

describe('a setting that Slack does not accept', () => {
  it.each([
    ['SLACK_BOT_TOKEN', 'OAuth & Permissions'],
    ['SLACK_APP_TOKEN', 'connections:write'],
    ['SLACK_CLIENT_ID', 'Client ID'],
    ['SLACK_CLIENT_SECRET', 'Client Secret'],
  ] as const)('%s is told with where to find the right one, in one sentence', (key, place) => {
    const sentence = en.operatorSentence(toFailure(tokenRefused(key, null)));
    expect(sentence).toMatch(new RegExp(`^Slack does not accept ${key}: .*${place}.*\\.$`));
    expect(sentence.slice(0, -1)).not.toMatch(/[.!?]\s/);
  });
});

describe('trouble on the way to Slack', () => {
  it.each([
    ['too many requests', new WebAPIRateLimitedError(30), unreachable('too many requests, 30 s to wait')],
    ['an error of a server', new WebAPIHTTPError(503, '', {}, ''), unreachable('status 503')],
    ['a lost answer', new WebAPIHTTPError(408, '', {}, ''), unreachable('status 408')],
    ['a file too many', new WebAPIHTTPError(413, '', {}, ''), { code: 'file-too-large', data: { bytes: 7 } }],
    [
      'silence',
      new WebAPIRequestError(new DOMException('it took too long', 'TimeoutError')),
      unreachable('no answer in time'),
    ],
    ['no way', new WebAPIRequestError(new TypeError('fetch failed')), unreachable('the network')],
    [
      'a page that is no answer',
      platformError('<!DOCTYPE html><html>'),
      unreachable('its answer cannot be read'),
    ],
  ])('is told: %s', (_what, error, expected) => {
    expect(translateError(error, { bytes: 7 })).toMatchObject({ ...expected, cause: error });
  });

  it('leaves errors of ours as they are, and takes others for faults of ours', async () => {
    const own = new GramzoomError('not-found', {});
    await expect(translated(() => Promise.reject(own))).rejects.toBe(own);
    await expect(translated(() => Promise.reject(new Error('a slip')))).rejects.toMatchObject({
      code: 'internal',
      data: { reason: 'a slip' },
    });
    expect(await translated(async () => 3)).toBe(3);
  });
});
