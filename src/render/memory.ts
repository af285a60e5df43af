import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Clock, Timer } from '../ports/clock.ts';

/** Allocations fail in the words of V8, of C++, of the system or of onnxruntime. */
const memoryWords =
  /allocation failed|bad_alloc|bad allocation|out of memory|failed to allocate|cannot allocate memory|\bENOMEM\b/i;

/** Whether an error's words, or a process's last ones, say that memory ran out. */
export const tellsOfMemory = (words: string): boolean => memoryWords.test(words);

/**
 * Resident memory of a process, in bytes; null where it cannot be told: the process is gone, or the system
 * has no /proc. (`status` and not `statm`, which counts in pages whose size Node does not know.)
 */
export const residentBytes = async (pid: number): Promise<number | null> => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : 1024 * Number(kilobytes);
  } catch {
    return null;
  }
};

/**
 * This process's highest resident memory so far, in bytes. What `resourceUsage` says counts the parent's up to the fork
 * on Linux, where /proc tells the process's own.
 */
export const peakResidentBytes = (): number => {
  // Kilobytes on every system: libuv sees to that.
  let kilobytes = process.resourceUsage().maxRSS;
  try {
    const own = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (own !== undefined) kilobytes = Number(own);
  } catch {
    // No /proc on this system.
  }
  return 1024 * kilobytes;
};

/** Looks at something's memory every `everyMs` and calls back, once, when it is more than `maxBytes`. */
export const watchMemory = (
  clock: Clock,
  options: {
    readonly read: () => Promise<number | null>;
    readonly everyMs: number;
    readonly maxBytes: number;
    readonly onOver: (bytes: number) => void;
  },
): { readonly stop: () => void } => {
  let timer: Timer | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const bytes = await options.read();
    if (stopped) return;
    if (bytes !== null && bytes > options.maxBytes) options.onOver(bytes);
    else wait();
  };
  const wait = (): void => {
    timer = clock.after(options.everyMs, () => void look());
  };
  wait();
  return {
    stop: () => {
      stopped = true;
      timer?.cancel();
    },
  };
};
