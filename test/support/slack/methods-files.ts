import {
  type Call,
  channelOf,
  isMember,
  type Method,
  messageIn,
  readBlocks,
  refuse,
  said,
  scoped,
} from './methods.ts';
import { channelTypeOf, filePayload, isReady, messagePayload } from './payloads.ts';
import { app, type Channel, type Installation, type Message, type State, type StoredFile } from './state.ts';

export type FileOptions = {
  /** So many answers of files.info say first that a file is not processed. */
  readonly pollsUntilReady: number;
  /** So many answers say first that it is not shared; null: nothing is ever shared. */
  readonly pollsUntilShared: number | null;
};

export const newFile = (
  state: State,
  given: Pick<StoredFile, 'team' | 'user' | 'name'> & Partial<StoredFile>,
): StoredFile => {
  const file: StoredFile = {
    ...{ id: state.nextId('F'), created: state.seconds(), title: given.name, alt: null, bytes: null },
    ...{ isComplete: false, pollsUntilReady: 0, pollsUntilShared: 0, share: null, shares: [] },
    ...{ isAbridged: false, isDeleted: false, ...given },
  };
  state.files.set(file.id, file);
  return file;
};

/** What one file shows to an installation: its own, and what is in its channels. */
export const canSee = (state: State, installation: Installation, file: StoredFile): boolean =>
  file.user === installation.botUser ||
  state.installationFor(file.team) === installation ||
  file.shares.some(({ channel }) => state.channels.get(channel)?.members.has(installation.botUser));

const fileOf = ({ state, installation, args }: Call, id = args.need('file')): StoredFile => {
  const file = state.files.get(id);
  if (!file || !canSee(state, installation, file)) return refuse('file_not_found');
  return file.isDeleted ? refuse('file_deleted') : file;
};

/** One answer about a file brings it nearer to being processed and shared. */
const poll = (file: StoredFile): void => {
  if (!file.isComplete) return;
  file.pollsUntilReady = Math.max(-1, file.pollsUntilReady - 1);
  if (file.pollsUntilShared !== null) file.pollsUntilShared = Math.max(-1, file.pollsUntilShared - 1);
};

const settle = (file: StoredFile): void => {
  if (file.pollsUntilReady <= 0) file.isAbridged = false;
  if (file.pollsUntilShared === null || file.pollsUntilShared > 0) return;
  const { share } = file;
  file.share = null;
  share?.();
};

/** Tells that a message with files is there. */
const publishShared = (state: State, channel: Channel, message: Message): void =>
  state.publish({
    event: {
      ...{ type: 'message', subtype: 'file_share', ...messagePayload(state, channel, message) },
      ...{ channel: channel.id, channel_type: channelTypeOf(channel), event_ts: message.ts },
    },
    ...{ channel, installation: null, team: channel.teams[0] ?? '' },
  });

/** Takes a file away, wherever it is shown. */
export const deleteFile = (state: State, file: StoredFile): void => {
  file.isDeleted = true;
  const channels = [...new Set(file.shares.map(({ channel }) => channel))];
  for (const id of channels) {
    const channel = state.channels.get(id) ?? null;
    const event = { type: 'file_deleted', file_id: file.id, channel_ids: channels, event_ts: state.nextTs() };
    state.publish({ event, channel, installation: null, team: file.team });
  }
  state.changed();
};

const complete = (call: Call, options: FileOptions): object => {
  const { state, installation, args } = call;
  const given = (args.json('files') ?? refuse('invalid_arguments')) as readonly {
    id: string;
    title?: string;
  }[];
  const files = given.map(({ id, title }) => {
    const file = fileOf(call, id);
    if (file.bytes === null || file.user !== installation.botUser || file.isComplete)
      refuse('file_not_found');
    if (title !== undefined) file.title = title;
    return file;
  });
  const [initial, blocks] = [args.text('initial_comment'), args.json('blocks')];
  if (Array.isArray(blocks) && blocks.some(({ type }) => type === 'markdown')) refuse('internal_error');
  const shown = initial === undefined && blocks !== undefined ? readBlocks(call) : [];
  const channel = args.text('channel_id') === undefined ? null : channelOf(call, 'channel_id');
  const thread = args.text('thread_ts') ?? null;
  if (channel && thread !== null) messageIn(channel, thread, 'thread_not_found');
  for (const file of files)
    Object.assign(file, { isComplete: true, pollsUntilReady: options.pollsUntilReady });
  const [first] = files;
  // What is said where the bot may not speak is never shared, although the answer is ok.
  if (first && channel && isMember(call, channel) && !channel.isArchived) {
    first.pollsUntilShared = options.pollsUntilShared;
    first.share = () => {
      const message = state.post(
        channel,
        said(call, {
          text: initial ?? '',
          blocks: shown,
          thread,
          files: files.map(({ id }) => id),
        }) as Message,
      );
      publishShared(state, channel, message);
    };
  }
  for (const file of files) settle(file);
  return { files: files.map(({ id, title }) => ({ id, title })) };
};

