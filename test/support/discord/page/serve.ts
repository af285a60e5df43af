/**
 * `npm run fake:discord`: a Discord on this machine, with a page to use it as one of its people. Ports and token
 * are always the same: `-- --port 8490` moves them.
 */
import { parseArgs } from 'node:util';
import { PermissionFlagsBits as Bit, ChannelType } from 'discord-api-types/v10';
import { createFakeDiscord } from '../fake-discord.ts';
import { createPageServer } from './page-server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8490' } } });
const port = Number(values.port);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const fake = await createFakeDiscord({ apiPort: port + 1, cdnPort: port + 2 });
const ann = fake.person('ann');
const bea = fake.person('bea', { locale: 'de', premium: true });
const mod = fake.person('mod');
const traveller = fake.person('traveller', { installed: true });
const members = [ann, bea];
const home = fake.guild({ name: 'The Museum', members });
home.add(mod, Bit.ManageMessages | Bit.ManageThreads);
home.channel('general');
home.channel('contest');
home.channel('no-threads').denyBot(Bit.CreatePublicThreads | Bit.AddReactions);
home.channel('no-files').denyBot(Bit.AttachFiles);
home.channel('news', { type: ChannelType.GuildAnnouncement });
const boosted = fake.guild({ name: 'Boosted', members, tier: 3, locale: 'de' });
boosted.channel('allgemein');
fake.guild({ name: 'Without the bot', bot: null, members: [ann, traveller] }).channel('far-away');
for (const person of [ann, bea, mod]) person.dm();

const page = createPageServer(fake);
page.listen(port, '127.0.0.1', () => {
  say(`The page:    http://127.0.0.1:${port}/`);
  say('The bot needs:');
  say(`DISCORD_TOKEN=${fake.token}`);
  say(`DISCORD_API=${fake.restApi}`);
  say(`Attachments come from ${fake.cdnHost}. Ctrl+C ends it; nothing is kept.`);
});

process.once('SIGINT', () => {
  page.close();
  page.closeAllConnections();
  fake.close().catch(() => {});
});
