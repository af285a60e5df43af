import type { ViewOutput } from '@slack/bolt';
import { app, type Channel, type Message, type OpenView, type State, type StoredFile } from './state.ts';

const types: Readonly<Record<string, string>> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' },
  ...{ mp4: 'video/mp4', heic: 'image/heic', txt: 'text/plain' },
};
const endingOf = (name: string): string => name.split('.').at(-1)?.toLowerCase() ?? '';

export const isReady = (file: StoredFile): boolean => file.isComplete && file.pollsUntilReady <= 0;

/** What Slack takes a file for, by its name; nothing before it is processed. */
export const mimetypeOf = (file: StoredFile): string =>
  isReady(file) ? (types[endingOf(file.name)] ?? 'application/octet-stream') : '';

const sharesOf = (state: State, file: StoredFile, isPublic: boolean) => {
  const there = file.shares.filter(
    ({ channel }) => (state.channels.get(channel)?.kind === 'public') === isPublic,
  );
  const entry = ({ ts, thread, channel }: (typeof there)[number]) => ({
    ...{ reply_users: [], reply_users_count: 0, reply_count: 0, ts, ...(thread && { thread_ts: thread }) },
    ...{ channel_name: state.channels.get(channel)?.name, team_id: file.team, share_user_id: file.user },
  });
  const grouped = Object.groupBy(there, ({ channel }) => channel);
  return Object.fromEntries(Object.entries(grouped).map(([id, given = []]) => [id, given.map(entry)]));
};

/** A file as Slack shows it, whole where it is processed. */
export const filePayload = (state: State, file: StoredFile): object => {
  const { id, created, name, title, user, team, alt } = file;
  if (file.isDeleted) return { id, mode: 'tombstone' };
  const filetype = isReady(file) ? endingOf(name).replace('jpeg', 'jpg') : '';
  const common = {
    ...{ id, created, timestamp: created, name, title, user, user_team: team, size: file.bytes?.length ?? 0 },
    ...{ mode: 'hosted', is_external: false, external_type: '', editable: false, file_access: 'visible' },
    ...{ mimetype: mimetypeOf(file), filetype, pretty_type: filetype.toUpperCase() },
    ...(alt !== null && { alt_txt: alt }),
  };
  if (!isReady(file)) return common;
  const url = `${state.origin}/files-pri/${team}-${id}/${encodeURIComponent(name)}`;
  const [open, closed] = [sharesOf(state, file, true), sharesOf(state, file, false)];
  return {
    ...{ ...common, url_private: url, url_private_download: url, permalink: `${state.origin}/files/${id}` },
    ...{ permalink_public: `${state.origin}/p/${id}`, is_public: Object.keys(open).length > 0 },
    ...{ channels: Object.keys(open), groups: Object.keys(closed), public_url_shared: false },
    shares: {
      ...(Object.keys(open).length > 0 && { public: open }),
      ...(Object.keys(closed).length > 0 && { private: closed }),
    },
  };
};

/** A file as it comes with a message: another organisation's, and one that is new, is only named. */
const attachedFile = (state: State, file: StoredFile, isForeign: boolean): object => {
  const { id, created, isAbridged, isDeleted } = file;
  if (isForeign) return { id, created: 0, timestamp: 0, mode: 'file_access', file_access: 'check_file_info' };
  if (isAbridged && !isDeleted)
    return { id, created, timestamp: created, mode: 'hosted', file_access: 'visible' };
  return filePayload(state, file);
};

