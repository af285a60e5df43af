import type { AnyBlock, View } from '@slack/types';
import type { Clock } from '../../../src/ports/clock.ts';

/** The app, as Slack's pages show it. */
export const app = {
  ...{ id: 'A0GRAMZOOM', clientId: '1111.2222', clientSecret: 'a-client-secret' },
  ...{ signingSecret: 'a-signing-secret', appToken: 'xapp-1-A0GRAMZOOM-app-token' },
};

/** A workspace; `enterprise`: the organisation that it belongs to. */
export type Team = Readonly<Record<'id' | 'name' | 'domain', string>> & {
  readonly enterprise: string | null;
};

const createUser = (given: Record<'id' | 'team' | 'name', string>) => ({
  ...{ locale: 'en-US', zone: 'Europe/Berlin', isAdmin: false, isOwner: false, isBot: false },
  ...{ isGuest: false, isDeleted: false, ...given },
});
export type User = Readonly<ReturnType<typeof createUser>>;

type Share = { readonly channel: string; readonly ts: string; readonly thread: string | null };

const createFile = (given: { id: string; team: string; user: string; name: string; created: number }) => ({
  ...{ title: given.name, alt: null as string | null, bytes: null as Buffer | null, ...given },
  /** Before that nobody sees it. */
  isComplete: false,
  /** So many answers of files.info still say that it is not processed. */
  pollsUntilReady: 0,
  /** So many answers still say that it is not shared; null: it never will be. */
  pollsUntilShared: 0 as number | null,
  /** Makes the message that shares it. */
  share: null as (() => void) | null,
  shares: [] as Share[],
  /** It comes with a message before Slack tells its address and type. */
  isAbridged: false,
  isDeleted: false,
});
export type StoredFile = ReturnType<typeof createFile>;

const createMessage = (given: { channel: string; ts: string; user: string; text: string }) => ({
  ...{ bot: null as string | null, thread: null as string | null, blocks: [] as readonly AnyBlock[] },
  ...{
    files: [] as readonly string[],
    reactions: new Map<string, Set<string>>(),
    metadata: undefined as unknown,
  },
  /** A tombstone: taken away, with replies under it. */
  ...{ isEdited: false, isTombstone: false, isPinned: false, ...given },
});
export type Message = ReturnType<typeof createMessage>;

const createChannel = (given: {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  teams: string[];
}) => ({
  ...{ members: new Set<string>(), isArchived: false, ...given },
  /** In the order in which they were sent. */
  messages: new Map<string, Message>(),
});
export type Channel = ReturnType<typeof createChannel>;

/** What only one person sees. */
export type Ephemeral = Readonly<Record<'ts' | 'user' | 'channel' | 'text', string>> & {
  readonly thread: string | null;
  readonly blocks: readonly AnyBlock[];
  readonly via: 'chat.postEphemeral' | 'response_url' | 'acknowledgement';
};

/** The app in a workspace, or (`team: null`) in an organisation for all its workspaces. */
export type Installation = Readonly<Record<'tenant' | 'name' | 'botUser' | 'bot' | 'token', string>> & {
  readonly team: string | null;
  readonly enterprise: string | null;
  scopes: readonly string[];
  state: 'installed' | 'token_revoked' | 'account_inactive';
};

export type OpenView = Readonly<Record<'id' | 'team' | 'user' | 'root', string>> & {
  readonly installation: Installation;
  readonly previous: string | null;
  view: View;
  hash: string;
  /** What has been filled in, by block and action. */
  values: Record<string, Record<string, object>>;
};

/** What an interaction may open a view with, once. */
type Trigger = Pick<OpenView, 'user' | 'team' | 'installation'> & {
  readonly expiresAt: number;
  isUsed: boolean;
};

type ResponseUrl = Pick<OpenView, 'user' | 'installation'> & {
  readonly channel: string;
  readonly expiresAt: number;
  /** What only they see and pressed a button of, which an answer may replace. */
  readonly original: Ephemeral | null;
  usesLeft: number;
};

/** Something that happened; `installation`: who hears of it, where it is in no channel. */
export type Published = {
  readonly event: { readonly type: string; readonly [field: string]: unknown };
  readonly team: string;
  readonly channel?: Channel;
  readonly installation?: Installation;
};

