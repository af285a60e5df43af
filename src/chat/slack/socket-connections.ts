import { WebAPIRateLimitedError } from '@slack/web-api';
import { backoffMs } from '../../concurrency/backoff.ts';
import { pause } from '../../concurrency/pause.ts';
import { type GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { SlackRequest } from './receiver.ts';
import { isError, refusedTokens, tokenRefused, translateError } from './slack-errors.ts';
import { openSocketConnection, type SocketConnection } from './socket-connection.ts';

/**
 * During the disconnects that Slack makes all day one connection hears nothing for seconds; the other does. Slack
 * allows ten, but what goes to one that nobody listens on any more is lost.
 */
const connections = 2;
/** A start waits so long for the first; it keeps trying behind that. */
const patienceMs = 20_000;
/** One that lasted less than this was no success. */
const stableMs = 10_000;
/** `apps.connections.open` may be called a few times a minute. */
const backoff = { firstMs: 2_000, longestMs: 120_000 };

/** With these Slack says that this token never opens a connection. */
const refusals = [...refusedTokens, 'missing_scope', 'user_removed_from_team', 'team_disabled'];

/**
 * The connections of Socket Mode, each opened again as soon as it is closed.
 * @param options.onEnd Slack lets the bot in no more: this process hears nothing and should end
 */
export const createSocketConnections = ({
  appToken,
  apiUrl,
  onRequest,
  onEnd,
  clock,
  log,
}: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly onRequest: (request: SlackRequest) => void;
  readonly onEnd: (error: GramzoomError) => void;
  readonly clock: Clock;
  readonly log: AppLog;
}) => {
  const leaving = new AbortController();
  const { signal } = leaving;
  const open = new Set<SocketConnection>();
  const keeping: Promise<void>[] = [];
  let areOthersKnown = false;

  const onHello = (counted: number): void => {
    const areOthers = counted > connections;
    if (areOthers && !areOthersKnown) {
      log.warn('slack: other connections of this app are open, and what goes to them is lost here', {
        ...{ counted, own: connections },
      });
    }
    areOthersKnown = areOthers;
  };

  /** Opens one, and waits until it is closed. */
  const once = async (onOpen: () => void): Promise<void> => {
    const connection = await openSocketConnection({
      ...{ appToken, apiUrl, onRequest, onHello, clock, log, signal },
    });
    open.add(connection);
    onOpen();
    await connection.closed;
    open.delete(connection);
  };

  /** @throws GramzoomError `token-refused` */
  const keepOpen = async (onOpen: () => void): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      const since = clock.now();
      let waitMs = 0;
      try {
        await once(onOpen);
        failures = clock.now() - since < stableMs ? failures + 1 : 0;
        if (failures > 1) waitMs = backoffMs(failures - 1, backoff);
      } catch (error) {
        if (signal.aborted) return;
        if (isError(error, ...refusals)) throw tokenRefused('SLACK_APP_TOKEN', error);
        failures++;
        const askedMs = error instanceof WebAPIRateLimitedError ? error.retryAfter * 1000 : 0;
        waitMs = Math.max(askedMs, backoffMs(failures, backoff));
        log.warn('slack: cannot be reached, trying again', {
          ...{ error: translateError(error), tryingAgainInMs: waitMs },
        });
      }
      if (waitMs > 0) await pause(clock, waitMs, { signal });
    }
  };

  return {
    /**
     * Opens both. Resolves once one is open; where Slack cannot be reached it returns all the same, and keeps trying.
     * @param givingUp gives up waiting for the first
     * @throws GramzoomError `token-refused`; the signal's reason
     */
    start: async (givingUp?: AbortSignal): Promise<void> => {
      givingUp?.throwIfAborted();
      const first = Promise.withResolvers<void>();
      let isStarting = true;
      const patience = clock.after(patienceMs, first.resolve);
      const giveUp = (): void => first.reject(givingUp?.reason);
      givingUp?.addEventListener('abort', giveUp, { once: true });
      const failed = (error: unknown): void => {
        if (signal.aborted) first.resolve();
        else if (isStarting) first.reject(error);
        else onEnd(toGramzoomError(error));
      };
      for (let index = 0; index < connections; index++)
        keeping.push(keepOpen(first.resolve).then(first.resolve, failed));
      try {
        await first.promise;
      } finally {
        isStarting = false;
        patience.cancel();
        givingUp?.removeEventListener('abort', giveUp);
      }
    },
    /** What is wrong, in a few words; null: one is open. */
    health: (): string | null => (open.size > 0 ? null : 'Slack is not connected'),
    /** Closes them once what they brought has been acknowledged. */
    close: async (): Promise<void> => {
      leaving.abort();
      await Promise.all([...open].map((connection) => connection.close()));
      await Promise.all(keeping);
    },
  };
};

export type SocketConnections = ReturnType<typeof createSocketConnections>;
