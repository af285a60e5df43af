import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { ReplyTarget } from '../../domain/job.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { snowflake } from './snowflake.ts';

const interactionSchema = z.strictObject({
  id: snowflake,
  application: snowflake,
  token: z.string().min(1),
  /** When it was made, in milliseconds since 1970: answers are due within 3 s of it, more can follow for 15 min. */
  createdAt: z.number(),
});

/** One photo of those in a message, as `Picture`. */
const photoSchema = z.strictObject({
  url: z.url(),
  bytes: z.number(),
  name: z.string(),
  isSpoiler: z.boolean(),
});

/**
 * Where an answer goes and to whom. `interaction` is what has to be answered first, if that is how it was asked
 * for. `isGuest`: the bot is no member there (somebody brought it along), so that only the interaction's token lets
 * it speak, and there are neither threads nor reactions.
 */
const replyContextSchema = z.strictObject({
  channel: snowflake,
  guild: snowflake.nullable(),
  /** Who asked: is called at the end. */
  user: snowflake,
  /** Discord's name of their language. */
  locale: z.string(),
  /** The message that is answered to. */
  replyTo: snowflake.nullable(),
  interaction: interactionSchema.nullable(),
  isGuest: z.boolean(),
  /** Whether a thread can be opened under the answer; otherwise everything is said in place. */
  canOpenThread: z.boolean(),
  /** Whether the bot may add reactions. */
  canReact: z.boolean(),
  /** The photo came as a spoiler: what is made of it stays behind one. */
  isSpoiler: z.boolean(),
  /** Largest file in a message of the bot's own, in bytes. */
  maxFileBytes: z.number(),
  /** Where the message has several photos: all of them, and which one the render is of, counted from 1. */
  photos: z
    .strictObject({ taken: z.number().int().positive(), all: z.array(photoSchema).readonly() })
    .optional(),
  /** For a thread that the bot opened: the message above it. */
  under: z.strictObject({ channel: snowflake, message: snowflake }).optional(),
});

export type ReplyContext = Readonly<z.output<typeof replyContextSchema>>;
export type InteractionRef = Readonly<z.output<typeof interactionSchema>>;

export const encodeReplyContext = (place: ReplyContext): ReplyTarget => ({
  platform: 'discord',
  ref: JSON.stringify(place),
});

/** @throws ZodError for a text that this adapter did not write */
export const decodeReplyContext = ({ ref }: Pick<ReplyTarget, 'ref'>): ReplyContext =>
  replyContextSchema.parse(JSON.parse(ref));

/** A message as an event names it: the text by which the store knows it. */
export const messageAt = (channel: string, message: string): Pick<MessageRef, 'platform' | 'ref'> => ({
  platform: 'discord',
  ref: `${channel}/${message}`,
});

/** Where a message is. */
export type MessageAt = { readonly channel: string; readonly message: string };

export const channelAndMessage = ({ ref }: Pick<MessageRef, 'ref'>): MessageAt => {
  const [channel = '', message = ''] = ref.split('/');
  return { channel: snowflake.parse(channel), message: snowflake.parse(message) };
};

/** An interaction's token opens its webhook for 15 minutes; the last one is left for what is in flight. */
const tokenMs = 14 * 60_000;

/** Until when an interaction's token is used, in milliseconds since 1970. */
export const tokenExpiry = ({ createdAt }: Pick<InteractionRef, 'createdAt'>): number => createdAt + tokenMs;

/**
 * What a message was sent with, which is what it is written with: an interaction's first answer, a later one, or
 * the bot's own token.
 */
const credentialsSchema = z.strictObject({
  place: replyContextSchema,
  /** Which of a render's messages it is. */
  role: z.string(),
  via: z.enum(['answer', 'follow-up', 'bot']),
});

export type MessageCredentials = Readonly<z.output<typeof credentialsSchema>>;

export const encodeMessageRef = (at: MessageAt, grant: MessageCredentials): MessageRef => ({
  ...messageAt(at.channel, at.message),
  grant: JSON.stringify(grant),
});

/** @throws GramzoomError `chat-gone` for a message that this adapter did not send */
export const decodeCredentials = ({ grant }: MessageRef): MessageCredentials => {
  if (grant === undefined) throw new GramzoomError('chat-gone', { platform: 'Discord' });
  return credentialsSchema.parse(JSON.parse(grant));
};
