import { GatewayDispatchEvents, InteractionType } from 'discord.js';
import type { Renders } from '../../app/renders.ts';
import { retryWithBackoff } from '../../concurrency/backoff.ts';
import type { GramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createAllowedHosts, discordFileHosts } from '../shared/allowed-hosts.ts';
import { createEventBoundary } from '../shared/event-boundary.ts';
import { createSeenEvents } from '../shared/seen-events.ts';
import { createAnswers } from './answers.ts';
import { createButtons } from './buttons.ts';
import { createDepartures } from './departures.ts';
import { createDiscordMessages } from './discord-messages.ts';
import {
  type AnswerableEvent,
  type InteractionEvent,
  readAnswerable,
  readClearedEmoji,
  readClearedReactions,
  readInteraction,
  readMessage,
  readReaction,
  readReady,
} from './events.ts';
import { createGateway } from './gateway.ts';
import { createLocales, type HandlerDeps } from './handler-deps.ts';
import { createInteractions } from './interactions.ts';
import { createMentions } from './mentions.ts';
import { createReactions } from './reactions.ts';
import { createReconciliation } from './reconcile.ts';
import { registerCommands } from './register-commands.ts';
import { type DiscordEvent, observeRest } from './rest-figures.ts';
import { createDiscordRest, createDiscordTraffic, createRestOptions } from './rest-options.ts';
import { createRestrictions } from './restrictions.ts';
import { createServers } from './servers.ts';
import { madeAt } from './snowflake.ts';

/** Where Discord is, for tests: a bot has no setting for it. */
export type DiscordAddress = {
  readonly api?: string;
  readonly fileHosts?: readonly string[];
  readonly heartbeatMs?: number;
};

export type DiscordChatDeps = DiscordAddress & {
  readonly token: string;
  /** InteractionContext for with every event: the use cases need this chat, and it them. */
  readonly renders: () => Renders;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly observe: (event: DiscordEvent) => void;
  /** Nothing is heard any more, and this process should end. */
  readonly onEnd: (error: GramzoomError) => void;
};

