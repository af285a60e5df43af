import type { AnyBlock, View } from '@slack/types';
import type { Clock } from '../../../src/ports/clock.ts';

export type Team = {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** The organisation that it belongs to. */
  readonly enterprise: string | null;
};

export type User = {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly locale: string;
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  readonly isBot: boolean;
};

export type Share = { readonly channel: string; readonly ts: string; readonly thread: string | null };

export type StoredFile = {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  readonly name: string;
  readonly created: number;
  title: string;
  alt: string | null;
  bytes: Buffer | null;
  /** Completed: before that nobody can see it. */
  isComplete: boolean;
  /** So many answers of files.info still say that it is not processed. */
  pollsUntilReady: number;
  /** So many answers still say that it is not shared; null: it never will be. */
  pollsUntilShared: number | null;
  /** Makes the message that shares it. */
  share: (() => void) | null;
  readonly shares: Share[];
  /** Its address and type are asked for with files.info. */
  isAbridged: boolean;
  isDeleted: boolean;
};

export type Message = {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | null;
  readonly user: string;
  /** The installation's bot, where it said this. */
  readonly bot: string | null;
  text: string;
  blocks: readonly AnyBlock[];
  readonly files: readonly string[];
  readonly reactions: Map<string, Set<string>>;
  readonly metadata: unknown;
  isEdited: boolean;
  /** Taken away, with replies under it. */
  isTombstone: boolean;
};

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  /** Those that share it. */
  readonly teams: readonly string[];
  readonly members: Set<string>;
  isArchived: boolean;
  /** In the order in which they were sent. */
  readonly messages: Map<string, Message>;
};

export type Ephemeral = {
  readonly user: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly text: string;
  readonly blocks: readonly AnyBlock[];
  readonly via: 'chat.postEphemeral' | 'response_url' | 'acknowledgement';
};

/** The app in a workspace, or in an organisation for all its workspaces. */
export type Installation = {
  readonly tenant: string;
  readonly name: string;
  /** Null for an organisation's. */
  readonly team: string | null;
  readonly enterprise: string | null;
  readonly botUser: string;
  readonly bot: string;
  readonly token: string;
  scopes: readonly string[];
  state: 'installed' | 'token_revoked' | 'account_inactive';
};

export type OpenView = {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  readonly installation: Installation;
  readonly root: string;
  readonly previous: string | null;
  view: View;
  hash: string;
  /** What has been filled in, by block and action. */
  values: Record<string, Record<string, object>>;
};

export type Trigger = {
  readonly user: string;
  readonly team: string;
  readonly installation: Installation;
  readonly expiresAt: number;
  /** Where it came from a modal. */
  readonly view: string | null;
  isUsed: boolean;
};

export type ResponseUrl = {
  readonly user: string;
  readonly channel: string | null;
  readonly installation: Installation;
  readonly expiresAt: number;
  usesLeft: number;
};

export type Published = {
  readonly event: { readonly type: string; readonly [field: string]: unknown };
  readonly channel: Channel | null;
  /** Where it is no channel's: who hears of it. */
  readonly installation: Installation | null;
  readonly team: string;
};

/** A refusal of the Web API: `ok: false` with this error. */
export class SlackRefusal extends Error {
  readonly body: object;

  constructor(error: string, more: object = {}) {
    super(error);
    this.body = { ok: false, error, ...more };
  }
}

export const app = {
  id: 'A0GRAMZOOM',
  clientId: '1111.2222',
  clientSecret: 'a-client-secret',
  signingSecret: 'a-signing-secret',
  appToken: 'xapp-1-A0GRAMZOOM-app-token',
};

