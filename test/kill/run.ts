/**
 * `npm run test:kill`, `npm run test:kill -- 5`, `npm run test:kill -- 20 --seed 7`: kills the bot, and its
 * renderer alone, so many times at random moments, and looks whether anything was lost or done twice.
 * `npm run test:kill -- discord`, `npm run test:kill -- slack --kills 50 --renders 20 --seed 7`: the same on a fake
 * platform, one bot all along. `npm run test:kill -- contest --kills 20 --seed 7`: the same while a contest runs.
 */
import { parseArgs } from 'node:util';
import { killInContest } from './contest-run.ts';
import { createDiscordTown } from './discord-town.ts';
import { killOnPage } from './page-run.ts';
import { createSlackTown } from './slack-town.ts';
import { killInTown } from './town-run.ts';

const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '20' },
    renders: { type: 'string', default: '10' },
  },
  allowPositionals: true,
});
const [what] = positionals;
const seed = Number(values.seed);
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const towns = {
  discord: { platform: 'Discord', createTown: createDiscordTown },
  slack: { platform: 'Slack', createTown: createSlackTown },
};
const [kills, renders] = [Number(values.kills), Number(values.renders)];
const isFine =
  what === 'discord' || what === 'slack'
    ? await killInTown({ ...towns[what], kills, renders, seed, print })
    : what === 'contest'
      ? await killInContest({ kills, seed, print })
      : await killOnPage({ rounds: Number(what ?? kills), seed, print });
process.exitCode = isFine ? 0 : 1;
