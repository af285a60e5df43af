import { GatewayDispatchEvents as Event } from 'discord-api-types/v10';

/** What samples are about: something that is there, or something that nobody knows. */
export type SampleIds = {
  readonly guild: string;
  readonly channel: string;
  readonly user: string;
  readonly message: string;
  readonly application: string;
  /** Where files are. */
  readonly files: string;
};

const time = '2026-03-01T12:00:00.000000+00:00';
const allowed = '309237763136';
const dice = { id: null, name: '🎲' };

/** One of each kind of event that the bot reads, with some fields that it does not read. */
export const eventSamples = (ids: SampleIds) => {
  const { guild: guild_id, channel: channel_id, user: user_id, message: message_id, application } = ids;
  const user = { id: user_id, username: 'somebody', global_name: 'Some Body', avatar: null, bot: false };
  const member = { user, nick: null, roles: [guild_id], joined_at: time, flags: 0 };
  const role = {
    id: guild_id,
    name: '@everyone',
    permissions: allowed,
    tags: { bot_id: application },
    flags: 0,
  };
  const textChannel = {
    id: channel_id,
    type: 0,
    guild_id,
    name: 'art',
    permission_overwrites: [{ id: guild_id, type: 0, allow: '0', deny: '0' }],
    topic: null,
    parent_id: null,
  };
  const thread = {
    id: message_id,
    type: 11,
    guild_id,
    parent_id: channel_id,
    name: 'a thread',
    owner_id: user_id,
    thread_metadata: { archived: false, auto_archive_duration: 1440, archive_timestamp: time, locked: false },
  };
  const guild = {
    id: guild_id,
    name: 'a server',
    icon: null,
    owner_id: user_id,
    roles: [role],
    features: ['COMMUNITY'],
    premium_tier: 0,
    preferred_locale: 'de',
  };
  const attachment = {
    id: '1128032532165300244',
    filename: 'cat.png',
    size: 16,
    url: `${ids.files}/attachments/1/2/cat.png?ex=1&is=1&hm=1`,
    proxy_url: 'https://media.discordapp.net/attachments/1/2/cat.png',
    content_type: 'image/png',
    flags: 0,
  };
  const answered = {
    id: message_id,
    channel_id,
    type: 0,
    author: user,
    content: 'words',
    attachments: [attachment],
  };
  const message = {
    ...answered,
    guild_id,
    member: { ...member, user: undefined },
    content: `<@${application}> size:128`,
    timestamp: time,
    mentions: [user],
    mention_roles: [guild_id],
    embeds: [{ type: 'rich', title: 'a title', image: { url: 'https://example.com/a.png', width: 1 } }],
    components: [
      {
        type: 1,
        components: [{ type: 2, custom_id: 'gz1:cancel:abc:answer', label: 'Cancel' }],
        items: [{ media: { url: 'https://example.com/b.png' }, spoiler: false }],
        accessory: { type: 11, media: { url: 'https://example.com/c.png' } },
      },
    ],
    sticker_items: [{ id: '749054660769218631', name: 'Wave', format_type: 1 }],
    application: { id: application, name: 'gramzoom', install_params: { scopes: ['bot'] } },
    message_reference: { type: 0, message_id, channel_id, guild_id },
    message_snapshots: [{ message: { content: 'w', attachments: [attachment], timestamp: time } }],
    referenced_message: answered,
    thread,
  };
  const reaction = {
    user_id,
    channel_id,
    message_id,
    guild_id,
    member,
    emoji: dice,
    message_author_id: application,
    burst: false,
    burst_colors: [],
  };
  const interaction = {
    id: message_id,
    application_id: application,
    type: 2,
    token: 'a-token',
    guild_id,
    guild_locale: 'de',
    channel_id,
    channel: { ...textChannel, permissions: allowed },
    member: { ...member, permissions: allowed },
    user,
    locale: 'de',
    app_permissions: allowed,
    authorizing_integration_owners: { '0': guild_id },
    context: 0,
    attachment_size_limit: 10_485_760,
    data: {
      id: '1',
      name: 'gramzoom',
      type: 1,
      target_id: message_id,
      options: [
        { name: 'photo', type: 11, value: attachment.id },
        { name: 'size', type: 4, value: 128 },
      ],
      resolved: {
        attachments: { [attachment.id]: attachment },
        users: { [user_id]: user },
        messages: { [message_id]: answered },
      },
    },
    message: { ...answered, thread },
  };
  return {
    [Event.ApplicationCommandPermissionsUpdate]: {
      id: '1',
      application_id: application,
      guild_id,
      permissions: [{ id: user_id, type: 2, permission: true }],
    },
    [Event.ChannelCreate]: textChannel,
    [Event.ChannelDelete]: textChannel,
    [Event.ChannelUpdate]: textChannel,
    [Event.GuildCreate]: {
      ...guild,
      joined_at: time,
      unavailable: false,
      members: [{ ...member, user: { ...user, id: application, bot: true } }],
      channels: [textChannel],
      threads: [thread],
      voice_states: [],
    },
    [Event.GuildDelete]: { id: guild_id, unavailable: false },
    [Event.GuildMemberUpdate]: { ...member, guild_id },
    [Event.GuildRoleCreate]: { guild_id, role },
    [Event.GuildRoleDelete]: { guild_id, role_id: guild_id },
    [Event.GuildRoleUpdate]: { guild_id, role },
    [Event.GuildUpdate]: guild,
    [Event.InteractionCreate]: interaction,
    [Event.MessageCreate]: message,
    [Event.MessageDelete]: { id: message_id, channel_id, guild_id },
    [Event.MessageDeleteBulk]: { ids: [message_id], channel_id, guild_id },
    [Event.MessageReactionAdd]: reaction,
    [Event.MessageReactionRemove]: reaction,
    [Event.MessageReactionRemoveAll]: { channel_id, message_id, guild_id },
    [Event.MessageReactionRemoveEmoji]: { channel_id, message_id, guild_id, emoji: dice },
    [Event.Ready]: {
      v: 10,
      user: { ...user, id: application, bot: true },
      guilds: [{ id: guild_id, unavailable: true }],
      session_id: 'a-session',
      resume_gateway_url: 'ws://127.0.0.1:1/',
      shard: [0, 1],
      application: { id: application, flags: 0 },
    },
    [Event.ThreadCreate]: { ...thread, newly_created: true },
    [Event.ThreadDelete]: { id: message_id, guild_id, parent_id: channel_id, type: 11 },
    [Event.ThreadListSync]: { guild_id, channel_ids: [channel_id], threads: [thread], members: [] },
    [Event.ThreadUpdate]: thread,
  } satisfies Partial<Record<Event, object>>;
};