/** A refusal of the Web API: `ok: false` with this error. */
export class SlackRefusal extends Error {
  readonly body: object;

  constructor(error: string, more: object = {}) {
    super(error);
    this.body = { ok: false, error, ...more };
  }
}

export const createState = (clock: Clock) => {
  const listeners = new Set<() => void>();
  const dms = new Map<string, Channel>();
  let [count, lastTs] = [0, 0];

  const state = {
    ...{ clock, origin: '', onPublish: (_: Published): void => {} },
    ...{
      teams: new Map<string, Team>(),
      users: new Map<string, User>(),
      channels: new Map<string, Channel>(),
    },
    ...{ files: new Map<string, StoredFile>(), installations: [] as Installation[] },
    ephemerals: [] as Ephemeral[],
    ...{ triggers: new Map<string, Trigger>(), responseUrls: new Map<string, ResponseUrl>() },
    /** Modals that are open, the topmost last; and the homes of people. */
    ...{ modals: [] as OpenView[], homes: new Map<string, OpenView>() },
    /** What Slack refuses as malformed, and what it forbids. */
    violations: [] as string[],

    /** An id that is like Slack's: `T000000001`. */
    nextId: (prefix: string): string => `${prefix}${(++count).toString(36).toUpperCase().padStart(9, '0')}`,
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

    addUser: (given: Parameters<typeof createUser>[0] & Partial<User>): User => {
      state.users.set(given.id, createUser(given));
      return createUser(given);
    },
    addChannel: (given: Parameters<typeof createChannel>[0] & Pick<Channel, 'members'>): Channel => {
      const channel = createChannel(given);
      state.channels.set(channel.id, channel);
      return channel;
    },
    addFile: (given: Pick<StoredFile, 'team' | 'user' | 'name'> & Partial<StoredFile>): StoredFile => {
      const file = { ...createFile({ id: state.nextId('F'), created: state.seconds(), ...given }), ...given };
      state.files.set(file.id, file);
      return file;
    },
    installationFor: (team: string): Installation | undefined => {
      const live = state.installations.filter((installation) => installation.state === 'installed');
      const enterprise = state.teams.get(team)?.enterprise ?? '';
      return live.find((one) => one.team === team) ?? live.find((one) => one.tenant === enterprise);
    },
    /** The conversation of somebody with the bot. */
    dm: ({ botUser, tenant }: Installation, user: string): Channel => {
      const key = `${botUser} ${user}`;
      const made = { teams: [state.users.get(user)?.team ?? tenant], members: new Set([user, botUser]) };
      const known =
        dms.get(key) ?? state.addChannel({ id: state.nextId('D'), name: '', kind: 'im', ...made });
      dms.set(key, known);
      return known;
    },
    /** Says something in a channel. */
    post: (channel: Channel, said: Pick<Message, 'user' | 'text'> & Partial<Message>): Message => {
      const message = createMessage({ ...said, channel: channel.id, ts: state.nextTs() });
      channel.messages.set(message.ts, message);
      const { ts, thread } = message;
      for (const id of message.files) state.files.get(id)?.shares.push({ channel: channel.id, ts, thread });
      state.changed();
      return message;
    },
    /** Says something that only one person sees. */
    showAlone: (given: Omit<Ephemeral, 'ts'>): string => {
      const ts = state.nextTs();
      state.ephemerals.push({ ...given, ts });
      state.changed();
      return ts;
    },
    repliesTo: ({ messages }: Channel, ts: string): readonly Message[] =>
      [...messages.values()].filter(({ thread }) => thread === ts),
    /** Takes a message away; a parent's place is kept for its replies. */
    remove: (channel: Channel, message: Message): void => {
      if (state.repliesTo(channel, message.ts).length === 0) channel.messages.delete(message.ts);
      else Object.assign(message, { isTombstone: true, text: 'This message was deleted.', blocks: [] });
      for (const file of message.files.flatMap((id) => state.files.get(id) ?? [])) {
        file.shares = file.shares.filter(({ ts }) => ts !== message.ts);
      }
      state.changed();
    },
  };
  return state;
};

export type State = ReturnType<typeof createState>;
