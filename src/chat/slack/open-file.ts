import { z } from 'zod';
import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { createAllowedHosts } from '../shared/allowed-hosts.ts';
import { createDownload } from '../shared/download-attachment.ts';
import { optional } from '../shared/lenient.ts';
import type { SlackAttachment } from './attachment-ref.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';

/** Where Slack keeps the files of people. */
export const slackFileHosts: readonly string[] = ['files.slack.com', 'files.slack-gov.com'];

/** An event may come before the file can be had. */
const retryAfterMs = [500, 1000, 2000];

const info = z.object({
  file: z.object({
    url_private_download: optional(z.url()),
    url_private: optional(z.url()),
    size: optional(z.number()),
  }),
});

/** A page to log in at stands for a file that the bot may not read. */
const refuses = (response: Response): GramzoomError | undefined => {
  const { status, headers } = response;
  const isPage = status === 200 && /^text\/html\b/i.test(headers.get('content-type') ?? '');
  const leadsToLogin = headers.get('location')?.includes('redir=') ?? false;
  return isPage || leadsToLogin
    ? new GramzoomError('permissions-missing', { permissions: ['files:read'] })
    : undefined;
};

/** Opens files of people with the token of a tenant, which goes to Slack's own hosts only. */
export const createOpenFile = ({
  calls,
  tenants,
  clock,
  fileHosts = slackFileHosts,
}: {
  readonly calls: SlackCalls;
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly clock: Clock;
  readonly fileHosts?: readonly string[] | undefined;
}) => {
  const download = createDownload({
    ...{ platform: 'Slack', hosts: createAllowedHosts(fileHosts), clock, refuses },
  });
  const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform: 'Slack' });

  const look = async ({ tenant, file }: SlackAttachment) => {
    try {
      return (await calls.call('files.info', { file }, { tenant, schema: info })).file;
    } catch (error) {
      // Through Slack Connect a file may be told of before it is there.
      if (isError(error, 'file_not_found')) return {};
      throw error;
    }
  };

  /** Where it is today. @throws GramzoomError `chat-gone` */
  const locate = async (
    attachment: SlackAttachment,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<{ readonly url: string; readonly bytes: number }> => {
    for (const delayMs of [0, ...retryAfterMs]) {
      if (delayMs > 0) await pause(clock, delayMs, { signal });
      const { url_private_download: direct, url_private: url = direct, size } = await look(attachment);
      if (url !== undefined) return { url: direct ?? url, bytes: size ?? attachment.bytes };
    }
    throw gone();
  };

  /**
   * The bytes of a file.
   * @throws GramzoomError `photo-too-many-bytes`, `permissions-missing` where the bot may not read it, `chat-gone`,
   * `chat-unreachable`; `cancelled` once the signal aborts
   */
  return async (
    attachment: SlackAttachment,
    { signal, maxBytes }: { readonly signal: AbortSignal; readonly maxBytes: number },
  ): Promise<Uint8Array> => {
    if (signal.aborted) throw new GramzoomError('cancelled', {});
    const { installation } = await tenants.clients(attachment.tenant);
    const headers = { authorization: `Bearer ${installation.botToken}` };
    const { url, bytes } = attachment;
    const known = url === null ? await locate(attachment, { signal }) : { url, bytes };
    return await download(known, {
      ...{ signal, maxBytes, headers },
      refresh: async () => (await locate(attachment, { signal })).url,
    });
  };
};
