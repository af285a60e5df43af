import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../src/ops/system-clock.ts';
import { openStore } from '../src/store/open-store.ts';
import type { BotProcess } from '../test/support/bot-process.ts';
import { largestDifference, type Start } from './fair-starts.ts';
import { row } from './table.ts';

/** How long the bot renders of what waits; the rest is claimed from the store without rendering. */
const renderMs = 10_000;

/** Takes what waits in the very way the bot does, with a runner that does nothing. */
const claimAll = async (folder: string): Promise<readonly string[]> => {
  const { store, close } = await openStore(folder, { clock: systemClock });
  const claimed: string[] = [];
  try {
    for (const { id } of await store.jobs.inState('running')) await store.jobs.move(id, 'running', 'queued');
    for (;;) {
      const job = await store.leases.claimNext();
      if (!job) return claimed;
      claimed.push(job.id);
      await store.jobs.move(job.id, 'running', 'cancelled');
    }
  } finally {
    await close();
  }
};

const startsOf = (bot: BotProcess): readonly string[] =>
  bot.log.flatMap(({ msg, job }) => (msg === 'render: started' && job ? [job] : []));

/** How many renders of each server there are. */
export const countByServer = (serverByJob: ReadonlyMap<string, string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const server of serverByJob.values()) counts.set(server, (counts.get(server) ?? 0) + 1);
  return counts;
};

/**
 * Lets the bot render a while, stops it, takes the rest from its store, and looks at the order of all starts.
 * @param options.serverByJob the renders that waited before the first of them started
 * @returns whether all of them started, and servers took turns
 */
export const servesInTurn = async (
  bot: BotProcess,
  options: {
    readonly folder: string;
    readonly serverByJob: ReadonlyMap<string, string>;
    readonly print: (line: string) => void;
  },
): Promise<boolean> => {
  const { folder, serverByJob, print } = options;
  await pause(renderMs);
  bot.signal('SIGTERM');
  const status = await bot.gone;
  const rendered = startsOf(bot).filter((id) => serverByJob.has(id));
  const claimed = await claimAll(folder);
  const starts: readonly Start[] = [...rendered, ...claimed].flatMap((job) => {
    const server = serverByJob.get(job);
    return server === undefined ? [] : [{ job, server }];
  });
  const difference = largestDifference(starts, countByServer(serverByJob));
  const started = new Set(starts.map(({ job }) => job)).size;
  print(row('started', `${started}: ${rendered.length} rendered, the others claimed without rendering`));
  print(row('stopped with', String(status)));
  print(
    row(
      'fairness of all prefixes',
      `servers with waiting work differ by at most ${difference} starts   (aim: 1${difference > 1 ? ': MISSED' : ''})`,
    ),
  );
  return started === serverByJob.size && difference <= 1;
};