/** A message as events, history and interactions show it. */
export const messagePayload = (state: State, channel: Channel, message: Message) => {
  const { ts, thread, user, bot, text, blocks, files, reactions, isEdited, isTombstone } = message;
  const replies = state.repliesTo(channel, ts).length;
  const isForeign = channel.teams.length > 1 && bot === null;
  const shown = files.flatMap((id) => state.files.get(id) ?? []);
  return {
    ...{ type: 'message' as const, user, text, ts, team: state.users.get(user)?.team ?? channel.teams[0] },
    ...(isTombstone && { subtype: 'tombstone', hidden: true }),
    ...(bot !== null && { bot_id: bot, app_id: app.id, bot_profile: { id: bot, app_id: app.id } }),
    ...(blocks.length > 0 && { blocks }),
    ...(shown.length > 0 && { files: shown.map((file) => attachedFile(state, file, isForeign)) }),
    ...(thread !== null && { thread_ts: thread, parent_user_id: channel.messages.get(thread)?.user }),
    ...(replies > 0 && { thread_ts: ts, reply_count: replies }),
    ...(reactions.size > 0 && {
      reactions: [...reactions].map(([name, users]) => ({ name, users: [...users], count: users.size })),
    }),
    ...(isEdited && { edited: { user, ts } }),
  };
};

/** Slack's names of a channel's kind: in events, and in scopes and subscriptions. */
export const kindNames = {
  ...{ public: { event: 'channel', scope: 'channels' }, private: { event: 'group', scope: 'groups' } },
  im: { event: 'im', scope: 'im' },
} as const;

/** Tells of a message: a new one, or with another subtype what became of it. */
export const publishMessage = (state: State, channel: Channel, event: object): void =>
  state.onPublish({
    event: {
      ...{ type: 'message', channel: channel.id, channel_type: kindNames[channel.kind].event },
      ...{ ts: state.nextTs(), event_ts: state.nextTs(), ...event },
    },
    ...{ channel, team: channel.teams[0] ?? '' },
  });

export const publishRemoved = (state: State, channel: Channel, message: Message): void => {
  const previous_message = messagePayload(state, channel, message);
  state.remove(channel, message);
  publishMessage(state, channel, { subtype: 'message_deleted', deleted_ts: message.ts, previous_message });
};

/** Somebody reacts, or takes it back. */
export const react = (
  state: State,
  { channel, message }: { readonly channel: Channel; readonly message: Message },
  { name, user, isAdded }: { readonly name: string; readonly user: string; readonly isAdded: boolean },
): void => {
  const users = message.reactions.get(name) ?? new Set();
  if (isAdded) users.add(user);
  else users.delete(user);
  if (users.size > 0) message.reactions.set(name, users);
  else message.reactions.delete(name);
  state.onPublish({
    event: {
      ...{ type: isAdded ? 'reaction_added' : 'reaction_removed', user },
      ...{ reaction: name, item_user: message.user },
      ...{ item: { type: 'message', channel: channel.id, ts: message.ts }, event_ts: state.nextTs() },
    },
    ...{ channel, team: state.users.get(user)?.team ?? '' },
  });
  state.changed();
};

/** Takes a file away, wherever it is shown. */
export const deleteFile = (state: State, file: StoredFile): void => {
  file.isDeleted = true;
  const ids = [...new Set(file.shares.map(({ channel }) => channel))];
  const event = { type: 'file_deleted', file_id: file.id, channel_ids: ids, event_ts: state.nextTs() };
  const [channel] = ids.flatMap((id) => state.channels.get(id) ?? []);
  if (channel) state.onPublish({ event, channel, team: file.team });
  state.changed();
};

/** A view as interactions show it. */
export const viewPayload = ({ view, ...open }: OpenView): ViewOutput => {
  const modal = view.type === 'modal' ? view : null;
  return {
    ...{ id: open.id, team_id: open.team, app_id: app.id, app_installed_team_id: open.installation.tenant },
    ...{
      bot_id: open.installation.bot,
      type: view.type,
      callback_id: view.callback_id ?? '',
      hash: open.hash,
    },
    ...{ title: modal?.title ?? { type: 'plain_text', text: '' }, close: modal?.close ?? null },
    ...{ submit: modal?.submit ?? null, blocks: view.blocks as ViewOutput['blocks'] },
    ...{ private_metadata: view.private_metadata ?? '', external_id: view.external_id ?? '' },
    state: { values: open.values as ViewOutput['state']['values'] },
    ...{ root_view_id: open.root, previous_view_id: open.previous },
    ...{ clear_on_close: modal?.clear_on_close ?? false, notify_on_close: modal?.notify_on_close ?? false },
  };
};
