import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../src/domain/random.ts';
import { startBotProcess } from '../test/support/bot-process.ts';
import { temporaryFolder } from '../test/support/command-line.ts';
import { printLatencies } from './load-answers.ts';
import { castVotes, createContestSite } from './load-contest-site.ts';
import { printMemory, watchMemoryOf } from './memory-slope.ts';
import { row } from './table.ts';

const aimMs = 1000;

/** People who vote first, so that what a process takes for such a load at first counts for nothing. */
const warmingVotes = 50;

/**
 * Votes in contests of many servers while a film is rendered. A vote opens the ballot and puts a film on it; either
 * has an answer that only one person sees.
 * @returns whether everybody was answered in time and no vote was lost
 */
export const loadContests = async ({
  seconds,
  votes,
  servers,
  threads,
  print,
}: {
  readonly seconds: number;
  readonly votes: number;
  readonly servers: number;
  readonly threads: string;
  readonly print: (line: string) => void;
}): Promise<boolean> => {
  const folder = temporaryFolder();
  const site = await createContestSite({ servers, voters: Math.ceil((votes + warmingVotes) / servers) });
  await site.prepare(folder.path);
  const { program, environment } = site.bot;
  const settings = { LOG_LEVEL: 'info', THREADS: threads, MAX_WORK: '100' };
  const bot = await startBotProcess(folder.path, { ...environment, ...settings }, { program });
  try {
    await site.announced();
    await site.renderLong();
    while (!bot.log.some(({ msg }) => msg === 'render: started')) await pause(20);
    const random = createRandom(1);
    const voters = site.voters.toSorted(() => random.uniform() - 0.5);
    await castVotes(voters.slice(0, warmingVotes), {
      seconds: (warmingVotes * seconds) / votes,
      random,
      site,
    });

    const memory = watchMemoryOf(bot.child.pid!);
    const own = monitorEventLoopDelay({ resolution: 5 });
    own.enable();
    const asked = site.requests().all;
    const cast = await castVotes(voters.slice(warmingVotes, warmingVotes + votes), { seconds, random, site });
    own.disable();
    const samples = memory.stop();

    print(`while a film is rendered: ${votes} votes in ${seconds} s in contests of ${servers} servers`);
    const errors = [...cast.errors, ...site.violations()];
    const opened = cast.opened.toSorted((a, b) => a - b);
    print('the ballot, from the press to its words and menus');
    printLatencies({ requests: votes, errors, latencies: opened }, { aimMs, print });
    const saved = cast.saved.toSorted((a, b) => a - b);
    print('the vote, from the choice to the ballot that has it');
    printLatencies({ requests: votes, errors: [], latencies: saved }, { aimMs, print });
    const { all, refused } = site.requests();
    print(row('requests to Discord', `${all - asked}, ${refused} of all too many`));
    const delay = [own.percentile(99), own.max].map((ns) => `${(ns / 1e6).toFixed(0)} ms`);
    print(row('the fake Discord itself', `was late by ${delay.join(' at p99, by ')} at most`));
    printMemory(samples, print);
    bot.signal('SIGTERM');
    const status = await bot.gone;
    if (status !== 0) errors.push(`the bot stopped with ${status}`);
    const lost = await site.lostVotes(folder.path);
    print(row('votes lost or changed', String(lost)));
    const p99 = [opened, saved].map(
      (latencies) => latencies[Math.ceil(0.99 * latencies.length) - 1] ?? Infinity,
    );
    return errors.length === 0 && lost === 0 && p99.every((ms) => ms < aimMs);
  } finally {
    bot.killGroup();
    await bot.gone;
    await site.close();
    folder.remove();
  }
};
