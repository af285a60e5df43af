import type { ChatPlatform, PlatformDeps } from '../platform.ts';
import { createEventBoundary } from '../shared/event-boundary.ts';
import { createLocales } from '../shared/locales.ts';
import { createDiscordMessages } from './discord-messages.ts';
import { createEventHandlers, type Session } from './event-handlers.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createDiscordRest, createDiscordTraffic, createRestOptions, observeRest } from './rest-options.ts';
import { createServers } from './servers.ts';

/** Where Discord is, for tests: a bot has no setting for it. */
export type DiscordAddress = {
  readonly api?: string;
  readonly fileHosts?: readonly string[];
  readonly heartbeatMs?: number;
};

export type DiscordChatDeps = DiscordAddress &
  Pick<PlatformDeps, 'blobs' | 'clock' | 'log' | 'observe' | 'onEnd'> & { readonly token: string };

/** Discord: its gateway for what people do, its REST interface for what the bot says. */
export const createDiscordChat = (deps: DiscordChatDeps): ChatPlatform => {
  const { token, api, fileHosts, log, observe } = deps;
  const onRateLimited = () => observe({ kind: 'rate-limited', platform: 'discord' });
  const { limits, time } = createDiscordTraffic({ clock: deps.clock, log, onRateLimited });
  const traffic = { limits, time };
  const { clock } = time;
  const { rest, strays, close: closeRest } = createDiscordRest({ token, api, traffic });
  const { options: gatewayRest, close: closeGatewayRest } = createRestOptions({ api, traffic });
  observeRest(rest, { clock, observe });
  const closing = new AbortController();
  const { signal } = closing;
  const boundary = createEventBoundary({ clock, log, signal });
  const session: Session = { self: null, application: null };
  const servers = createServers({ rest, self: () => session.self });
  const locales = createLocales((server) => servers.locale(server));
  const messages = createDiscordMessages({
    ...{ rest, strays, clock, log, blobs: deps.blobs },
    isTimeKnown: time.isKnown,
    localeOf: (user) => locales.of({ server: null, user }),
    ...(fileHosts && { fileHosts }),
  });
  let gateway: Gateway | null = null;

  const close = async (): Promise<void> => {
    closing.abort();
    await gateway?.close();
    await boundary.settled();
    await messages.close();
    await closeGatewayRest();
    await closeRest();
  };
  let closed: Promise<void> | null = null;

  return {
    name: 'Discord',
    chat: messages.chat,
    listen: async (renders, { signal: givingUp } = {}) => {
      const { budget } = messages;
      const onEvent = createEventHandlers({
        ...{
          renders,
          rest,
          blobs: deps.blobs,
          servers,
          locales,
          budget,
          boundary,
          time,
          session,
          log,
          observe,
          signal,
        },
        ...(fileHosts && { fileHosts }),
      });
      gateway = createGateway({
        ...{ token, clock, log, rest: gatewayRest, onEnd: deps.onEnd, onEvent },
        ...(deps.heartbeatMs !== undefined && { heartbeatMs: deps.heartbeatMs }),
      });
      await gateway.start(givingUp);
    },
    health: () => (gateway ? gateway.health() : 'Discord is not connected'),
    heartbeatMs: () => gateway?.pingMs() ?? null,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
