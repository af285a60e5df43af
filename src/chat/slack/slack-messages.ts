import QuickLRU from 'quick-lru';
import { z } from 'zod';
import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import { parseMessageKey, subjectText } from '../../domain/subject.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { decodeAttachment } from './attachment-ref.ts';
import { createFindMessage } from './find-message.ts';
import { createMembership } from './membership.ts';
import { createMessageWriter } from './message-writer.ts';
import { createOpenFile } from './open-file.ts';
import { createPanelPictures } from './panel-pictures.ts';
import type { People } from './people.ts';
import {
  channelAndTs,
  decodeCredentials,
  decodePlace,
  encodeMessageRef,
  encodePlace,
  type SlackPlace,
  userOf,
} from './place.ts';
import { reactionNames } from './reaction-names.ts';
import { createShownPictures } from './shown-pictures.ts';
import { createSlackCalls } from './slack-calls.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';
import { createUploads } from './uploads.ts';
import { createWriteBudget } from './write-budget.ts';

/** Larger GIFs may stand still among messages. */
const mostFileBytes = 2_000_000;
const mostRemembered = 5_000;

export type SlackMessagesDeps = {
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly people: People;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
  /** Where attachments may come from; Slack's own hosts unless told. See `createAllowedHosts`. */
  readonly fileHosts?: readonly string[] | undefined;
};

const opened = z.object({ channel: z.object({ id: z.string() }) });

/** This one shows one picture after the other. */
const picturesRole = 'progress';
/** These messages are the text that they say, and share no file. */
const plainRoles: readonly string[] = ['answer', picturesRole];
/** Only one person sees it, and Slack lists it nowhere. */
const unlistedRole = 'notice';

/** A film that people may re-roll gets the emoji to do it with. */
const invitesReaction = ({ body, actions }: MessageContent): boolean =>
  body.kind === 'result' && actions.includes('reroll');

/** Slack knows no key of a message: in a place each is said once by this process, and found again by a later one. */
const sentAs = ({ channel, thread }: SlackPlace, key: string): string => `${channel} ${thread} ${key}`;

/**
 * Slack as a place where the bot answers. A reply target is a `SlackPlace`, a message its channel and time with what it
 * was sent with, an attachment its file.
 */
