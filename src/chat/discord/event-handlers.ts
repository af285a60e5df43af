import { GatewayDispatchEvents, InteractionType } from 'discord.js';
import type { Renders } from '../../app/renders.ts';
import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { PlatformEvent } from '../platform.ts';
import { createAllowedHosts } from '../shared/allowed-hosts.ts';
import type { EventBoundary } from '../shared/event-boundary.ts';
import type { PlatformClock } from '../shared/platform-clock.ts';
import type { RateBudget } from '../shared/rate-budget.ts';
import { createSeenEvents } from '../shared/seen-events.ts';
import { createAnswers } from './answers.ts';
import { discordFileHosts } from './attachment-ref.ts';
import { createButtons } from './buttons.ts';
import { createDepartures } from './departures.ts';
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
import type { HandlerDeps } from './handler-deps.ts';
import { createInteractions } from './interactions.ts';
import { createMentions } from './mentions.ts';
import { isPanelId } from './panel-id.ts';
import { createPanelPresses } from './panel-presses.ts';
import { createReactions } from './reactions.ts';
import { createReconciliation } from './reconcile.ts';
import { type CommandIds, registerCommands } from './register-commands.ts';
import { createRestrictions } from './restrictions.ts';
import { madeAt } from './snowflake.ts';
import { suggestions } from './suggestions.ts';

const longestPauseMs = 600_000;

/** Suggestions and forms belong to commands that are not of these. */
const isOfOthers = ({ type }: AnswerableEvent): boolean =>
  type === InteractionType.ApplicationCommandAutocomplete || type === InteractionType.ModalSubmit;

/** Who the bot is there: null before Discord has told. */
export type Session = { self: string | null; application: string | null };

/**
 * What is done about each event of the gateway.
 * @param options.session is filled with what Discord tells of the bot itself
 * @returns takes an event as Discord sent it; throws nothing
 */
export const createEventHandlers = ({
  renders,
  rest,
  blobs,
  servers,
  locales,
  budget,
  boundary,
  time,
  session,
  fileHosts = discordFileHosts,
  log,
  observe,
  signal,
}: Pick<HandlerDeps, 'rest' | 'servers' | 'locales' | 'log'> & {
  readonly renders: Renders;
  readonly blobs: Blobs;
  readonly budget: RateBudget;
  readonly boundary: EventBoundary;
  readonly time: PlatformClock;
  readonly session: Session;
  readonly fileHosts?: readonly string[];
  readonly observe: (event: PlatformEvent) => void;
  readonly signal: AbortSignal;
}): ((type: string, event: unknown) => void) => {
  const { clock } = time;
  const { isNew } = createSeenEvents();
  let commandIds: CommandIds = {};
  const ids = () => ({ application: session.application, commands: commandIds });
  const restrictions = createRestrictions({ rest, ids, clock, log });
  const answers = createAnswers({ rest, blobs, budget, clock, log });
  const deps: HandlerDeps = {
    ...{ renders: () => renders, rest, blobs, servers, restrictions, answers, locales, clock, log },
    hosts: createAllowedHosts(fileHosts),
    self: () => session.self,
  };
  const command = createInteractions(deps);
  const button = createButtons(deps);
  const panels = createPanelPresses(deps);
  const mention = createMentions({ ...deps, signal });
  const reactions = createReactions(deps);
  const departures = createDepartures(deps);
  const reconciliation = createReconciliation({ ...deps, reactions, signal });

  const heard = (id: string): void => {
    const lagSeconds = Math.max(0, (clock.wallTime() - madeAt(id)) / 1000);
    observe({ kind: 'heard', platform: 'discord', lagSeconds });
  };

  /** Once a process; tried again until it works, since nothing else depends on it. */
  const register = (id: string): Promise<void> =>
    retryWithBackoff(
      async () => {
        const offer = await renders.networks();
        const registered = await registerCommands(rest, { application: id, offer });
        commandIds = registered.ids;
        log.info(registered.isDone ? 'discord: commands registered' : 'discord: commands are up to date');
      },
      {
        ...{ clock, signal, firstMs: 5_000, longestMs: longestPauseMs },
        isTransient: () => true,
        onFailure: (error) => log.warn('discord: failed to register the commands', { error }),
      },
    );

  const ready = async (event: unknown): Promise<void> => {
    const read = readReady(event);
    const isFirst = session.self === null;
    session.self = read.user.id;
    session.application = read.application.id;
    restrictions.forget();
    if (isFirst) boundary.handle('the registration of commands', null, () => register(read.application.id));
    boundary.handle('the servers of a session', null, () => departures.began(event));
    await reconciliation.run();
  };

  /** Whatever it is, whoever has done it waits for an answer. */
  const answerAnyhow = async (asked: AnswerableEvent): Promise<void> => {
    if (asked.type === InteractionType.ApplicationCommandAutocomplete) {
      await answers.suggest(asked, []);
      return;
    }
    const words = wordsFor(asked.locale);
    await answers.replyEphemeral(asked, { words, work: async () => words.notUnderstood(), defers: 'never' });
  };

  const act = async (read: InteractionEvent): Promise<void> => {
    switch (read.type) {
      case InteractionType.ApplicationCommand:
        return await command(read);
      case InteractionType.MessageComponent:
        return await (isPanelId(read.data.custom_id) ? panels.pressed(read) : button(read));
      case InteractionType.ApplicationCommandAutocomplete:
        return await answers.suggest(read, suggestions(read, clock.wallTime()));
      case InteractionType.ModalSubmit:
        return await (isPanelId(read.data.custom_id) ? panels.sent(read) : answerAnyhow(read));
      default:
        read satisfies never;
    }
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
    time.notBefore(madeAt(read.id));
    heard(read.id);
    if (!isNew(read.id)) return;
    const user = read.member?.user ?? read.user;
    if (user) locales.learn(user.id, read.locale);
    await act(read);
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

  return (type, event) => {
    boundary.handle(type, event, () => servers.hear(type, event));
    const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
    if (handler) boundary.handle(type, event, handler);
  };
};
