/** `npm run fake:discord`: a Discord on this machine, with the bot on it and a page to use it as one of its people. */
import { PermissionFlagsBits as Bit, ChannelType } from 'discord-api-types/v10';
import { botOnDiscord } from '../../bot-on-fake.ts';
import { invitedPermissions } from '../../discord/driver/guild-handle.ts';
import { createFakeDiscord } from '../../discord/fake-discord.ts';
import { serveFake } from '../serve-fake.ts';
import { discordPage } from './page.ts';

await serveFake(8490, async (port) => {
  const fake = await createFakeDiscord({ apiPort: port + 1, cdnPort: port + 2 });
  const ann = fake.person('ann');
  const bea = fake.person('bea', { locale: 'de', premium: true });
  const mod = fake.person('mod');
  const traveller = fake.person('traveller', { installed: true });
  const members = [ann, bea];
  const home = fake.guild({
    ...{ name: 'The Museum', members },
    bot: invitedPermissions | Bit.ManageRoles,
  });
  home.add(mod, Bit.ManageMessages | Bit.ManageThreads);
  home.role('Champion');
  home.role('Regulars', { members: [ann, bea] });
  home.channel('general');
  home.channel('contest');
  home.channel('no-threads').denyBot(Bit.CreatePublicThreads | Bit.AddReactions);
  home.channel('no-files').denyBot(Bit.AttachFiles);
  home.channel('news', { type: ChannelType.GuildAnnouncement });
  const boosted = fake.guild({ name: 'Boosted', members, tier: 3, locale: 'de' });
  boosted.channel('allgemein');
  fake.guild({ name: 'Without the bot', bot: null, members: [ann, traveller] }).channel('far-away');
  for (const person of [ann, bea, mod]) person.dm();
  return { page: discordPage(fake), bot: botOnDiscord(fake), close: fake.close };
});
