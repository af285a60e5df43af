import { type ErrorCode, GramzoomError, toGramzoomError } from '../domain/errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { createEventQueue, isFinalEvent } from './event-queue.ts';
import { watchMemory } from './memory.ts';
import { type ChildMessage, type Order, parseChildMessage } from './protocol.ts';
import type { RenderProcess, TooMuchMemory } from './render-process.ts';
import { createWatchdog } from './watchdog.ts';

/** Limits that a child must keep to, or is killed. */
export type ChildLimits = {
  /** How long a child may take to stop when told to. */
  readonly killAfterMs: number;
  /** The watchdog's shortest timeout. */
  readonly minimumSilenceMs: number;
  /** More resident memory than this ends the child; infinite: no limit. */
  readonly maxRssBytes: number;
  /** How often its memory is checked. */
  readonly memoryIntervalMs: number;
};

/** One job that a child works on. */
export type ChildJob = ReturnType<typeof startChildJob>;

/** After these a decoder still runs: it cannot be stopped, and ends only with its process. */
const leavesWorkBehind: ReadonlySet<ErrorCode> = new Set(['photo-too-slow', 'photo-too-heavy']);

export const cancelled = (): GramzoomError => new GramzoomError('cancelled', {});

/**
 * Gives a child a job and supervises it: a child that is silent for too long, takes too much memory or sends an
 * invalid message is killed, and the job fails with the error that says so.
 * @param options.job the number that the job's messages carry
 * @param options.tooMuchMemory the error where it takes too much memory
 */
export const startChildJob = (
  child: RenderProcess,
  order: Order,
  options: {
    readonly clock: Clock;
    readonly job: number;
    readonly tooMuchMemory: TooMuchMemory;
    readonly limits: ChildLimits;
  },
) => {
  const { clock, job, tooMuchMemory, limits } = options;
  const events = createEventQueue();
  /** Resolves once the child is free for the next job, or gone. */
  const over = Promise.withResolvers<void>();
  let isOver = false;
  let verdict: GramzoomError | undefined;
  let killTimer: Timer | undefined;

  const finish = (error?: GramzoomError): void => {
    if (isOver) return;
    isOver = true;
    killTimer?.cancel();
    watchdog.stop();
    memory?.stop();
    if (error) events.fail(error);
    over.resolve();
  };
  const killWith = (error: GramzoomError): void => {
    verdict ??= error;
    child.kill();
  };
  /** Asks the child to stop, and kills it where it does not. */
  const stop = (): void => {
    if (isOver || killTimer) return;
    verdict ??= cancelled();
    child.send(job, { kind: 'cancel' });
    killTimer = clock.after(limits.killAfterMs, () => child.kill());
  };
  const watchdog = createWatchdog(clock, {
    minimumMs: limits.minimumSilenceMs,
    onSilent: (silentMs) =>
      killWith(new GramzoomError('render-stalled', { silentSeconds: Math.round(silentMs / 1000) })),
  });
  const memory = Number.isFinite(limits.maxRssBytes)
    ? watchMemory(clock, {
        read: () => child.residentBytes(),
        everyMs: limits.memoryIntervalMs,
        maxBytes: limits.maxRssBytes,
        onOver: (bytes) => {
          const cause = `${bytes} bytes resident, ${limits.maxRssBytes} allowed`;
          killWith(tooMuchMemory({ cause }));
        },
      })
    : undefined;
  const handle = (message: ChildMessage): void => {
    watchdog.heard({ step: message.kind === 'progress' });
    if (message.kind === 'heartbeat') return;
    if (message.kind === 'failed') {
      const { code, data } = message.failure;
      if (leavesWorkBehind.has(code)) child.kill();
      finish(verdict ?? new GramzoomError(code, data, { cause: message.detail }));
      return;
    }
    // The time that the reader takes to store it does not count.
    if (message.kind === 'checkpoint') watchdog.stop();
    events.push(message);
    if (isFinalEvent(message)) finish(verdict);
  };
  /** The reader has stored a checkpoint: the child, which waits for that, continues. */
  const ack = (): void => {
    if (isOver) return;
    watchdog.heard({ step: false });
    child.send(job, { kind: 'ack' });
  };
  const onMessage = (raw: unknown): void => {
    if (isOver) return;
    try {
      const envelope = parseChildMessage(raw);
      // Job 0 answers a message that was no job.
      if (envelope.job === job || envelope.job === 0) handle(envelope.message);
    } catch (error) {
      killWith(toGramzoomError(error));
    }
  };
  const onGone = (how: string): void => {
    // Ctrl-C reaches the whole process group, and may reach the child before it ignores the signal.
    if (how === 'SIGINT') verdict ??= cancelled();
    finish(verdict ?? child.crash(how, { tooMuchMemory }));
  };
  child.send(job, order);
  return { events: events.read(), stop, ack, over: over.promise, onMessage, onGone };
};
