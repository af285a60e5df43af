import type { JobId } from '../domain/job.ts';
import type { Timer } from '../ports/clock.ts';
import type { Announcer } from './announcer.ts';
import type { RenderDeps } from './deps.ts';
import type { Line } from './line.ts';
import type { Speed } from './speed.ts';

/** Those who are told at once when they move up. */
const nextFew = 3;
/** Everybody else who waits is told at most so often. */
const waitingIntervalMs = 60_000;

/** Tells those who wait how it goes. */
export type LineNews = {
  /** The line has changed. */
  changed(): void;
  /** Says nothing more; resolves when nothing is on its way any more. */
  close(): Promise<void>;
};

/**
 * Who waits is told when the line moves: the next few at once, the others now and then. The next few also
 * hear at once when it is known for the first time how long it takes.
 */
export const createLineNews = (
  { clock, log }: Pick<RenderDeps, 'clock' | 'log'>,
  parts: { readonly line: Line; readonly announcer: Announcer; readonly speed: Speed },
): LineNews => {
  const { line, announcer, speed } = parts;
  let told: ReadonlyMap<JobId, string> = new Map();
  let timer: Timer | undefined;
  let isClosed = false;
  let running: Promise<void> | undefined;
  let again = false;

  const tell = async (): Promise<void> => {
    const { waiting, places } = await line.read();
    if (isClosed) return;
    const isTimeKnown = speed.secondsPerUnit() !== null;
    const next = new Map<JobId, string>();
    for (const { id } of waiting) {
      const position = places.get(id)?.position ?? waiting.length;
      const news = `${position} ${isTimeKnown}`;
      next.set(id, news);
      const isNew = position <= nextFew && told.get(id) !== news;
      announcer.touch(id, isNew ? {} : { everyMs: waitingIntervalMs });
    }
    told = next;
    timer?.cancel();
    timer = waiting.length > 0 ? clock.after(waitingIntervalMs, start) : undefined;
  };

  const start = (): void => {
    if (isClosed) return;
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await tell();
      }
    })()
      .catch((error: unknown) => log.warn('those who wait could not be told', { error }))
      .finally(() => {
        running = undefined;
        if (again) start();
      });
  };

  return {
    changed: start,
    close: async () => {
      isClosed = true;
      again = false;
      timer?.cancel();
      await running;
    },
  };
};
