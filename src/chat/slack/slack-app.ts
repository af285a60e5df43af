import { App, AuthorizationError, type AuthorizeResult, type Context, type Receiver } from '@slack/bolt';
import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import type { Delivery } from './delivery.ts';
import type { Listener, Listeners } from './listeners.ts';
import { createSlackLogger } from './slack-logger.ts';
import { hintsOf } from './tenant-hints.ts';
import type { Installation, TenantHint, Tenants } from './tenants.ts';

/** What `authorize` and the receiver put into Bolt's context. */
type Origin = { readonly installation: Installation; readonly team: string; readonly delivery: Delivery };

const isCode = (error: unknown, code: string): boolean =>
  error instanceof GramzoomError && error.code === code;

/** About two minutes; what was acknowledged is then left to the next process. */
const mostTries = 8;

/** What was thrown before Bolt wrapped it. */
const originalOf = (error: unknown): unknown =>
  error instanceof Error && 'original' in error && error.original !== undefined ? error.original : error;

/**
 * Bolt's part: which installation a request belongs to, and which listener deals with it. It throws what the listener
 * throws, and AuthorizationError where nobody can tell (yet) whose request it is; a request of nobody who has installed
 * the bot is acknowledged.
 */
export const createSlackApp = ({
  receiver,
  listeners,
  tenants,
  clock,
  log,
  signal,
}: {
  readonly receiver: Receiver;
  readonly listeners: Listeners;
  readonly tenants: Tenants;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly signal: AbortSignal;
}): App => {
  const lineLimit = createLineLimit(clock);

  const find = async (
    hints: readonly TenantHint[],
  ): Promise<{ readonly installation: Installation; readonly hint: TenantHint }> => {
    for (const hint of hints) {
      try {
        return { installation: await tenants.find(hint), hint };
      } catch (error) {
        if (!isCode(error, 'chat-gone')) throw error;
      }
    }
    throw new GramzoomError('chat-gone', { platform: 'Slack' });
  };

  const authorize = async (body: object): Promise<AuthorizeResult> => {
    const hints = hintsOf(body);
    // An event has been acknowledged, so it waits; whoever pressed a button has seen that it failed.
    let triesLeft = 'event' in body ? mostTries : 1;
    const { installation, hint } = await retryWithBackoff(() => find(hints), {
      ...{ clock, signal },
      isTransient: (error) => --triesLeft > 0 && isCode(error, 'chat-unreachable'),
      onFailure: (error) => {
        if (lineLimit('whose') !== null) log.warn('slack: cannot tell yet whose event it is', { error });
      },
    });
    const { botId, botUserId } = installation;
    const team = hint.teamId ?? installation.tenant;
    // Without a token Bolt keeps no clients of its own: they would wait for each other.
    return { botId, botUserId, installation, team };
  };

  const app = new App({
    receiver,
    authorize: (_source, body) => authorize(body ?? {}),
    // What it warns of, the error handler tells in our words.
    logger: { ...createSlackLogger(log, { clock }), warn: () => {} },
    extendedErrorHandler: true,
    convoStore: false,
  });

  app.error(async ({ error }: { readonly error: unknown }) => {
    if (!(error instanceof AuthorizationError)) throw originalOf(error);
    if (!isCode(error.original, 'chat-gone')) throw error;
    const others = lineLimit('unknown');
    if (others === null) return;
    log.warn('slack: a request of a workspace in which the bot is not installed', {
      ...(others > 0 && { others }),
    });
  });

  const run =
    (listener: Listener) =>
    ({ body, context }: { readonly body: unknown; readonly context: Context }): Promise<void> => {
      const { installation, team, delivery } = context as Context & Origin;
      return listener(body, { installation, team, delivery });
    };
  for (const [name, listener] of listeners.commands) app.command(name, run(listener));
  for (const [callback_id, listener] of listeners.shortcuts) {
    app.shortcut({ type: 'message_action', callback_id }, run(listener));
  }
  for (const [callback_id, listener] of listeners.submissions) {
    app.view({ type: 'view_submission', callback_id }, run(listener));
  }
  for (const [action_id, listener] of listeners.presses) {
    app.action({ type: 'block_actions', action_id }, run(listener));
  }
  for (const [type, { listener }] of Object.entries(listeners.events)) {
    const handle = run(listener);
    app.event(type, ({ event, context }) => handle({ body: event, context }));
  }
  for (const [type, handle] of Object.entries(listeners.departures)) {
    app.event(type, async ({ event, body }) => {
      const [hint] = hintsOf(body);
      if (hint) await handle({ body: event, hint });
    });
  }
  return app;
};
