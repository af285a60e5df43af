import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { ChatPlatform, PlatformDeps } from '../platform.ts';
import { createEventBoundary } from '../shared/event-boundary.ts';
import { createAnswers } from './answers.ts';
import { httpPaths } from './http-paths.ts';
import { createHttpRequests } from './http-requests.ts';
import { createListeners } from './listeners.ts';
import { createOAuth, type OAuthSettings } from './oauth.ts';
import { createPanels } from './panels.ts';
import { createPeople } from './people.ts';
import { createReceiver, type SlackReceiver, type SlackRequest } from './receiver.ts';
import { createSealedInstallations } from './sealed-installations.ts';
import { createSendPage } from './send-page.ts';
import { createSlackApp } from './slack-app.ts';
import { createSlackMessages } from './slack-messages.ts';
import { createSocketConnections, type SocketConnections } from './socket-connections.ts';
import { createTenants } from './tenants.ts';

/** Where Slack is, for tests: a bot has no setting for it. */
export type SlackAddress = {
  /** Of the Web API, with a slash at its end. */
  readonly apiUrl?: string;
  /** Where files are fetched from. */
  readonly fileHosts?: readonly string[];
};

/** What the bot is let in with: to one workspace or to those that install it, by Socket Mode, over HTTP or both. */
export type SlackAccess = {
  /** Of the one workspace that needs no installing. */
  readonly botToken: string | null;
  /** Of Socket Mode. */
  readonly appToken: string | null;
  /** Of requests over HTTP. */
  readonly signingSecret: string | null;
  /** By which workspaces install it themselves. */
  readonly oauth: OAuthSettings | null;
};

export type SlackChatDeps = SlackAddress &
  SlackAccess &
  Pick<
    PlatformDeps,
    'inbox' | 'installations' | 'blobs' | 'maxPhotoBytes' | 'clock' | 'log' | 'observe' | 'onEnd'
  >;

/** Within which Slack wants an answer. */
const deadlineMs = 3_000;

const notNow = (): Response => new Response('It could not be accepted now.\n', { status: 503 });

/** Slack: requests come in through a receiver of our own, answers go out through the clients of each tenant. */
export const createSlackChat = (deps: SlackChatDeps): ChatPlatform => {
  const { botToken, appToken, signingSecret, apiUrl, oauth, onEnd } = deps;
  const { inbox, installations, maxPhotoBytes, clock, log, observe } = deps;
  const closing = new AbortController();
  const { signal } = closing;
  const boundary = createEventBoundary({ clock, log, signal });
  const sealed = oauth && createSealedInstallations(installations, { key: oauth.encryptionKey, log });
  const tenants = createTenants({ botToken, stored: sealed, apiUrl, clock, log, observe });
  const people = createPeople({ tenants, clock, log });
  const answers = createAnswers({ tenants, clock, log });
  const { blobs, fileHosts } = deps;
  const messages = createSlackMessages({ tenants, people, blobs, clock, log, fileHosts });
  const panels = createPanels({ tenants, answers, pictures: messages.panelPictures, clock, log });
  const sendPage = createSendPage({ tenants, answers, uploads: messages.uploads, blobs });
  const install = oauth && createOAuth({ settings: oauth, apiUrl, tenants, clock, log });
  let receiver: SlackReceiver | null = null;
  let connections: SocketConnections | null = null;
  const take = async (request: SlackRequest): Promise<void> => await receiver?.take(request);
  const requests = signingSecret === null ? null : createHttpRequests({ signingSecret, take, clock, log });

  const isUnreachable = (error: unknown): boolean =>
    error instanceof GramzoomError && error.code === 'chat-unreachable';

  /** Where Slack could not be reached at the start, it may refuse the token later. */
  const keepChecking = async (): Promise<void> => {
    try {
      await retryWithBackoff(() => tenants.check(), {
        ...{ clock, signal, isTransient: isUnreachable },
        onFailure: (error) => log.warn('slack: cannot be reached yet', { error }),
      });
    } catch (error) {
      if (!signal.aborted) onEnd(toGramzoomError(error));
    }
  };

  /** @throws GramzoomError `token-refused` where Slack says so at once */
  const checkTokens = async (): Promise<void> => {
    await sealed?.check();
    try {
      await tenants.check();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      boundary.handle('the check of the token', null, keepChecking);
    }
  };

  /** Until Slack waits for nothing any more that has come in, or has given up waiting. */
  const answered = async (): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const timer = clock.after(deadlineMs, late.resolve);
    await Promise.race([receiver?.answered(), late.promise]);
    timer.cancel();
  };

  const close = async (): Promise<void> => {
    closing.abort();
    // What has come in is acknowledged while there is a connection to do it by.
    await answered();
    await connections?.close();
    await boundary.settled();
    await messages.close();
  };
  let closed: Promise<void> | null = null;

  return {
    name: 'Slack',
    chat: messages.chat,
    listen: async (renders, { signal: givingUp } = {}) => {
      await checkTokens();
      const handlerDeps = {
        renders,
        tenants,
        people,
        answers,
        panels,
        sendPage,
        maxPhotoBytes,
        clock,
        log,
        signal,
      };
      const listeners = createListeners(handlerDeps);
      const made = createReceiver({ listeners, inbox, boundary, clock, log, observe, signal });
      createSlackApp({ receiver: made.bolt, listeners, tenants, clock, log, signal });
      receiver = made;
      await made.replay();
      if (appToken === null) return;
      const onRequest = (request: SlackRequest): void => void take(request);
      connections = createSocketConnections({ appToken, apiUrl, onRequest, onEnd, clock, log });
      await connections.start(givingUp);
    },
    handle: async (request) => {
      if (new URL(request.url).pathname === httpPaths.events && requests)
        return receiver ? await requests(request) : notNow();
      return (await install?.(request)) ?? null;
    },
    health: () => {
      if (!receiver || (appToken !== null && !connections)) return 'Slack is not connected';
      return connections?.health() ?? null;
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
