/** What of Discord's events is read here. Discord adds fields at any time; they are left out. */
import { z } from 'zod';
import { listOf, optional, recordOf, withoutNulls } from '../shared/lenient.ts';
import { attachment, picturePlaces } from './picture-places.ts';
import { snowflake } from './snowflake.ts';

const user = z.object({
  id: snowflake,
  bot: optional(z.boolean()),
  username: optional(z.string()),
  global_name: optional(z.string()),
});
export type Author = z.output<typeof user>;
const permissions = z.string().regex(/^\d+$/).transform(BigInt);

/** What somebody is in a server, as far as it is told. */
const member = {
  nick: optional(z.string()),
  joined_at: optional(z.string()),
  flags: optional(z.number()),
};
const serverMember = z.object({ ...member, roles: optional(z.array(snowflake)) });
export type ServerMember = z.output<typeof serverMember>;

const answered = z.object({ ...picturePlaces, author: optional(user) });
export type AnsweredMessage = z.output<typeof answered>;

const message = z.object({
  id: snowflake,
  channel_id: snowflake,
  guild_id: snowflake.optional(),
  type: z.number(),
  author: user,
  member: optional(serverMember),
  /** There is one where no person wrote it. */
  webhook_id: z.unknown().optional(),
  ...picturePlaces,
  mention_roles: listOf(snowflake),
  /** What it answers to, or forwards. */
  message_reference: optional(z.object({ channel_id: optional(snowflake), message_id: optional(snowflake) })),
  /** Not always told. */
  referenced_message: optional(answered),
});
export type WrittenMessage = z.output<typeof message>;

const emoji = z.object({ id: z.unknown().optional(), name: optional(z.string()) });

const reaction = z.object({
  user_id: snowflake,
  channel_id: snowflake,
  message_id: snowflake,
  guild_id: snowflake.optional(),
  emoji,
  /** A super reaction, which stands beside a normal one of the same person. */
  burst: optional(z.boolean()).default(false),
  /** Whose message it is; only told when a reaction is added. */
  message_author_id: optional(snowflake),
  member: optional(z.object({ user: optional(user), roles: optional(z.array(snowflake)) })),
});
export type ReactionEvent = z.output<typeof reaction>;

const clearedReactions = z.object({ channel_id: snowflake, message_id: snowflake });
const clearedEmoji = clearedReactions.extend({ emoji });
/** Without an emoji all were taken away. */
export type ClearedReactions = z.output<typeof clearedReactions> & Partial<z.output<typeof clearedEmoji>>;

const common = {
  id: snowflake,
  application_id: snowflake,
  token: z.string().min(1),
  guild_id: snowflake.optional(),
  channel_id: optional(snowflake),
  /** Not always told, like what the bot may do there. */
  channel: optional(z.object({ id: snowflake, type: z.number(), parent_id: optional(snowflake) })),
  member: optional(
    z.object({ ...member, user, permissions: permissions.catch(0n), roles: z.array(snowflake).catch([]) }),
  ),
  user: optional(user),
  locale: z.string().catch('en-US'),
  app_permissions: optional(permissions),
  authorizing_integration_owners: recordOf(z.string()),
  context: optional(z.number()),
  attachment_size_limit: optional(z.number().positive()),
};

const option = {
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Somebody types into it. */
  focused: optional(z.boolean()),
};
/** A subcommand is an option with the options of its own. */
const options = listOf(
  z.object({ ...option, type: optional(z.number()), options: listOf(z.object(option)) }),
);

/** The message of a control that was used. */
const shownMessage = z.object({
  id: snowflake,
  flags: z.number().catch(0),
  attachments: listOf(z.object({ id: snowflake, filename: z.string() })),
});

const commandData = {
  name: z.string(),
  /** 1: a slash command, 3: one of a message's menu. */
  type: z.number(),
  options,
  target_id: optional(snowflake),
  resolved: z
    .object({
      attachments: recordOf(attachment),
      messages: recordOf(answered),
      roles: recordOf(z.object({ id: snowflake, name: z.string() })),
    })
    .catch({ attachments: {}, messages: {}, roles: {} }),
};

/** A field of a form, with what was put into it. */
const filled = z.object({
  custom_id: optional(z.string()),
  value: optional(z.string()),
  values: listOf(z.string()),
});

/**
 * Type 2: somebody used a command; 3: somebody pressed a button or chose from a menu; 4: somebody types into an option;
 * 5: somebody sent a form. Whatever else there is, `readAnswerable` reads. */
const interaction = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal(2),
    data: z.object(commandData),
  }),
  z.object({
    ...common,
    type: z.literal(3),
    data: z.object({ custom_id: z.string(), values: listOf(z.string()) }),
    message: optional(shownMessage),
  }),
  z.object({ ...common, type: z.literal(4), data: z.object(commandData) }),
  z.object({
    ...common,
    type: z.literal(5),
    data: z.object({
      custom_id: z.string(),
      components: listOf(z.object({ component: optional(filled), components: listOf(filled) })),
      resolved: z.object({ attachments: recordOf(attachment) }).catch({ attachments: {} }),
    }),
    message: optional(shownMessage),
  }),
]);
export type InteractionEvent = z.output<typeof interaction>;
export type CommandEvent = Extract<InteractionEvent, { type: 2 }>;
export type ButtonEvent = Extract<InteractionEvent, { type: 3 }>;
export type TypingEvent = Extract<InteractionEvent, { type: 4 }>;
export type FormEvent = Extract<InteractionEvent, { type: 5 }>;

const answerable = z.object({
  id: snowflake,
  token: z.string().min(1),
  application_id: snowflake.catch('0'),
  type: optional(z.number()),
  locale: z.string().catch('en-US'),
  attachment_size_limit: optional(z.number().positive()),
});
/** What it takes to answer an interaction, whatever it is. */
export type AnswerableEvent = z.output<typeof answerable>;

const reading =
  <S extends z.ZodType>(schema: S) =>
  (event: unknown): z.output<S> =>
    schema.parse(withoutNulls(event));

/** Each reads one event as Discord sends it; null counts as nothing. @throws ZodError if it is not one that is known here */
export const readMessage = reading(message);
export const readAnsweredMessage = reading(answered);
export const readReaction = reading(reaction);
export const readClearedReactions = reading(clearedReactions);
export const readClearedEmoji = reading(clearedEmoji);
export const readInteraction = reading(interaction);
export const readReady = reading(z.object({ user, application: z.object({ id: snowflake }) }));
/** Undefined where nothing can be answered. */
export const readAnswerable = (event: unknown): AnswerableEvent | undefined =>
  answerable.safeParse(withoutNulls(event)).data;
