import { GatewayIntentBits as Bit } from 'discord-api-types/v10';
import type { Happening } from '../state/core.ts';

/** Intents that have to be switched on for the application. */
export const privileged = Bit.GuildMembers | Bit.GuildPresences | Bit.MessageContent;

const known: number = Object.values(Bit)
  .filter((bit) => typeof bit === 'number')
  .reduce<number>((all, bit) => all | bit, 0);

export const areKnown = (intents: number): boolean => (intents & ~known) === 0;

/** What a session has to have asked for to be told of something; 0 where nothing is needed. */
export const intentOf = ({ t, guildId }: Pick<Happening, 't' | 'guildId'>): number => {
  const inGuild = guildId !== null;
  if (t.startsWith('MESSAGE_REACTION_')) {
    return inGuild ? Bit.GuildMessageReactions : Bit.DirectMessageReactions;
  }
  if (t.startsWith('MESSAGE_')) return inGuild ? Bit.GuildMessages : Bit.DirectMessages;
  if (t === 'TYPING_START') return inGuild ? Bit.GuildMessageTyping : Bit.DirectMessageTyping;
  if (t.startsWith('GUILD_MEMBER_')) return Bit.GuildMembers;
  if (t === 'APPLICATION_COMMAND_PERMISSIONS_UPDATE') return 0;
  if (t === 'INTERACTION_CREATE' || t === 'READY' || t === 'RESUMED') return 0;
  return Bit.Guilds;
};
