/** Ids that a sample is about: of something that is there, or of something that nobody knows. */
export type SampleIds = {
  readonly guild: string;
  readonly channel: string;
  readonly user: string;
  readonly message: string;
  readonly application: string;
  /** Where files are. */
  readonly files: string;
};

export const sampleTime = '2026-03-01T12:00:00.000000+00:00';

/** What events are about: somebody, their server, channel, message. */
export const entities = ({
  guild,
  channel,
  user: id,
  message: messageId,
  application: bot,
  files,
}: SampleIds) => {
  const user = {
    id,
    username: 'somebody',
    discriminator: '0',
    global_name: 'Some Body',
    avatar: null,
    bot: false,
    public_flags: 0,
    avatar_decoration_data: { asset: 'a_1', sku_id: '1144058844004233369' },
    primary_guild: { identity_guild_id: guild, identity_enabled: true, tag: 'TAG', badge: 'b' },
  };
  const member = {
    user,
    nick: null,
    avatar: null,
    roles: [guild],
    joined_at: sampleTime,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
  const role = {
    id: guild,
    name: '@everyone',
    permissions: '309237763136',
    position: 0,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: true,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    tags: { bot_id: bot },
    flags: 0,
  };
  const emoji = {
    id: '41771983429993937',
    name: 'LUL',
    roles: [guild],
    user,
    require_colons: true,
    managed: false,
    animated: false,
    available: true,
  };
  const sticker = {
    id: '749054660769218631',
    name: 'Wave',
    description: 'hello',
    tags: 'wave',
    type: 2,
    format_type: 1,
    available: true,
    guild_id: guild,
    user,
    sort_value: 1,
  };
  const sound = {
    name: 'Yay',
    sound_id: '1106714396018884649',
    volume: 1,
    emoji_id: '989193655938064464',
    emoji_name: null,
    guild_id: guild,
    available: true,
    user,
  };
  const textChannel = {
    id: channel,
    type: 0,
    guild_id: guild,
    name: 'art',
    position: 1,
    permission_overwrites: [{ id: guild, type: 0, allow: '0', deny: '0' }],
    topic: null,
    nsfw: false,
    last_message_id: null,
    rate_limit_per_user: 0,
    parent_id: null,
    flags: 0,
    available_tags: [{ id: '1', name: 'tag', moderated: false, emoji_id: null, emoji_name: '🎲' }],
    default_reaction_emoji: { emoji_id: null, emoji_name: '🎲' },
  };
  const thread = {
    id: messageId,
    type: 11,
    guild_id: guild,
    parent_id: channel,
    name: 'a thread',
    owner_id: id,
    last_message_id: null,
    message_count: 1,
    member_count: 1,
    total_message_sent: 1,
    rate_limit_per_user: 0,
    flags: 0,
    applied_tags: ['1'],
    thread_metadata: {
      archived: false,
      auto_archive_duration: 1440,
      archive_timestamp: sampleTime,
      locked: false,
      create_timestamp: sampleTime,
    },
    member: { id: messageId, user_id: bot, join_timestamp: sampleTime, flags: 0 },
  };
  const attachment = {
    id: '1128032532165300244',
    filename: 'cat.png',
    size: 16,
    url: `${files}/attachments/1/2/cat.png?ex=1&is=1&hm=1`,
    proxy_url: 'https://media.discordapp.net/attachments/1/2/cat.png',
    content_type: 'image/png',
    width: 64,
    height: 64,
    flags: 0,
  };
  const application = {
    id: bot,
    name: 'gramzoom',
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: 'ff',
    flags: 0,
    install_params: { scopes: ['bot'], permissions: '0' },
    integration_types_config: { '0': { oauth2_install_params: { scopes: ['bot'], permissions: '0' } } },
    owner: user,
    team: null,
    tags: ['tag'],
  };
  const said = {
    id: messageId,
    channel_id: channel,
    guild_id: guild,
    type: 0,
    author: user,
    member: { ...member, user: undefined },
    content: `<@${bot}> size:128`,
    timestamp: sampleTime,
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [user],
    mention_roles: [guild],
    mention_channels: [{ id: channel, guild_id: guild, type: 0, name: 'art' }],
    attachments: [attachment],
    embeds: [
      {
        type: 'rich',
        title: 'a title',
        description: 'words',
        url: 'https://example.com/',
        timestamp: sampleTime,
        color: 1,
        footer: { text: 'foot' },
        image: { url: 'https://example.com/a.png', width: 1, height: 1 },
        author: { name: 'a name' },
        fields: [{ name: 'f', value: 'v', inline: true }],
      },
    ],
    reactions: [
      {
        count: 1,
        count_details: { burst: 0, normal: 1 },
        me: false,
        me_burst: false,
        emoji: { id: null, name: '🎲' },
        burst_colors: [],
      },
    ],
    pinned: false,
    flags: 0,
    nonce: '1',
    components: [
      {
        type: 1,
        id: 1,
        components: [{ type: 2, id: 2, style: 1, custom_id: 'gz1:cancel:abc:answer', label: 'Cancel' }],
      },
    ],
    sticker_items: [{ id: '749054660769218631', name: 'Wave', format_type: 1 }],
    poll: {
      question: { text: 'which?' },
      answers: [{ answer_id: 1, poll_media: { text: 'this', emoji: { id: null, name: '🎲' } } }],
      expiry: sampleTime,
      allow_multiselect: false,
      layout_type: 1,
      results: { is_finalized: false, answer_counts: [{ id: 1, count: 1, me_voted: false }] },
    },
    activity: { type: 1, party_id: 'p' },
    application,
    application_id: bot,
    interaction_metadata: {
      id: messageId,
      type: 2,
      user,
      authorizing_integration_owners: { '0': guild },
      original_response_message_id: messageId,
    },
    message_reference: { type: 0, message_id: messageId, channel_id: channel, guild_id: guild },
    message_snapshots: [
      { message: { content: 'w', attachments: [attachment], timestamp: sampleTime, type: 0 } },
    ],
    role_subscription_data: {
      role_subscription_listing_id: '1',
      tier_name: 't',
      total_months_subscribed: 1,
      is_renewal: false,
    },
    call: { participants: [id], ended_timestamp: null },
    thread,
    position: 0,
  };
  const referenced = { id: messageId, channel_id: channel, type: 0, author: user, attachments: [attachment] };
  const message = { ...said, referenced_message: referenced };
  return {
    ...{ user, member, role, emoji, sticker, sound, textChannel, thread, attachment, application, message },
  };
};
