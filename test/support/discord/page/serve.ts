/**
 * `npm run fake:discord`: a Discord on this machine, with the bot on it and a page to use it as one of its people.
 * Ports and token are always the same: `-- --port 8490` moves them; `-- --no-bot` leaves the bot to you.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PermissionFlagsBits as Bit, ChannelType } from 'discord-api-types/v10';
import { botOnDiscord } from '../../bot-on-fake.ts';
import { createFakeDiscord } from '../fake-discord.ts';
import { createPageServer } from './page-server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8490' }, 'no-bot': { type: 'boolean', default: false } },
});
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

const { program, environment } = botOnDiscord(fake);

/** The bot in a process and a folder of its own; its log is what this program's terminal shows. */
const startBot = () => {
  const folder = mkdtempSync(join(tmpdir(), 'gramzoom-fake-discord-'));
  const child = spawn(process.execPath, [...program], {
    env: { ...process.env, ...environment, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: 'inherit',
  });
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  return async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
};

let stopBot = async (): Promise<void> => {};
const page = createPageServer(fake);
page.listen(port, '127.0.0.1', () => {
  say(`The page:    http://127.0.0.1:${port}/`);
  if (values['no-bot']) {
    say('A bot of yours begins so:');
    say(`DISCORD_TOKEN=${fake.token} node ${program.map((part) => `'${part}'`).join(' ')}`);
  } else {
    stopBot = startBot();
  }
  say('Ctrl+C ends it; nothing is kept.');
});

const end = async (): Promise<void> => {
  await stopBot();
  page.close();
  page.closeAllConnections();
  await fake.close();
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
