import { type BotClient, createClient, smallFilm } from '../test/support/bot-client.ts';
import { printLatencies } from './load-answers.ts';
import { countByServer, servesInTurn } from './load-order.ts';
import type { LoadPart } from './load-part.ts';
import { sendLoad } from './load-requests.ts';
import { row } from './table.ts';

const submitters = 16;

/** One server asks for a fifth of all renders, the others for more or less of the rest. */
const serverOf = (index: number, { servers }: { readonly servers: number }): string => {
  if (index < servers) return `s${index}`;
  if (index % 5 === 0) return 's0';
  const spread = Math.floor(((index * 2654435761) % 2 ** 32) / (2 ** 32 / servers ** 2));
  return `s${Math.floor(Math.sqrt(spread))}`;
};

/** Posts all renders, a few at a time; gives the servers by job and how long it took. */
const submitAll = async (
  client: BotClient,
  { jobs, servers }: { readonly jobs: number; readonly servers: number },
) => {
  const serverByJob = new Map<string, string>();
  const begun = performance.now();
  let next = 0;
  const submit = async (): Promise<void> => {
    while (next < jobs) {
      const index = next++;
      const server = serverOf(index, { servers });
      // People of each server alone: whoever asks on several has one server's share of them all.
      const user = `${server}-${index % 7}`;
      const response = await client.post({ user, server }, { ...smallFilm, steps: 1 });
      const body = (await response.json()) as { readonly id: string; readonly message?: string };
      if (response.status !== 202) throw new Error(`${response.status} ${body.message}`);
      serverByJob.set(body.id, server);
    }
  };
  await Promise.all(Array.from({ length: submitters }, submit));
  return { serverByJob, seconds: (performance.now() - begun) / 1000 };
};

/** Many renders from many servers wait: how requests are answered then, and in which order renders start. */
export const fairness: LoadPart = async (bot, { jobs, servers, seconds, perSecond, folder, print }) => {
  const client = createClient(bot.url);
  // Something long ahead, so that all the others wait before the first of them starts.
  const ahead = { user: 'first', server: 'ahead' };
  const posted = await client.post(ahead, { size: 256, frames: 240, steps: 20 });
  const { id: first } = (await posted.json()) as { readonly id: string };
  await client.until(first, ({ state }) => state === 'running');
  const { serverByJob, seconds: submitSeconds } = await submitAll(client, { jobs, servers });
  const ids = [...serverByJob.keys()];
  const waiting = countByServer(serverByJob);
  print(
    `${jobs} renders from ${waiting.size} servers wait, ${Math.max(...waiting.values())} of them from one`,
  );
  print(
    row(
      'accepted',
      `all within ${submitSeconds.toFixed(1)} s, ${(jobs / submitSeconds).toFixed(0)} a second`,
    ),
  );

  const load = await sendLoad(bot.url, {
    perSecond,
    seconds: Math.min(10, seconds),
    next: (index) => ({ path: `/api/renders/${ids[index % ids.length]}` }),
  });
  printLatencies(load, { aimMs: 100, print });

  const cancelled = await fetch(`${bot.url}/api/renders/${first}`, { method: 'DELETE', headers: ahead });
  if (!cancelled.ok) throw new Error(`${cancelled.status} ${await cancelled.text()}`);
  const isFair = await servesInTurn(bot, { folder, serverByJob, print });
  return load.errors.length === 0 && isFair;
};
