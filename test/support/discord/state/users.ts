import type { APIGuildMember, APIUser, GuildMemberFlags, UserFlags } from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { discordError } from './discord-error.ts';
import type { Member, User } from './model.ts';

const unknownUser = 10_013;

export const getUser = (core: Core, id: string): User => {
  const user = core.users.get(id);
  if (!user) throw discordError(unknownUser);
  return user;
};

/** A user as everybody sees them. */
export const userPayload = (user: User): APIUser => ({
  id: user.id,
  username: user.name,
  discriminator: '0',
  global_name: user.globalName,
  avatar: null,
  bot: user.bot,
  public_flags: 0 as UserFlags,
  flags: 0 as UserFlags,
  primary_guild: null,
});

/** A member of a guild, with the user. */
export const memberPayload = (core: Core, member: Member): APIGuildMember & { banner: null } => ({
  user: userPayload(getUser(core, member.userId)),
  nick: member.nick,
  avatar: null,
  banner: null,
  roles: [...member.roles],
  joined_at: member.joinedAt,
  premium_since: null,
  communication_disabled_until: null,
  pending: false,
  deaf: false,
  mute: false,
  flags: 0 as GuildMemberFlags,
});
