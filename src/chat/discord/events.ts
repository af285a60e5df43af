/** What of Discord's events is read here. Discord adds fields at any time; they are left out. */
import { z } from 'zod';
import { snowflake } from './snowflake.ts';

const user = z.object({ id: snowflake, bot: z.boolean().optional() });
const permissions = z.string().regex(/^\d+$/).transform(BigInt);

const attachment = z.object({
  id: snowflake,
  filename: z.string(),
  size: z.number(),
  url: z.string(),
  content_type: z.string().optional(),
  flags: z.number().optional(),
});
export type Attachment = z.output<typeof attachment>;

const author = z.object({ id: snowflake, bot: z.boolean().optional() });
const attachments = z.array(attachment).default([]);

const message = z.object({
  id: snowflake,
  channel_id: snowflake,
  guild_id: snowflake.optional(),
  type: z.number(),
  author,
  webhook_id: snowflake.optional(),
  content: z.string().default(''),
  attachments,
  referenced_message: z.object({ attachments }).nullish(),
});
export type WrittenMessage = z.output<typeof message>;

const reaction = z.object({
  user_id: snowflake,
  channel_id: snowflake,
  message_id: snowflake,
  guild_id: snowflake.optional(),
  emoji: z.object({ id: snowflake.nullish(), name: z.string().nullish() }),
  /** Whose message it is; only told when a reaction is added. */
  message_author_id: snowflake.optional(),
  member: z.object({ user, roles: z.array(snowflake) }).optional(),
});
export type ReactionEvent = z.output<typeof reaction>;

const common = {
  id: snowflake,
  application_id: snowflake,
  token: z.string().min(1),
  guild_id: snowflake.optional(),
  channel: z.object({ id: snowflake, type: z.number() }),
  member: z.object({ user, permissions }).optional(),
  user: user.optional(),
  locale: z.string().default('en-US'),
  app_permissions: permissions,
  authorizing_integration_owners: z.record(z.string(), z.string()).default({}),
  context: z.number().optional(),
  attachment_size_limit: z.number().optional(),
};

const options = z
  .array(z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).optional() }))
  .default([]);

/** Type 2: somebody used a command; 3: somebody pressed a button. Others are never asked for. */
const interaction = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal(2),
    data: z.object({
      name: z.string(),
      /** 1: a slash command, 3: one of a message's menu. */
      type: z.number(),
      options,
      target_id: snowflake.optional(),
      resolved: z
        .object({
          attachments: z.record(z.string(), attachment).optional(),
          messages: z.record(z.string(), z.object({ attachments })).optional(),
        })
        .default({}),
    }),
  }),
  z.object({
    ...common,
    type: z.literal(3),
    data: z.object({ custom_id: z.string() }),
    message: z.object({ id: snowflake }),
  }),
]);
export type InteractionEvent = z.output<typeof interaction>;
export type CommandEvent = Extract<InteractionEvent, { type: 2 }>;
export type ButtonEvent = Extract<InteractionEvent, { type: 3 }>;

const ready = z.object({ user, application: z.object({ id: snowflake }) });
export type ReadyEvent = z.output<typeof ready>;

/** Each reads one event as Discord sends it. @throws ZodError where it is none that is known here */
export const readMessage = (event: unknown): WrittenMessage => message.parse(event);
export const readReaction = (event: unknown): ReactionEvent => reaction.parse(event);
export const readInteraction = (event: unknown): InteractionEvent => interaction.parse(event);
export const readReady = (event: unknown): ReadyEvent => ready.parse(event);
