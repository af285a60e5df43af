import { createClient, isOver, smallFilm } from '../test/support/bot-client.ts';
import type { LoadPart } from './load-part.ts';
import { type Call, type LoadResult, percentile, sendLoad, watchRooms } from './load-requests.ts';
import { printMemory, watchMemoryOf } from './memory-slope.ts';
import { row } from './table.ts';

const room = 'pumpkin-patch';
const tabs = 20;
const aimMs = 100;

const inMs = (value: number): string => `${value.toFixed(1)} ms`;

/** Prints how requests were answered. */
export const printLatencies = (
  { requests, errors, latencies }: LoadResult,
  { aimMs, print }: { readonly aimMs: number; readonly print: (line: string) => void },
): void => {
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  print(row('requests', `${requests}, errors ${errors.length}`));
  for (const error of new Set(errors.slice(0, 5))) print(row('', error));
  print(row('p50 / p99 / max', `${inMs(p50)} / ${inMs(p99)} / ${inMs(latencies.at(-1) ?? Number.NaN)}`));
  print(row('aim', `p99 under ${aimMs} ms: ${p99 < aimMs ? 'kept' : 'MISSED'}`));
};

/** Of twenty requests eight are for the page, nine ask how a render stands, two fetch a film, one its script. */
const mixOf = (ids: { readonly done: string; readonly running: string }, script: string) => {
  const page: Call = { path: `/rooms/${room}` };
  const [running, done] = [{ path: `/api/renders/${ids.running}` }, { path: `/api/renders/${ids.done}` }];
  const film: Call = { path: `/api/renders/${ids.done}/result` };
  const mix = [page, running, page, done, page, running, film, page, running, { path: script }];
  const rest = [page, running, page, done, page, running, film, page, running, done];
  const all = [...mix, ...rest];
  return (index: number): Call => all[index % all.length]!;
};

/** The page and the interface while a film of the default size is rendered and twenty tabs watch. */
export const answersWhileRendering: LoadPart = async (bot, { seconds, perSecond, print }) => {
  const client = createClient(bot.url);
  const idOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { readonly id: string }).id;
  const done = await idOf(await client.post({ user: 'ann', server: room }, smallFilm));
  await client.until(done, isOver);
  const page = await (await client.get(`/rooms/${room}`)).text();
  const script = /<script[^>]* src="([^"]+)"/.exec(page)?.[1] ?? '/';
  // Long enough for the whole run on any machine; it is never finished.
  const running = await idOf(
    await client.post({ user: 'bob', server: room }, { size: 256, frames: 240, steps: 20 }),
  );
  await client.until(running, ({ state }) => state === 'running');

  const watching = watchRooms(
    bot.url,
    Array.from({ length: tabs }, () => `/rooms/${room}/events`),
  );
  const memory = watchMemoryOf(bot.child.pid!);
  const result = await sendLoad(bot.url, {
    perSecond,
    seconds,
    next: mixOf({ done, running }, script),
  });
  const samples = memory.stop();
  watching.stop();
  const { state } = await client.view(running);

  print(`while a film is rendered: ${perSecond} requests a second for ${seconds} s, ${tabs} tabs watching`);
  printLatencies(result, { aimMs, print });
  if (state !== 'running') print(row('note', `the film was ${state} before the end`));
  printMemory(samples, print);
  return result.errors.length === 0;
};
