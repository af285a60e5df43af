import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin, ReplyTarget } from '../../domain/job.ts';
import type { MessageRef } from '../../ports/chat.ts';

/** A message's time, such as `1700000001.123456`: within a channel it is its id. */
export const timestamp = z.string().regex(/^\d+\.\d+$/);
/** Slack's ids are letters and digits. */
const slackId = z.string().regex(/^[A-Z0-9]+$/);

const photoSchema = z.strictObject({
  id: slackId,
  name: z.string(),
  /** 0 where it has not been told. */
  bytes: z.number(),
  /** Null where it has to be asked for. */
  url: z.url().nullable(),
});
/** A photo in a message or a form, as far as Slack has told. */
export type SlackPhoto = Readonly<z.output<typeof photoSchema>>;

export const placeSchema = z.strictObject({
  /** Whose token speaks there: the organisation where it installed the bot for all its workspaces, else the workspace. */
  tenant: slackId,
  /** The workspace: the server of rules and limits. */
  team: slackId,
  channel: slackId,
  /** The thread in which everything is said; null: in the channel. */
  thread: timestamp.nullable(),
  /** Slack's own id of whoever asked, without the workspace: is called at the end. */
  user: slackId,
  /** Slack's name of their language, such as `de-DE`. */
  locale: z.string(),
  /** A conversation with the bot alone. */
  isDirect: z.boolean(),
  /** Whether `thread` is one that the bot opened under a message of its own. */
  isOwnThread: z.boolean(),
  /** Where the message has several photos: all of them, and which one the render is of, counted from 1. */
  photos: z
    .strictObject({ taken: z.number().int().positive(), all: z.array(photoSchema).readonly() })
    .optional(),
});

/** Where an answer goes and to whom. */
export type SlackPlace = Readonly<z.output<typeof placeSchema>>;

export const encodePlace = (place: SlackPlace): ReplyTarget => ({
  platform: 'slack',
  ref: JSON.stringify(place),
});

/** @throws ZodError for a text that this adapter did not write */
export const decodePlace = ({ ref }: Pick<ReplyTarget, 'ref'>): SlackPlace =>
  placeSchema.parse(JSON.parse(ref));

/** Where somebody is answered: in a thread, or in the channel itself. */
export const placeIn = (
  { tenant, team, user, locale }: Pick<SlackPlace, 'tenant' | 'team' | 'user' | 'locale'>,
  { channel, thread = null }: { readonly channel: string; readonly thread?: string | null | undefined },
): SlackPlace => ({
  ...{ tenant, team, channel, thread, user, locale },
  isDirect: channel.startsWith('D'),
  isOwnThread: false,
});

/** Ids of people are unique within their workspace only. */
export const personId = ({ team, user }: Pick<SlackPlace, 'team' | 'user'>): string => `${team}/${user}`;

/** Slack's own id of a person. */
export const userOf = (person: string): string => person.slice(person.indexOf('/') + 1);

export const originOf = (place: Pick<SlackPlace, 'team' | 'user'>): Origin => ({
  platform: 'slack',
  server: place.team,
  user: personId(place),
});

/** Where a message is. */
export type MessageAt = { readonly channel: string; readonly ts: string };

/** A message as an event names it: the text by which the store knows it. */
export const messageAt = ({ channel, ts }: MessageAt): Pick<MessageRef, 'platform' | 'ref'> => ({
  platform: 'slack',
  ref: `${channel}/${ts}`,
});

export const channelAndTs = ({ ref }: Pick<MessageRef, 'ref'>): MessageAt => {
  const [channel = '', ts = ''] = ref.split('/');
  return { channel: slackId.parse(channel), ts: timestamp.parse(ts) };
};

const credentialsSchema = z.strictObject({
  place: placeSchema,
  /** Which of a subject's messages it is. */
  role: z.string(),
  /** Files that it shares, which go with it. */
  files: z.array(z.string()),
  /** Of a message that shows one picture after the other: the subject whose mark those files carry. */
  subject: z.string().optional(),
  /** Only one person sees it, and it can be neither changed nor removed. */
  isEphemeral: z.boolean(),
});

/** What a message was sent with. */
export type MessageCredentials = Readonly<z.output<typeof credentialsSchema>>;

export const encodeMessageRef = (at: MessageAt, grant: MessageCredentials): MessageRef => ({
  ...messageAt(at),
  grant: JSON.stringify(grant),
});

/** @throws GramzoomError `chat-gone` for a message that this adapter did not send */
export const decodeCredentials = ({ grant }: MessageRef): MessageCredentials => {
  if (grant === undefined) throw new GramzoomError('chat-gone', { platform: 'Slack' });
  return credentialsSchema.parse(JSON.parse(grant));
};