/** Files, in three steps, and what is known of them. */
export const fileMethods = (options: () => FileOptions): Readonly<Record<string, Method>> => ({
  'files.getUploadURLExternal': {
    ...{ tier: 4, scopes: scoped('files:write') },
    run: ({ state, installation, args }) => {
      const [name, length] = [args.need('filename'), Number(args.need('length'))];
      if (!(length > 0)) refuse('invalid_arguments');
      const file = newFile(state, {
        ...{ team: installation.team ?? installation.tenant, user: installation.botUser, name },
        alt: args.text('alt_txt') ?? null,
      });
      return { upload_url: `${state.origin}/upload/v1/${file.id}?length=${length}`, file_id: file.id };
    },
  },
  'files.completeUploadExternal': {
    ...{ tier: 4, scopes: scoped('files:write') },
    run: (call) => complete(call, options()),
  },
  'files.info': {
    ...{ tier: 4, scopes: scoped('files:read') },
    run: (call) => {
      const file = fileOf(call);
      settle(file);
      const shown = filePayload(call.state, file);
      poll(file);
      return { file: shown, comments: [], response_metadata: { next_cursor: '' } };
    },
  },
  'files.list': {
    ...{ tier: 3, scopes: scoped('files:read') },
    run: ({ state, installation, args }) => {
      if (installation.team === null && args.text('team_id') === undefined) refuse('missing_argument');
      const [channel, user, from] = [
        args.text('channel'),
        args.text('user'),
        Number(args.text('ts_from') ?? 0),
      ];
      const files = [...state.files.values()].filter(
        (file) =>
          !file.isDeleted &&
          isReady(file) &&
          canSee(state, installation, file) &&
          file.created >= Math.floor(from) &&
          (user === undefined || file.user === user) &&
          (channel === undefined || file.shares.some((share) => share.channel === channel)),
      );
      const paging = { count: 100, total: files.length, page: 1, pages: 1 };
      return {
        files: files
          .reverse()
          .slice(0, 100)
          .map((file) => filePayload(state, file)),
        paging,
      };
    },
  },
  'files.delete': {
    ...{ tier: 3, scopes: scoped('files:write') },
    run: (call) => {
      const file = fileOf(call);
      if (file.user !== call.installation.botUser) refuse('cant_delete_file');
      deleteFile(call.state, file);
      return {};
    },
  },
});

/** A code that an installation is exchanged for, and whose. */
export type Grant = { readonly install: () => Installation };

/** The last step of an installation. */
export const oauthMethods = (
  codes: Map<string, Grant>,
): Readonly<
  Record<
    string,
    Omit<Method, 'run'> & {
      run(call: Omit<Call, 'installation'>): object;
    }
  >
> => ({
  'oauth.v2.access': {
    tier: 4,
    run: ({ state, args }) => {
      if (args.need('client_id') !== app.clientId) refuse('invalid_client_id');
      if (args.need('client_secret') !== app.clientSecret) refuse('bad_client_secret');
      const code = args.need('code');
      const grant = codes.get(code) ?? refuse('invalid_code');
      codes.delete(code);
      const made = grant.install();
      const enterprise =
        made.enterprise === null ? null : { id: made.enterprise, name: `organisation ${made.enterprise}` };
      state.changed();
      return {
        ...{ access_token: made.token, token_type: 'bot', scope: made.scopes.join(','), app_id: app.id },
        ...{ bot_user_id: made.botUser, authed_user: { id: 'U0INSTALLER' }, enterprise },
        ...{
          is_enterprise_install: made.team === null,
          team: made.team === null ? null : { id: made.team, name: made.name },
        },
      };
    },
  },
});
