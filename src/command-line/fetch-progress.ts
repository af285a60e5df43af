import type { FetchProgress } from '../networks/fetch.ts';
import type { Clock } from '../ports/clock.ts';
import { networkWords } from './network-words.ts';
import { createTerminalLine, type ProgressView, shareLine, terminalColumns } from './progress.ts';

type Receiving = Extract<FetchProgress, { kind: 'receiving' }>;

/** Less than this tells nothing of the pace. */
const shortestMs = 1_000;

/** Seconds left, from the mean pace since the first bytes of this try; undefined until it tells. */
export const createFetchEstimate = (clock: Clock): ((progress: Receiving) => number | undefined) => {
  let first: { readonly at: number; readonly receivedBytes: number } | undefined;
  return ({ receivedBytes, totalBytes }) => {
    // A download that had to begin anew has fewer bytes than before.
    if (!first || receivedBytes < first.receivedBytes) first = { at: clock.now(), receivedBytes };
    const ms = clock.now() - first.at;
    if (ms < shortestMs || receivedBytes === first.receivedBytes) return undefined;
    const msPerByte = ms / (receivedBytes - first.receivedBytes);
    return Math.ceil((msPerByte * (totalBytes - receivedBytes)) / 1000);
  };
};

const createFetchBar = (
  stream: NodeJS.WriteStream,
  { name, estimate }: { readonly name: string; readonly estimate: ReturnType<typeof createFetchEstimate> },
): ProgressView<FetchProgress> => {
  const terminal = createTerminalLine(stream);
  return {
    show: (progress) => {
      const columns = terminalColumns(stream);
      if (progress.kind !== 'receiving') {
        terminal.draw(networkWords[progress.kind](name).slice(0, columns - 1));
        return;
      }
      const label = networkWords.label(name);
      const share = progress.receivedBytes / progress.totalBytes;
      const options = { columns, labelWidth: label.length, secondsLeft: estimate(progress) };
      terminal.draw(shareLine({ label, share }, options));
    },
    end: terminal.clear,
  };
};

/** A few plain lines, for files and pipes. */
export const createFetchLines = (
  stream: { write(text: string): unknown },
  { name }: { readonly name: string },
): ProgressView<FetchProgress> => {
  const quarters = 4;
  let told: number | undefined;
  const say = (line: string): void => void stream.write(`${line}\n`);
  return {
    show: (progress) => {
      if (progress.kind !== 'receiving') {
        say(networkWords[progress.kind](name));
        return;
      }
      const { receivedBytes, totalBytes } = progress;
      if (told === undefined) say(networkWords.fetching(name, totalBytes));
      const quarter = Math.floor((quarters * receivedBytes) / totalBytes);
      if (quarter > (told ?? 0)) say(networkWords.received((100 / quarters) * quarter, totalBytes));
      told = Math.max(told ?? 0, quarter);
    },
    end: () => {},
  };
};

/** The view that suits a stream. */
export const fetchViewFor = (
  stream: NodeJS.WriteStream,
  { name, clock }: { readonly name: string; readonly clock: Clock },
): ProgressView<FetchProgress> =>
  stream.isTTY
    ? createFetchBar(stream, { name, estimate: createFetchEstimate(clock) })
    : createFetchLines(stream, { name });
