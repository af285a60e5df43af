/** A process that fetches a network and says each kind of progress once, for tests of two at a time. */
import { fetchNetwork } from '../../src/networks/fetch.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { lockFolder } from '../../src/store/sqlite/folder-lock.ts';

const { entry, places, mirror } = JSON.parse(process.argv[2] ?? '');
const said = new Set<string>();
const say = (word: string): void => {
  if (!said.has(word)) process.stdout.write(`${word}\n`);
  said.add(word);
};
await fetchNetwork(entry.name, {
  places,
  mirror,
  entries: [entry],
  proxies: { http: '', https: '', except: '' },
  signal: new AbortController().signal,
  clock: systemClock,
  lock: lockFolder,
  onProgress: ({ kind }) => say(kind),
});
say('done');