export type DiscordChat = {
  /** Discord as the bot sees it; speaks before it is started, too. */
  readonly chat: Chat;
  /**
   * Begins to listen. Where Discord cannot be reached it goes on trying.
   * @param signal gives up waiting for the first answer
   * @throws GramzoomError `token-refused`, `intents-refused`; the signal's reason
   */
  start(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
  /** What is wrong, in a few words; null: it listens. */
  health(): string | null;
  /** Milliseconds from a heartbeat to its acknowledgement; null where there was none yet. */
  pingMs(): number | null;
};

const longestPauseMs = 600_000;

/** Suggestions and forms belong to commands that are not of these. */
const isOfOthers = ({ type }: AnswerableEvent): boolean =>
  type === InteractionType.ApplicationCommandAutocomplete || type === InteractionType.ModalSubmit;

/** Discord: its gateway for what people do, its REST interface for what the bot says. */
export const createDiscordChat = (deps: DiscordChatDeps): DiscordChat => {
  const { token, api, renders, log, observe } = deps;
  const onRateLimited = () => observe({ kind: 'rate-limited' });
  const traffic = createDiscordTraffic({ clock: deps.clock, log, onRateLimited });
  const { clock } = traffic.time;
  const { rest, strays, close: closeRest } = createDiscordRest({ token, api, traffic });
  const { options: gatewayRest, close: closeGatewayRest } = createRestOptions({ api, traffic });
  const messages = createDiscordMessages({
    ...{ rest, strays, clock, log, blobs: deps.blobs },
    isTimeKnown: traffic.time.isKnown,
    localeOf: (user) => locales.of({ guild: null, user }),
    ...(deps.fileHosts && { fileHosts: deps.fileHosts }),
  });
  observeRest(rest, { clock, observe });
  const closing = new AbortController();
  const { signal } = closing;
  const { isNew } = createSeenEvents();
  const boundary = createEventBoundary({ clock, log, signal });
  let self: string | null = null;

  const servers = createServers({ rest, self: () => self });
  let application: string | null = null;
  let gramzoom: string | null = null;
  const ids = () => ({ application, command: gramzoom });
  const restrictions = createRestrictions({ rest, ids, clock, log });
  const answers = createAnswers({ rest, budget: messages.budget, clock, log });
  const locales = createLocales(servers);
  const hosts = createAllowedHosts(deps.fileHosts ?? discordFileHosts);
  const handling: HandlerDeps = {
    ...{ renders, rest, servers, restrictions, answers, locales, hosts, clock, log },
    self: () => self,
  };
  const command = createInteractions(handling);
  const button = createButtons(handling);
  const mention = createMentions({ ...handling, signal });
  const reactions = createReactions(handling);
  const departures = createDepartures({ renders, rest, log });
  const reconciliation = createReconciliation({ ...handling, reactions, signal });

  const heard = (what: string, id: string): void =>
    observe({ kind: 'heard', what, lagSeconds: Math.max(0, (clock.wallTime() - madeAt(id)) / 1000) });

  /** Once a process; tried again until it works, since nothing else depends on it. */
  const register = (id: string): Promise<void> =>
    retryWithBackoff(
      async () => {
        const offer = await renders().networks();
        const registered = await registerCommands(rest, { application: id, offer });
        gramzoom = registered.gramzoom;
        log.info(registered.isDone ? 'the commands were registered' : 'the commands are as they were');
      },
      {
        ...{ clock, signal, firstMs: 5_000, longestMs: longestPauseMs },
        isTransient: () => true,
        onFailure: (error) => log.warn('the commands could not be registered', { error }),
      },
    );

  const ready = async (event: unknown): Promise<void> => {
    const read = readReady(event);
    const isFirst = self === null;
    self = read.user.id;
    application = read.application.id;
    restrictions.forget();
    if (isFirst) boundary.handle('the registration of commands', null, () => register(read.application.id));
    boundary.handle('the servers of a session', null, () => departures.began(event));
    await reconciliation.run();
  };

  /** Whatever it is, whoever has done it waits for an answer. */
  const answerAnyhow = async (asked: AnswerableEvent): Promise<void> => {
    if (asked.type === InteractionType.ApplicationCommandAutocomplete) {
      await answers.suggestNothing(asked);
      return;
    }
    const words = wordsFor(asked.locale);
    await answers.replyEphemeral(asked, { words, work: async () => words.notUnderstood, defers: 'never' });
  };

  const interaction = async (event: unknown): Promise<void> => {
    const asked = readAnswerable(event);
    let read: InteractionEvent;
    try {
      read = readInteraction(event);
    } catch (error) {
      if (asked && isNew(asked.id)) await answerAnyhow(asked);
      // Of what nobody needs to look into there is no word in the log.
      if (asked && isOfOthers(asked)) return;
      throw error;
    }
    traffic.time.notBefore(madeAt(read.id));
    heard('interaction', read.id);
    if (!isNew(read.id)) return;
    const user = read.member?.user ?? read.user;
    if (user) locales.learn(user.id, read.locale);
    await (read.type === 2 ? command(read) : button(read));
  };

  const message = async (event: unknown): Promise<void> => {
    const read = readMessage(event);
    if (!isNew(read.id)) return;
    await mention(read);
  };

  const handlers: Readonly<Record<string, (event: unknown) => Promise<void>>> = {
    [GatewayDispatchEvents.Ready]: ready,
    [GatewayDispatchEvents.InteractionCreate]: interaction,
    [GatewayDispatchEvents.MessageCreate]: message,
    [GatewayDispatchEvents.ApplicationCommandPermissionsUpdate]: restrictions.changed,
    [GatewayDispatchEvents.GuildDelete]: departures.serverLeft,
    [GatewayDispatchEvents.MessageDelete]: departures.messageDeleted,
    [GatewayDispatchEvents.MessageDeleteBulk]: departures.messagesDeleted,
    [GatewayDispatchEvents.ChannelDelete]: departures.channelDeleted,
    [GatewayDispatchEvents.ThreadDelete]: departures.channelDeleted,
    [GatewayDispatchEvents.MessageReactionAdd]: (event) => reactions.added(readReaction(event)),
    [GatewayDispatchEvents.MessageReactionRemove]: (event) => reactions.removed(readReaction(event)),
    [GatewayDispatchEvents.MessageReactionRemoveEmoji]: (event) => reactions.cleared(readClearedEmoji(event)),
    [GatewayDispatchEvents.MessageReactionRemoveAll]: (event) =>
      reactions.cleared(readClearedReactions(event)),
  };

  const gateway = createGateway({
    ...{ token, clock, log, rest: gatewayRest, onEnd: deps.onEnd },
    ...(deps.heartbeatMs !== undefined && { heartbeatMs: deps.heartbeatMs }),
    onEvent: (type, event) => {
      boundary.handle(type, event, () => servers.hear(type, event));
      const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
      if (handler) boundary.handle(type, event, handler);
    },
  });

  const close = async (): Promise<void> => {
    closing.abort();
    await gateway.close();
    await boundary.settled();
    await messages.close();
    await closeGatewayRest();
    await closeRest();
  };
  let closed: Promise<void> | null = null;

  return {
    chat: messages.chat,
    start: (signal) => gateway.start(signal),
    health: () => gateway.health(),
    pingMs: () => gateway.pingMs(),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