export const createSlackMessages = ({ tenants, people, blobs, clock, log, fileHosts }: SlackMessagesDeps) => {
  const calls = createSlackCalls({ tenants, clock });
  const budget = createWriteBudget(clock);
  const membership = createMembership(calls);
  const uploads = createUploads({ calls, budget, membership, clock, log });
  const ended = new AbortController();
  const search = createFindMessage({ calls, uploads, tenants, clock, signal: ended.signal });
  const pictures = createShownPictures({ uploads, find: search });
  const writer = createMessageWriter({
    ...{ calls, budget, membership, uploads, pictures, people, blobs, clock, log },
  });
  const openFile = createOpenFile({ calls, tenants, clock, fileHosts });
  const panelPictures = createPanelPictures({
    ...{ calls, uploads, tenants, blobs, clock, log, signal: ended.signal },
  });

  const sending = new KeyedMutex();
  const sent = new QuickLRU<string, MessageRef>({ maxSize: mostRemembered });
  /** Messages that are there, with what they were sent as. */
  const there = new QuickLRU<string, string>({ maxSize: mostRemembered });

  const remember = (message: MessageRef, as: string): void => {
    sent.set(as, message);
    there.set(message.ref, as);
  };
  const forget = ({ ref }: MessageRef): void => {
    sent.delete(there.get(ref) ?? '');
    there.delete(ref);
  };

  /** Before the message counts as said: of a process that dies here, the next one finds it and adds the emoji. */
  const inviteReroll = async (message: MessageRef, content: MessageContent): Promise<void> => {
    if (!invitesReaction(content)) return;
    const { place, files } = decodeCredentials(message);
    if (files.length === 0) return;
    const { channel, ts } = channelAndTs(message);
    try {
      const args = { channel, timestamp: ts, name: reactionNames.reroll };
      await calls.call('reactions.add', args, { tenant: place.tenant });
    } catch (error) {
      if (!isError(error, 'already_reacted'))
        log.warn('slack: failed to add a reaction, the button is there', { error });
    }
  };

  const send: Chat['send'] = async (target, content, { key, signal }) => {
    const place = decodePlace(target);
    const saying = { place, role: parseMessageKey(key).role, content, signal };
    const as = sentAs(place, key);
    return await sending.run(as, async () => {
      const before = sent.get(as);
      if (before) return before;
      const message = await writer.send(saying);
      await inviteReroll(message, content);
      remember(message, as);
      return message;
    });
  };

  const edit: Chat['edit'] = async (message, content, options) => {
    try {
      await writer.edit(message, content, options);
    } catch (error) {
      if (isError(error, 'message_not_found')) forget(message);
      throw error;
    }
    await inviteReroll(message, content);
  };

  const find: Chat['find'] = async (target, key) => {
    const place = decodePlace(target);
    const sought = parseMessageKey(key);
    const { subject, role } = sought;
    if (role === unlistedRole) return undefined;
    const as = sentAs(place, key);
    const known = sent.get(as);
    if (known) return known;
    const found = await search.find(place, sought, { sharesFiles: !plainRoles.includes(role) });
    if (!found) {
      // A process that died before it could show its picture has left that.
      if (role === picturesRole) uploads.removeLater(place, await search.ownFiles(place, sought));
      return undefined;
    }
    const showsPictures = role === picturesRole || (subject !== null && subject.kind !== 'render');
    const shown = showsPictures && subject && { subject: subjectText(subject) };
    const grant = { place, role, files: [...found.files], isEphemeral: false, ...shown };
    const message = encodeMessageRef({ channel: place.channel, ts: found.ts }, grant);
    remember(message, as);
    return message;
  };

  /** Threads are there once somebody writes in them; those of a message in a thread go on in that. */
  const openThread: Chat['openThread'] = async (message) => {
    const { place } = decodeCredentials(message);
    if (place.thread !== null) return encodePlace(place);
    const { ts } = channelAndTs(message);
    if (!there.has(message.ref)) {
      if (!(await search.isThere(place, ts))) throw new GramzoomError('chat-gone', { platform: 'Slack' });
      there.set(message.ref, '');
    }
    return encodePlace({ ...place, thread: ts, isOwnThread: true });
  };

  const privately = async (user: string, about: SlackPlace): Promise<ReplyTarget> => {
    const { tenant, team } = about;
    const to = userOf(user);
    try {
      const [{ channel }, { locale }] = await Promise.all([
        calls.call('conversations.open', { users: to }, { tenant, schema: opened }),
        people.of({ tenant, team, user: to }),
      ]);
      const place = { ...about, channel: channel.id, thread: null, isDirect: true, isOwnThread: false };
      return encodePlace({ ...place, user: to, locale });
    } catch (error) {
      const isClosed = error instanceof GramzoomError && ['chat-gone', 'chat-refused'].includes(error.code);
      throw isClosed ? new GramzoomError('messages-closed', {}, { cause: error }) : error;
    }
  };

  const chat: Chat = {
    platform: 'slack',
    maxFileBytes: () => mostFileBytes,
    rerollTarget: (target) => target,
    send,
    edit,
    privately: (user, about) => privately(user, decodePlace(about)),
    find,
    openThread,
    outside: (thread) => {
      const place = decodePlace(thread);
      return place.isOwnThread ? encodePlace({ ...place, thread: null, isOwnThread: false }) : null;
    },
    isThere: (target) => membership.isThere(decodePlace(target)),
    pin: async (message) => {
      const { place, isEphemeral } = decodeCredentials(message);
      if (isEphemeral) return;
      const { channel, ts } = channelAndTs(message);
      try {
        await calls.call('pins.add', { channel, timestamp: ts }, { tenant: place.tenant });
      } catch (error) {
        if (!isError(error, 'already_pinned')) throw error;
      }
    },
    // Slack has no roles that a bot could give.
    giveRole: async () => {
      throw new GramzoomError('chat-refused', { platform: 'Slack', reason: 'other' });
    },
    isMember: async (target, user) => {
      const { tenant, team } = decodePlace(target);
      return !(await people.of({ tenant, team, user: userOf(user) })).isGone;
    },
    remove: async (message) => {
      forget(message);
      await writer.remove(message);
    },
    // What people say, and their photos, are with Slack alone.
    forget: async () => [],
    openAttachment: async (attachment, options) => {
      const file = decodeAttachment(attachment);
      if (!file) throw new GramzoomError('chat-gone', { platform: 'Slack' });
      return await openFile(file, options);
    },
  };

  return {
    chat,
    panelPictures,
    uploads,
    /** Says nothing more, and waits for what is in flight. */
    close: async (): Promise<void> => {
      ended.abort();
      calls.stop();
      uploads.stop();
      await budget.close();
      await writer.settled();
      await uploads.settled();
    },
  };
};

export type SlackMessages = ReturnType<typeof createSlackMessages>;
