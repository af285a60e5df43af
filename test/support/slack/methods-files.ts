import {
  type Call,
  channelOf,
  isMember,
  type Methods,
  messageIn,
  method,
  readBlocks,
  refuse,
} from './methods.ts';
import { deleteFile, filePayload, isReady, messagePayload, publishMessage } from './payloads.ts';
import { app, type Installation, type State, type StoredFile } from './state.ts';

/** How files are processed. */
export type FileSettings = {
  /** So many answers of files.info say first that a file is not processed. */
  pollsUntilReady: number;
  /** So many answers say first that it is not shared; null: nothing is ever shared. */
  pollsUntilShared: number | null;
  /** After that all of it happens without any question; null: it does not. */
  settlesAfterMs: number | null;
};

/** Whether an installation may see a file: its own, its workspaces', and what is in its channels. */
export const canSee = (state: State, installation: Installation, file: StoredFile): boolean =>
  file.user === installation.botUser ||
  state.installationFor(file.team) === installation ||
  file.shares.some(({ channel }) => state.channels.get(channel)?.members.has(installation.botUser));

const fileOf = ({ state, installation, need }: Call, id = need('file')): StoredFile => {
  const file = state.files.get(id);
  if (!file || !canSee(state, installation, file)) return refuse('file_not_found');
  return file.isDeleted ? refuse('file_deleted') : file;
};

/** What has become of a file by now. */
const settle = (file: StoredFile): void => {
  if (isReady(file)) file.isAbridged = false;
  if (file.pollsUntilShared === null || file.pollsUntilShared > 0) return;
  const { share } = file;
  file.share = null;
  share?.();
};

const complete = (
  call: Call,
  { pollsUntilReady, pollsUntilShared, settlesAfterMs }: FileSettings,
): object => {
  const { state, installation, text, json } = call;
  const given = (json('files') ?? refuse('invalid_arguments')) as readonly { id: string; title?: string }[];
  const files = given.map(({ id, title }) => {
    const file = fileOf(call, id);
    if (file.bytes === null || file.user !== installation.botUser) refuse('file_not_found');
    return Object.assign(file, { title: title ?? file.title });
  });
  const [comment, blocks] = [
    text('initial_comment'),
    json('blocks') as readonly { type: string }[] | undefined,
  ];
  if (blocks?.some(({ type }) => type === 'markdown')) refuse('internal_error');
  const shown = comment === undefined ? readBlocks(call) : [];
  const channel = text('channel_id') === undefined ? null : channelOf(call, 'channel_id');
  const thread = text('thread_ts') ?? null;
  if (channel && thread !== null) messageIn(channel, thread, 'thread_not_found');
  const [first] = files;
  // What the bot says where it is not is never shared, although the answer is ok.
  if (first && channel && isMember(call, channel) && !channel.isArchived) {
    first.pollsUntilShared = pollsUntilShared;
    first.share = () => {
      const by = { user: installation.botUser, bot: installation.bot };
      const ids = files.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id);
      const message = state.post(channel, { ...by, text: comment ?? '', blocks: shown, thread, files: ids });
      publishMessage(state, channel, { ...messagePayload(state, channel, message), subtype: 'file_share' });
    };
  }
  for (const file of files) {
    if (!file.isComplete) Object.assign(file, { isComplete: true, pollsUntilReady });
    settle(file);
    if (settlesAfterMs !== null)
      state.clock.after(settlesAfterMs, () => {
        file.pollsUntilReady = 0;
        if (file.pollsUntilShared !== null) file.pollsUntilShared = 0;
        settle(file);
      });
  }
  return { files: files.map(({ id, title }) => ({ id, title })) };
};

/** Files, in three steps, and what is known of them. */
export const fileMethods = (settings: FileSettings): Methods => ({
  'files.getUploadURLExternal': method(
    { tier: 4, scope: 'files:write' },
    ({ state, installation: { team, tenant, botUser }, need, text }) => {
      const [name, length] = [need('filename'), Number(need('length'))];
      if (!(length > 0)) refuse('invalid_arguments');
      const file = state.addFile({ team: team ?? tenant, user: botUser, name, alt: text('alt_txt') ?? null });
      return { upload_url: `${state.origin}/upload/${file.id}?length=${length}`, file_id: file.id };
    },
  ),
  'files.completeUploadExternal': method({ tier: 4, scope: 'files:write' }, (call) =>
    complete(call, settings),
  ),
  'files.info': method({ tier: 4, scope: 'files:read' }, (call) => {
    const file = fileOf(call);
    settle(file);
    const shown = filePayload(call.state, file);
    // Each answer brings it nearer to being processed and shared.
    if (file.isComplete) file.pollsUntilReady -= 1;
    if (file.isComplete && file.pollsUntilShared !== null) file.pollsUntilShared -= 1;
    return { file: shown, comments: [], response_metadata: { next_cursor: '' } };
  }),
  'files.list': method({ tier: 3, scope: 'files:read' }, ({ state, installation, text }) => {
    if (installation.team === null && text('team_id') === undefined) refuse('missing_argument');
    const [channel, user, from] = [text('channel'), text('user'), Math.floor(Number(text('ts_from') ?? 0))];
    const isThere = (file: StoredFile) =>
      isReady(file) && !file.isDeleted && canSee(state, installation, file);
    const isIn = ({ shares }: StoredFile) => !channel || shares.some((share) => share.channel === channel);
    const files = [...state.files.values()].filter((file) => isThere(file) && isIn(file));
    const found = files.filter((file) => file.created >= from && file.user === (user ?? file.user)).reverse();
    const paging = { count: 100, total: found.length, page: 1, pages: 1 };
    return { files: found.slice(0, 100).map((file) => filePayload(state, file)), paging };
  }),
  'files.delete': method({ tier: 3, scope: 'files:write' }, (call) => {
    const file = fileOf(call);
    if (file.user !== call.installation.botUser) refuse('cant_delete_file');
    deleteFile(call.state, file);
    return {};
  }),
});

/** A code that is exchanged for an installation. */
export type Grant = () => Installation;

/** The last step of an installation: the app itself speaks, without a token. */
export const exchangeCode = (codes: Map<string, Grant>, { need }: Pick<Call, 'need'>): object => {
  if (need('client_id') !== app.clientId) refuse('invalid_client_id');
  if (need('client_secret') !== app.clientSecret) refuse('bad_client_secret');
  const grant = codes.get(need('code')) ?? refuse('invalid_code');
  codes.delete(need('code'));
  const { token, scopes, botUser, enterprise, team, name } = grant();
  return {
    ...{ access_token: token, token_type: 'bot', scope: scopes.join(','), app_id: app.id },
    ...{ bot_user_id: botUser, authed_user: { id: 'U0INSTALLER' }, is_enterprise_install: team === null },
    enterprise: enterprise === null ? null : { id: enterprise, name: `organisation ${enterprise}` },
    team: team === null ? null : { id: team, name },
  };
};
