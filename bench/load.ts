/**
 * `npm run bench:load`: how the bot answers while it renders and while many renders wait, and whether it is fair.
 * For a short look: `npm run bench:load -- --seconds 5 --jobs 100 --servers 10`. Loopback only.
 * `npm run bench:load -- discord`, `npm run bench:load -- slack --seconds 10 --interactions 80 --servers 10`: the
 * same on a fake platform, which is this process; the bot is one of its own.
 * `npm run bench:load -- contest --seconds 60 --votes 1000`: votes in contests of many servers there.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startBotProcess } from '../test/support/bot-process.ts';
import { temporaryFolder } from '../test/support/command-line.ts';
import { answersWhileRendering } from './load-answers.ts';
import { loadOnChat } from './load-chat.ts';
import { loadContests } from './load-contest.ts';
import { createDiscordSite } from './load-discord.ts';
import { fairness } from './load-fairness.ts';
import { createSlackSite } from './load-slack.ts';
import { machineLines } from './machine.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    rate: { type: 'string', default: '200' },
    interactions: { type: 'string', default: '500' },
    votes: { type: 'string', default: '1000' },
    jobs: { type: 'string', default: '1000' },
    servers: { type: 'string', default: '50' },
    threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
  },
});
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
for (const line of machineLines({ threads: Number(values.threads) })) print(line);

const loadPage = async (): Promise<boolean> => {
  const options = {
    seconds: Number(values.seconds ?? 30),
    perSecond: Number(values.rate),
    jobs: Number(values.jobs),
    servers: Number(values.servers),
    print,
  };
  const environment = {
    LOG_LEVEL: 'info',
    THREADS: values.threads,
    USER_LIMIT: '1000000',
    SERVER_LIMIT: '1000000',
    // One film is long enough for everything else to happen meanwhile.
    MAX_WORK: '100',
  };
  let isFine = true;
  for (const part of [answersWhileRendering, fairness]) {
    const folder = temporaryFolder();
    const bot = await startBotProcess(folder.path, environment);
    try {
      print('');
      isFine = (await part(bot, { ...options, folder: folder.path })) && isFine;
    } finally {
      bot.killGroup();
      await bot.gone;
      folder.remove();
    }
  }
  return isFine;
};

const sites = { discord: createDiscordSite, slack: createSlackSite };
const [what] = positionals;
const common = {
  seconds: Number(values.seconds ?? 60),
  servers: Number(values.servers),
  threads: values.threads,
};
const run = async (): Promise<boolean> => {
  if (what === 'contest') return await loadContests({ ...common, votes: Number(values.votes), print });
  if (what !== 'discord' && what !== 'slack') return await loadPage();
  return await loadOnChat(await sites[what](), {
    ...common,
    interactions: Number(values.interactions),
    print,
  });
};
process.exitCode = (await run()) ? 0 : 1;
