import { RESTJSONErrorCodes as Code, type REST } from 'discord.js';
import { GramzoomError } from '../../domain/errors.ts';
import type { ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import { parseMessageKey } from '../../domain/subject.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createAllowedHosts } from '../shared/allowed-hosts.ts';
import { createDownload } from '../shared/download-attachment.ts';
import { createRateBudget } from '../shared/rate-budget.ts';
import { createInOpenThread } from './archived-thread.ts';
import { decodeAttachment, discordFileHosts } from './attachment-ref.ts';
import type { Answer } from './buffered-requests.ts';
import { createDiscordCalls } from './discord-calls.ts';
import { isLasting, isRefusal, isTokenDead, translated, translateError } from './discord-errors.ts';
import { createEditMessage } from './edit-message.ts';
import { createFindMessage } from './find-message.ts';
import { isMarked } from './message-marks.ts';
import { createThreads, outside } from './open-thread.ts';
import { usualFileBytes } from './permissions.ts';
import { reactionEmoji } from './reaction-emoji.ts';
import {
  channelAndMessage,
  decodeCredentials,
  decodeReplyContext,
  encodeMessageRef,
  encodeReplyContext,
  type MessageCredentials,
  type ReplyContext,
  tokenExpiry,
} from './reply-context.ts';
import { createSendMessage } from './send-message.ts';
import { createServerMembers } from './server-members.ts';
import type { Strays } from './strays.ts';

type DiscordMessagesDeps = {
  /** Made with `createRestOptions`, and given the bot's token before anything is sent. */
  readonly rest: REST;
  /** Of the same. */
  readonly strays: Strays<Answer>;
  readonly blobs: Pick<Blobs, 'get'>;
  /** With Discord's time. */
  readonly clock: Clock;
  /** Whether `clock` has learnt it, which the first answer tells; it has unless told. */
  readonly isTimeKnown?: () => boolean;
  readonly log: Pick<AppLog, 'warn'>;
  /** Discord's name of somebody's language; English unless told. */
  readonly localeOf?: (user: string) => string;
  /** Where attachments may come from; Discord's own hosts unless told. See `createAllowedHosts`. */
  readonly fileHosts?: readonly string[];
};

/** About what Discord lets a bot write in a channel before it refuses. */
export const channelLimit = { most: 5, windowMs: 5_000 } as const;

/** Undefined for what this adapter did not write. */
const placeOf = (target: ReplyTarget): ReplyContext | undefined => {
  try {
    return decodeReplyContext(target);
  } catch {
    return undefined;
  }
};

/** A film that people may re-roll gets the emoji to do it with. */
const invitesReaction = ({ body, actions }: MessageContent): boolean =>
  body.kind === 'result' && actions.includes('reroll');

/**
 * Discord as a place where the bot answers. A reply target is a `ReplyContext`, a message its channel and id with
 * what it was sent with, an attachment its signed address. A guest's later answers have no nonce and cannot be
 * listed: one that was in flight when the process died may come twice.
 */
export const createDiscordMessages = (deps: DiscordMessagesDeps) => {
  const {
    rest,
    strays,
    blobs,
    clock,
    log,
    fileHosts = discordFileHosts,
    localeOf = () => 'en-US',
    isTimeKnown = () => true,
  } = deps;
  const calls = createDiscordCalls(rest);
  const budget = createRateBudget({ clock, platform: 'Discord', ...channelLimit });
  const messageDeps = { calls, budget, blobs, clock, strays, log };
  const send = createSendMessage(messageDeps);
  const { edit, remove } = createEditMessage(messageDeps);
  const search = createFindMessage(calls);
  const threads = createThreads(calls);
  const members = createServerMembers({ calls, clock });
  const inOpenThread = createInOpenThread(calls);
  const download = createDownload({ platform: 'Discord', hosts: createAllowedHosts(fileHosts), clock });
  /** Addresses of attachments are signed and lapse; others stay, or are known to their interaction alone. */
  const refresh = async (
    url: URL,
    options: { readonly signal: AbortSignal },
  ): Promise<string | undefined> => {
    if (!url.pathname.startsWith('/attachments/')) return undefined;
    try {
      return await calls.refreshed(url.href, options);
    } catch (error) {
      if (isLasting(error)) return undefined;
      throw error;
    }
  };
  const reacting = new Set<Promise<void>>();

  /** Before the message counts as said: of a process that dies here, the next one finds it and adds the emoji. */
  const inviteReroll = async (message: MessageRef, content: MessageContent): Promise<void> => {
    if (!decodeCredentials(message).place.canReact || !invitesReaction(content)) return;
    const adding = calls
      .react(channelAndMessage(message), reactionEmoji.reroll)
      .catch((error: unknown) =>
        log.warn('discord: failed to add a reaction, the button is there', { error }),
      )
      .finally(() => reacting.delete(adding));
    reacting.add(adding);
    await adding;
  };

  let asking: Promise<unknown> | null = null;
  /** After a start on a machine whose date is wrong, tokens would seem to have lapsed, or to be new. */
  const knowTime = async ({ interaction }: ReplyContext): Promise<void> => {
    if (interaction === null || isTimeKnown()) return;
    asking ??= calls.me().catch(() => {
      // Then the machine's has to do.
    });
    await asking;
    asking = null;
  };

  const asAnswer = async (place: ReplyContext, key: string): Promise<MessageRef | undefined> => {
    const { interaction } = place;
    if (!interaction || clock.wallTime() >= tokenExpiry(interaction)) return undefined;
    try {
      const original = await calls.original(interaction);
      if (!isMarked(original, parseMessageKey(key))) return undefined;
      const grant: MessageCredentials = { place, role: parseMessageKey(key).role, via: 'answer' };
      return encodeMessageRef({ channel: original.channel_id, message: original.id }, grant);
    } catch (error) {
      if (isTokenDead(error) || isRefusal(error, Code.UnknownMessage)) return undefined;
      throw error;
    }
  };

  const inChannel = async (place: ReplyContext, key: string): Promise<MessageRef | undefined> => {
    const { channel, replyTo, interaction, under } = place;
    // A thread of ours is as old as the message above it.
    const after = replyTo ?? interaction?.id ?? under?.message ?? null;
    const found = await search({ channel, after }, parseMessageKey(key));
    return (
      found &&
      encodeMessageRef({ channel, message: found.id }, { place, role: parseMessageKey(key).role, via: 'bot' })
    );
  };

  const find = async (target: ReplyTarget, key: string): Promise<MessageRef | undefined> => {
    const place = decodeReplyContext(target);
    await knowTime(place);
    const answered = await asAnswer(place, key);
    if (answered || place.isGuest) return answered;
    return await inChannel(place, key);
  };

  /** A guest is where the interaction was answered, for as long as that can be. */
  const isThere = async (place: ReplyContext): Promise<boolean> => {
    const { channel, isGuest, interaction } = place;
    await knowTime(place);
    if (isGuest && (interaction === null || clock.wallTime() >= tokenExpiry(interaction))) return false;
    try {
      if (isGuest && interaction) await calls.original(interaction);
      else await calls.channel(channel);
      return true;
    } catch (error) {
      // An answer that somebody deleted can be followed by another one.
      if (isGuest && isRefusal(error, Code.UnknownMessage)) return true;
      if (isLasting(error) || (isGuest && isTokenDead(error))) return false;
      throw translateError(error);
    }
  };

  /** Whoever is meant is known by the channel alone: the id goes into no row of somebody else's. */
  const privately = async (user: string, { under: _, ...about }: ReplyContext): Promise<ReplyTarget> =>
    encodeReplyContext({
      ...about,
      channel: await calls.directMessages(user),
      guild: null,
      locale: localeOf(user),
      replyTo: null,
      interaction: null,
      isGuest: false,
      canOpenThread: false,
      canReact: false,
      maxFileBytes: usualFileBytes,
    });

  const chat: Chat = {
    platform: 'discord',
    maxFileBytes: (target) => placeOf(target)?.maxFileBytes ?? usualFileBytes,
    rerollTarget: (target, parent) => {
      const isHidden = placeOf(parent)?.isSpoiler ?? true;
      return isHidden ? encodeReplyContext({ ...decodeReplyContext(target), isSpoiler: true }) : target;
    },
    send: async (target, content, { key, signal }) => {
      const place = decodeReplyContext(target);
      await knowTime(place);
      const message = await send({ place, content, key, signal });
      await inviteReroll(message, content);
      return message;
    },
    edit: async (message, content, { signal } = {}) => {
      await knowTime(decodeCredentials(message).place);
      await edit(message, content, { signal });
      await inviteReroll(message, content);
    },
    privately: (user, about) => translated(() => privately(user, decodeReplyContext(about))),
    find: (target, key) => translated(() => find(target, key)),
    openThread: async (message, name) => {
      const { place } = decodeCredentials(message);
      return encodeReplyContext(await threads.open(channelAndMessage(message), place, name));
    },
    outside: (thread) => {
      const around = outside(decodeReplyContext(thread));
      return around ? encodeReplyContext(around) : null;
    },
    isThere: (target) => isThere(decodeReplyContext(target)),
    pin: async (message) => {
      const { place } = decodeCredentials(message);
      if (place.isGuest) throw new GramzoomError('chat-refused', { platform: 'discord', reason: 'place' });
      const at = channelAndMessage(message);
      await translated(() => inOpenThread(at.channel, () => calls.pin(at)), { needs: ['pin-messages'] });
    },
    giveRole: (place, given) => members.giveRole(decodeReplyContext(place), given),
    isMember: (place, user) => members.isMember(decodeReplyContext(place), user),
    remove: async (message) => {
      threads.forget(channelAndMessage(message));
      await remove(message);
    },
    // What people say, and their photos, are with Discord alone.
    forget: async () => [],
    openAttachment: async (attachment, options) => {
      const file = decodeAttachment(attachment);
      if (!file) throw new GramzoomError('chat-gone', { platform: 'Discord' });
      return await download(file, { ...options, refresh });
    },
  };

  return {
    chat,
    /** In which whatever else the bot says in channels is said, too. */
    budget,
    /** Says nothing more, and waits for what is in flight. */
    close: async (): Promise<void> => {
      await budget.close();
      await Promise.all(reacting);
    },
  };
};

export type DiscordMessages = ReturnType<typeof createDiscordMessages>;
