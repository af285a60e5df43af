import type {
  APIApplicationCommand,
  APIApplicationCommandPermission,
  APIMessage,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
  APIOverwrite,
  APIRole,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  InteractionResponseType,
  InteractionType,
  LocaleString,
  MessageType,
} from 'discord-api-types/v10';

/** Plain data of the fake's world. It changes only through the functions beside this file. */
export type User = {
  readonly id: string;
  readonly name: string;
  readonly globalName: string;
  readonly bot: boolean;
  locale: LocaleString;
  /** Has Nitro: larger uploads. */
  premium: boolean;
  /** Takes no direct messages from bots. */
  dmsClosed: boolean;
  /** Has installed the application for themselves. */
  installed: boolean;
};

export type Member = {
  readonly userId: string;
  readonly joinedAt: string;
  roles: string[];
  nick: string | null;
};

export type Guild = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: LocaleString;
  /** Boost level: decides how large a file may be. */
  tier: 0 | 1 | 2 | 3;
  readonly roles: Map<string, APIRole>;
  readonly members: Map<string, Member>;
  /** Most threads that may be active at once. */
  mostThreads: number;
  /** What is set under Integrations, by the id of a command or of the application. */
  readonly commandRules: Map<string, readonly APIApplicationCommandPermission[]>;
  /** Whether the application's commands were let in, with or without its bot. */
  hasCommands: boolean;
};

export type ThreadState = {
  readonly ownerId: string;
  readonly members: Map<string, string>;
  archived: boolean;
  locked: boolean;
  archiveChangedAt: string;
  autoArchiveMinutes: 60 | 1440 | 4320 | 10080;
  sent: number;
};

export type Channel = {
  readonly id: string;
  readonly type: ChannelType;
  readonly guildId: string | null;
  readonly parentId: string | null;
  name: string;
  position: number;
  overwrites: APIOverwrite[];
  /** Of a direct message: who takes part, besides the bot. */
  readonly recipients: readonly string[];
  readonly thread: ThreadState | null;
  readonly messages: Map<string, Message>;
  lastMessageId: string | null;
};

/** A file that was uploaded. */
export type StoredFile = {
  readonly id: string;
  readonly channelId: string;
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly ephemeral: boolean;
  readonly width: number | null;
  readonly height: number | null;
  description: string | null;
  /** Its message was deleted. */
  gone: boolean;
};

export type Emoji = { readonly id: string | null; readonly name: string };

export type Reaction = {
  readonly emoji: Emoji;
  readonly users: Set<string>;
  /** Those who have added it as a super reaction, beside or instead of a normal one. */
  readonly bursts: Set<string>;
};

/** What a message of a person can show beside its words and files. */
export type Shows = Pick<
  Partial<APIMessage>,
  'embeds' | 'components' | 'attachments' | 'message_snapshots' | 'sticker_items'
>;

export type Message = {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  type: MessageType;
  content: string;
  components: APIMessageTopLevelComponent[];
  flags: number;
  /** What else it shows, as the API gives it: forwarded messages, previews of links, stickers. */
  readonly shows: Shows;
  files: StoredFile[];
  readonly nonce: string | number | null;
  readonly timestamp: string;
  /** Milliseconds on the clock. */
  readonly at: number;
  editedTimestamp: string | null;
  mentions: string[];
  mentionRoles: string[];
  mentionEveryone: boolean;
  /** Whom this message notified when it appeared. */
  readonly pinged: readonly string[];
  readonly replyTo: string | null;
  readonly interaction: Interaction | null;
  /** Who alone sees it. */
  readonly ephemeralTo: string | null;
  readonly reactions: Map<string, Reaction>;
  threadId: string | null;
  pinned: boolean;
  /** What it showed before, oldest first. */
  readonly history: { readonly at: number; readonly content: string; readonly files: readonly string[] }[];
};

export type Interaction = {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly userId: string;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly locale: LocaleString;
  /** Milliseconds on the clock. */
  readonly createdAt: number;
  readonly commandName: string | null;
  readonly targetMessageId: string | null;
  /** Of a form the interaction that opened it. */
  readonly opener: Interaction | null;
  /** The message whose button was pressed. */
  readonly sourceMessageId: string | null;
  readonly owners: Readonly<Partial<Record<ApplicationIntegrationType, string>>>;
  readonly context: InteractionContextType;
  /** The bot is no member where this was asked: at most five follow-ups. */
  readonly userInstalledOnly: boolean;
  /** Answers are shown to the user alone, whatever the bot asks for. */
  readonly forcedEphemeral: boolean;
  readonly maxFileBytes: number;
  /** When it was acknowledged, in milliseconds on the clock. */
  acknowledgedAt: number | null;
  answer: InteractionResponseType | null;
  /** The user has been told that the application did not respond. */
  failed: boolean;
  expired: boolean;
  originalId: string | null;
  /** Deferred, and nothing has been said yet. */
  loading: boolean;
  followUps: string[];
  choices: readonly { readonly name: string; readonly value: string | number }[] | null;
  /** The form that the bot has opened. */
  form: APIModalInteractionResponseCallbackData | null;
};

export type CommandBook = {
  readonly global: Map<string, APIApplicationCommand>;
  /** Requests that replaced or created commands. */
  writes: number;
};
