import { REST, type RESTOptions } from 'discord.js';
import { createBufferedRequests } from './buffered-requests.ts';

/** An upload of 10 MiB takes its time on a slow line; given up, it would be sent again. */
const timeoutMs = 60_000;
/** After these the use cases try again themselves, with growing pauses. */
const retries = 2;
/** Whoever waits longer for a rate limit would keep others waiting: that is tried again later, too. */
const longestWaitMs = 30_000;

/**
 * How discord.js shall talk to Discord, for `new Client({ rest })` and for a `REST` of its own.
 * @param options.api another address than Discord's, such as `http://127.0.0.1:1234/api`
 * @returns the options, and what closes their connections once nothing is on its way any more
 */
export const createRestOptions = ({
  api,
}: {
  readonly api?: string | undefined;
} = {}): { readonly options: Partial<RESTOptions>; close(): Promise<void> } => {
  const { makeRequest, close } = createBufferedRequests();
  return {
    options: {
      ...(api !== undefined && { api }),
      makeRequest,
      timeout: timeoutMs,
      retries,
      userAgentAppendix: 'gramzoom',
      rejectOnRateLimit: ({ timeToReset, retryAfter, sublimitTimeout }) =>
        Math.max(timeToReset, retryAfter, sublimitTimeout) > longestWaitMs,
    },
    close,
  };
};

/** A way to talk to Discord without a gateway. */
export const createDiscordRest = ({
  token,
  ...given
}: {
  readonly token: string;
  readonly api?: string | undefined;
}): { readonly rest: REST; close(): Promise<void> } => {
  const { options, close } = createRestOptions(given);
  const rest = new REST(options).setToken(token);
  return {
    rest,
    close: async () => {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      await close();
    },
  };
};
