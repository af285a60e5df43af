import { GuildMemberFlags } from 'discord.js';
import type { PersonFacts } from '../../domain/contest/contest.ts';
import type { Author, ServerMember } from './events.ts';
import { madeAt } from './snowflake.ts';

/** What Discord tells of somebody who does something in a server. */
export const personFacts = (
  user: Author,
  { guild, member }: { readonly guild: string | null; readonly member: ServerMember | undefined },
): PersonFacts => {
  const joinedAt = Date.parse(member?.joined_at ?? '');
  const isGuest = ((member?.flags ?? 0) & GuildMemberFlags.IsGuest) !== 0;
  return {
    name: member?.nick ?? user.global_name ?? user.username ?? user.id,
    accountSince: madeAt(user.id),
    memberSince: Number.isNaN(joinedAt) ? null : joinedAt,
    roles: member?.roles ?? [],
    // An invitation to a voice channel alone makes a guest; whoever is no member has come by another way.
    isOutsider: guild !== null && (member === undefined || isGuest),
  };
};
