/** What of Discord's events is read here. Discord adds fields at any time; they are left out. */
import { z } from 'zod';
import { listOf, optional, recordOf, withoutNulls } from '../shared/lenient.ts';
import { attachment, picturePlaces } from './picture-places.ts';
import { snowflake } from './snowflake.ts';

const user = z.object({ id: snowflake, bot: optional(z.boolean()) });
export type Author = z.output<typeof user>;
const permissions = z.string().regex(/^\d+$/).transform(BigInt);

const answered = z.object({ ...picturePlaces, author: optional(user) });
export type AnsweredMessage = z.output<typeof answered>;

const message = z.object({
  id: snowflake,
  channel_id: snowflake,
  guild_id: snowflake.optional(),
  type: z.number(),
  author: user,
  member: optional(z.object({ roles: optional(z.array(snowflake)) })),
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
    z.object({ user, permissions: permissions.catch(0n), roles: z.array(snowflake).catch([]) }),
  ),
  user: optional(user),
  locale: z.string().catch('en-US'),
  app_permissions: optional(permissions),
  authorizing_integration_owners: recordOf(z.string()),
  context: optional(z.number()),
  attachment_size_limit: optional(z.number().positive()),
};

const option = { name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).optional() };
/** A subcommand is an option with the options of its own. */
const options = listOf(
  z.object({ ...option, type: optional(z.number()), options: listOf(z.object(option)) }),
);

/** Type 2: somebody used a command; 3: somebody pressed a button. Whatever else there is, `readAnswerable` reads. */
const interaction = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal(2),
    data: z.object({
      name: z.string(),
      /** 1: a slash command, 3: one of a message's menu. */
      type: z.number(),
      options,
      target_id: optional(snowflake),
      resolved: z
        .object({
          attachments: recordOf(attachment),
          messages: recordOf(answered),
        })
        .catch({ attachments: {}, messages: {} }),
    }),
  }),
  z.object({
    ...common,
    type: z.literal(3),
    data: z.object({ custom_id: z.string(), values: listOf(z.string()) }),
  }),
]);
export type InteractionEvent = z.output<typeof interaction>;
export type CommandEvent = Extract<InteractionEvent, { type: 2 }>;
export type ButtonEvent = Extract<InteractionEvent, { type: 3 }>;

const answerable = z.object({
  id: snowflake,
  token: z.string().min(1),
  application_id: snowflake.catch('0'),
  type: optional(z.number()),
  locale: z.string().catch('en-US'),
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
