import { app, type Channel, type Message, type State, type StoredFile } from './state.ts';

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  heic: 'image/heic',
  txt: 'text/plain',
};
const endingOf = (name: string): string => name.split('.').at(-1)?.toLowerCase() ?? '';
/** What Slack takes a file for, by its name. */
export const mimetypeOf = ({ name }: Pick<StoredFile, 'name'>): string =>
  types[endingOf(name)] ?? 'application/octet-stream';

export const isReady = ({ isComplete, pollsUntilReady }: StoredFile): boolean =>
  isComplete && pollsUntilReady <= 0;

const fileUrl = (state: State, { id, team, name }: StoredFile): string =>
  `${state.origin}/files-pri/${team}-${id}/${encodeURIComponent(name)}`;

const sharesOf = (state: State, file: StoredFile) => {
  const of = (isPublic: boolean) => {
    const entries = file.shares.filter(
      ({ channel }) => (state.channels.get(channel)?.kind === 'public') === isPublic,
    );
    const byChannel = Object.groupBy(entries, ({ channel }) => channel);
    return Object.fromEntries(
      Object.entries(byChannel).map(([id, shares = []]) => [
        id,
        shares.map(({ ts, thread }) => ({
          ...{ reply_users: [], reply_users_count: 0, reply_count: 0, ts, source: 'UNKNOWN' },
          ...{
            channel_name: state.channels.get(id)?.name ?? '',
            team_id: file.team,
            share_user_id: file.user,
          },
          ...(thread !== null && { thread_ts: thread }),
        })),
      ]),
    );
  };
  const [open, closed] = [of(true), of(false)];
  return {
    ...(Object.keys(open).length > 0 && { public: open }),
    ...(Object.keys(closed).length > 0 && { private: closed }),
  };
};

const idsOf = (state: State, { shares }: StoredFile, kind: Channel['kind']): string[] => [
  ...new Set(shares.map(({ channel }) => channel))
    .values()
    .filter((id) => state.channels.get(id)?.kind === kind),
];

/** A file as Slack shows it, whole where it is processed. */
export const filePayload = (state: State, file: StoredFile): object => {
  const common = {
    ...{ id: file.id, created: file.created, timestamp: file.created, name: file.name, title: file.title },
    ...{ user: file.user, user_team: file.team, editable: false, size: file.bytes?.length ?? 0 },
    ...{ mode: 'hosted', is_external: false, external_type: '', username: '', display_as_bot: false },
    ...(file.alt !== null && { alt_txt: file.alt }),
  };
  if (file.isDeleted) return { id: file.id, mode: 'tombstone' };
  if (!isReady(file))
    return { ...common, mimetype: '', filetype: '', pretty_type: '', file_access: 'visible' };
  const type = { mimetype: mimetypeOf(file), filetype: endingOf(file.name).replace('jpeg', 'jpg') };
  return {
    ...{ ...common, ...type, pretty_type: type.filetype.toUpperCase(), file_access: 'visible' },
    ...{ url_private: fileUrl(state, file), url_private_download: fileUrl(state, file) },
    ...{ permalink: `${state.origin}/files/${file.id}`, permalink_public: `${state.origin}/p/${file.id}` },
    ...{
      is_public: idsOf(state, file, 'public').length > 0,
      public_url_shared: false,
      has_rich_preview: false,
    },
    ...{ channels: idsOf(state, file, 'public'), groups: idsOf(state, file, 'private') },
    ...{ ims: idsOf(state, file, 'im'), shares: sharesOf(state, file), comments_count: 0, is_starred: false },
  };
};

/** A file as it comes with a message: of another organisation's, or too early, it is only named. */
export const attachedFile = (state: State, file: StoredFile, isForeign: boolean): object =>
  isForeign
    ? {
        ...{ id: file.id, mode: 'file_access', file_access: 'check_file_info' },
        ...{ created: 0, timestamp: 0 },
      }
    : file.isAbridged && !file.isDeleted
      ? {
          id: file.id,
          created: file.created,
          timestamp: file.created,
          mode: 'hosted',
          file_access: 'visible',
        }
      : filePayload(state, file);

/** A message as events, history and interactions show it. */
export const messagePayload = (state: State, channel: Channel, message: Message): object => {
  const { ts, thread, user, bot, text, blocks, files, reactions, isEdited } = message;
  const replies = state.repliesTo(channel, ts);
  const team = state.users.get(user)?.team ?? channel.teams[0] ?? '';
  const isForeign = channel.teams.length > 1;
  return {
    ...{ type: 'message', user, text, ts, team },
    ...(message.isTombstone && { subtype: 'tombstone', hidden: true }),
    ...(bot !== null && {
      bot_id: bot,
      app_id: app.id,
      bot_profile: { id: bot, app_id: app.id, name: 'gramzoom' },
    }),
    ...(blocks.length > 0 && { blocks }),
    ...(files.length > 0 && {
      files: files.flatMap((id) => {
        const file = state.files.get(id);
        return file ? [attachedFile(state, file, isForeign && bot === null)] : [];
      }),
      upload: false,
    }),
    ...(thread !== null && { thread_ts: thread, parent_user_id: channel.messages.get(thread)?.user }),
    ...(replies.length > 0 && { thread_ts: ts, reply_count: replies.length }),
    ...(reactions.size > 0 && {
      reactions: [...reactions].map(([name, users]) => ({ name, users: [...users], count: users.size })),
    }),
    ...(isEdited && { edited: { user, ts } }),
  };
};

export const channelTypeOf = ({ kind }: Channel): 'channel' | 'group' | 'im' =>
  kind === 'im' ? 'im' : kind === 'private' ? 'group' : 'channel';