export const createState = (clock: Clock) => {
  const listeners = new Set<() => void>();
  const subscribers = new Set<(published: Published) => void>();
  const dms = new Map<string, Channel>();
  let count = 0;
  let lastTs = 0;

  const state = {
    clock,
    origin: '',
    teams: new Map<string, Team>(),
    users: new Map<string, User>(),
    channels: new Map<string, Channel>(),
    files: new Map<string, StoredFile>(),
    installations: [] as Installation[],
    triggers: new Map<string, Trigger>(),
    responseUrls: new Map<string, ResponseUrl>(),
    /** Modals that are open, the topmost last. */
    modals: [] as OpenView[],
    homes: new Map<string, OpenView>(),
    ephemerals: [] as Ephemeral[],
    /** What Slack refuses as malformed, and what it forbids. */
    violations: [] as string[],

    /** An id that is like Slack's: `T000000001`. */
    nextId: (prefix: string): string => {
      count += 1;
      return `${prefix}${count.toString(36).toUpperCase().padStart(9, '0')}`;
    },
    /** A message's time, later than every other. */
    nextTs: (): string => {
      lastTs = Math.max(lastTs + 1, Math.floor(clock.wallTime() * 1000));
      return `${Math.floor(lastTs / 1e6)}.${String(lastTs % 1e6).padStart(6, '0')}`;
    },
    seconds: (): number => Math.floor(clock.wallTime() / 1000),

    changed: (): void => [...listeners].forEach((look) => void look()),
    onChange: (look: () => void): (() => void) => {
      listeners.add(look);
      return () => listeners.delete(look);
    },
    publish: (published: Published): void => [...subscribers].forEach((hear) => void hear(published)),
    onPublish: (hear: (published: Published) => void): void => void subscribers.add(hear),

    installationFor: (team: string): Installation | undefined => {
      const enterprise = state.teams.get(team)?.enterprise ?? null;
      const live = state.installations.filter((installation) => installation.state === 'installed');
      return (
        live.find((installation) => installation.team === team) ??
        live.find((one) => one.team === null && enterprise !== null && one.enterprise === enterprise)
      );
    },
    /** The conversation of somebody with the bot. */
    dm: (installation: Installation, user: string): Channel => {
      const key = `${installation.botUser} ${user}`;
      const known = dms.get(key);
      if (known) return known;
      const team = state.users.get(user)?.team ?? installation.team ?? '';
      const channel: Channel = {
        ...{ id: state.nextId('D'), name: '', kind: 'im', teams: [team] },
        ...{ members: new Set([user, installation.botUser]), isArchived: false, messages: new Map() },
      };
      dms.set(key, channel);
      state.channels.set(channel.id, channel);
      return channel;
    },
    /** Says something in a channel. */
    post: (
      channel: Channel,
      said: Pick<Message, 'user' | 'text'> &
        Partial<Pick<Message, 'bot' | 'thread' | 'blocks' | 'files' | 'metadata'>>,
    ): Message => {
      const message: Message = {
        ...{ bot: null, thread: null, blocks: [], files: [], metadata: undefined },
        ...said,
        ...{
          channel: channel.id,
          ts: state.nextTs(),
          reactions: new Map(),
          isEdited: false,
          isTombstone: false,
        },
      };
      channel.messages.set(message.ts, message);
      for (const id of message.files) {
        state.files.get(id)?.shares.push({ channel: channel.id, ts: message.ts, thread: message.thread });
      }
      state.changed();
      return message;
    },
    repliesTo: (channel: Channel, ts: string): readonly Message[] =>
      [...channel.messages.values()].filter(({ thread }) => thread === ts),
    /** Takes a message away; a parent's place is kept for its replies. */
    remove: (channel: Channel, message: Message): void => {
      if (state.repliesTo(channel, message.ts).length > 0) {
        Object.assign(message, { isTombstone: true, text: 'This message was deleted.', blocks: [] });
      } else channel.messages.delete(message.ts);
      for (const id of message.files) {
        const { shares } = state.files.get(id) ?? { shares: [] };
        const at = shares.findIndex(({ ts }) => ts === message.ts);
        if (at >= 0) shares.splice(at, 1);
      }
      state.changed();
    },
  };
  return state;
};

export type State = ReturnType<typeof createState>;
