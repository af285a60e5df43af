/** What of Slack's requests is read here. Slack adds fields at any time; they are left out. */
import { z } from 'zod';
import { listOf, optional, withoutNulls } from '../shared/lenient.ts';
import { timestamp } from './place.ts';

const id = z.string().regex(/^[A-Z0-9]+$/);

const file = z.object({
  id,
  name: optional(z.string()),
  mimetype: optional(z.string()),
  filetype: optional(z.string()),
  size: optional(z.number()),
  url_private: optional(z.url()),
  /** `check_file_info`: of another workspace, and only `files.info` tells the rest. */
  file_access: optional(z.string()),
  user: optional(id),
});
export type SlackFile = z.output<typeof file>;

/** What an event of the Events API is wrapped in. */
const envelope = z.object({
  event_id: z.string().min(1),
  /** In seconds. */
  event_time: optional(z.number()),
  authorizations: listOf(z.object({ user_id: optional(id), is_bot: optional(z.boolean()) })),
  event: z.looseObject({ type: z.string() }),
});
export type EventEnvelope = z.output<typeof envelope>;

const mention = z.object({
  channel: id,
  ts: timestamp,
  thread_ts: optional(timestamp),
  user: optional(id),
  /** There is one where no person wrote it. */
  bot_id: z.unknown().optional(),
  text: z.string().catch(''),
  files: listOf(file),
});
export type MentionEvent = z.output<typeof mention>;

const message = mention.extend({
  /** `im`: a direct message; `channel`, `group`, `mpim`. */
  channel_type: optional(z.string()),
  /** None, `file_share` and `thread_broadcast` are what people write. */
  subtype: optional(z.string()),
});
export type MessageEvent = z.output<typeof message>;

/** What a conversation or a thread gives when it is asked for messages; which conversation it is, whoever asks knows. */
const history = z.object({ messages: listOf(mention.omit({ channel: true })) });
export type WrittenMessage = z.output<typeof history>['messages'][number];

const reaction = z.object({
  user: id,
  /** Its name, such as `game_die`, perhaps with `::skin-tone-2`. */
  reaction: z.string(),
  item: z.object({ type: z.string(), channel: optional(id), ts: optional(timestamp) }),
  /** Whose message it is. */
  item_user: optional(id),
  event_ts: optional(z.string()),
});
export type ReactionEvent = z.output<typeof reaction>;

const homeOpened = z.object({ user: id, channel: optional(id), tab: optional(z.string()) });
export type HomeOpenedEvent = z.output<typeof homeOpened>;

const tokensRevoked = z.object({
  tokens: z.object({ bot: listOf(z.string()) }).catch({ bot: [] }),
});
export type TokensRevokedEvent = z.output<typeof tokensRevoked>;

const teamAccessRevoked = z.object({ team_ids: listOf(id) });
export type TeamAccessRevokedEvent = z.output<typeof teamAccessRevoked>;

const fileDeleted = z.object({
  file_id: id,
  /** Where it was shared. */
  channel_ids: optional(z.array(z.string())),
});
export type FileDeletedEvent = z.output<typeof fileDeleted>;

/** A channel that is no more. */
const channelGone = z.object({ channel: id });
export type ChannelGoneEvent = z.output<typeof channelGone>;

const command = z.object({
  /** With the slash. */
  command: z.string(),
  text: z.string().catch(''),
  trigger_id: z.string(),
  response_url: optional(z.url()),
  user_id: id,
  channel_id: id,
  channel_name: optional(z.string()),
});
export type SlashCommandRequest = z.output<typeof command>;

const person = z.object({ id, team_id: optional(id) });

const shortcut = z.object({
  callback_id: z.string(),
  trigger_id: z.string(),
  response_url: optional(z.url()),
  user: person,
  channel: z.object({ id, name: optional(z.string()) }),
  message: z.object({
    ts: timestamp,
    thread_ts: optional(timestamp),
    user: optional(id),
    bot_id: z.unknown().optional(),
    files: listOf(file),
  }),
});
export type MessageShortcutRequest = z.output<typeof shortcut>;

/** What a field of a form holds; which of these depends on its element. */
const fieldState = z.object({
  type: optional(z.string()),
  value: optional(z.string()),
  selected_option: optional(z.object({ value: z.string() })),
  /** Seconds since 1970. */
  selected_date_time: optional(z.number()),
  selected_options: optional(listOf(z.object({ value: z.string() }))),
  files: optional(listOf(file)),
});
export type FieldState = z.output<typeof fieldState>;

const view = z.object({
  id,
  callback_id: z.string().catch(''),
  private_metadata: z.string().catch(''),
  hash: optional(z.string()),
  root_view_id: optional(id),
  /** Of each field, by its block and its action. */
  state: z.object({ values: z.record(z.string(), z.record(z.string(), fieldState)) }).catch({ values: {} }),
});
export type ViewState = z.output<typeof view>;

const viewRequest = z.object({ user: person, view, trigger_id: optional(z.string()) });
/** A form was sent, or closed. */
export type ViewRequest = z.output<typeof viewRequest>;

const action = z.object({
  action_id: z.string(),
  block_id: z.string().catch(''),
  type: optional(z.string()),
  value: optional(z.string()),
  selected_option: optional(z.object({ value: z.string() })),
  action_ts: optional(z.string()),
});

const press = z.object({
  /** Only the first counts: Slack sends one. */
  actions: z.tuple([action], z.unknown()),
  trigger_id: z.string(),
  response_url: optional(z.url()),
  user: person,
  channel: optional(z.object({ id, name: optional(z.string()) })),
  container: z
    .object({
      /** `message` or `view`. */
      type: optional(z.string()),
      channel_id: optional(id),
      message_ts: optional(timestamp),
      thread_ts: optional(timestamp),
      is_ephemeral: optional(z.boolean()),
      view_id: optional(id),
    })
    .catch({}),
  /** Not told for messages that only one person sees. */
  message: optional(z.object({ ts: timestamp, thread_ts: optional(timestamp), user: optional(id) })),
  view: optional(view),
});
/** Somebody used a button or a menu, on a message or in a view. */
export type PressRequest = z.output<typeof press>;

const reading =
  <S extends z.ZodType>(schema: S) =>
  (body: unknown): z.output<S> =>
    schema.parse(withoutNulls(body));

/** Each reads one request or event as Slack sends it; null counts as nothing. @throws ZodError if it is not one that is known here */
export const readEnvelope = reading(envelope);
export const readMention = reading(mention);
export const readMessage = reading(message);
export const readHistory = reading(history);
export const readReaction = reading(reaction);
export const readHomeOpened = reading(homeOpened);
export const readTokensRevoked = reading(tokensRevoked);
export const readTeamAccessRevoked = reading(teamAccessRevoked);
export const readFileDeleted = reading(fileDeleted);
export const readChannelGone = reading(channelGone);
export const readCommand = reading(command);
export const readShortcut = reading(shortcut);
export const readViewRequest = reading(viewRequest);
export const readPress = reading(press);
