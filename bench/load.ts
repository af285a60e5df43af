/**
 * `npm run bench:load`: how the bot answers while it renders and while many renders wait, and whether it is fair.
 * For a short look: `npm run bench:load -- --seconds 5 --jobs 100 --servers 10`. Loopback only.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startBotProcess } from '../test/support/bot-process.ts';
import { temporaryFolder } from '../test/support/command-line.ts';
import { answersWhileRendering } from './load-answers.ts';
import { fairness } from './load-fairness.ts';
import { machineLines } from './machine.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '1000' },
    servers: { type: 'string', default: '50' },
    threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
  },
});
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const options = {
  seconds: Number(values.seconds),
  perSecond: Number(values.rate),
  jobs: Number(values.jobs),
  servers: Number(values.servers),
  print,
};

for (const line of machineLines({ threads: Number(values.threads) })) print(line);
const environment = {
  LOG_LEVEL: 'info',
  THREADS: values.threads,
  USER_LIMIT: '1000000',
  SERVER_LIMIT: '1000000',
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
process.exitCode = isFine ? 0 : 1;
