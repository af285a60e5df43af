import { type ErrorCode, GramzoomError, toGramzoomError } from '../domain/errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { createEventQueue, isLastWord, type JobEvent } from './event-queue.ts';
import { watchMemory } from './memory.ts';
import { type ChildMessage, type Order, parseChildMessage } from './protocol.ts';
import type { RenderProcess } from './render-process.ts';
import { watchSilence } from './silence.ts';

/** How long a child may do what. */
export type Patience = {
  /** How long a child may take to obey before it is killed. */
  readonly killAfterMs: number;
  /** How long any child may be silent. */
  readonly minimumSilenceMs: number;
  /** More memory than this ends the child; infinite: no ceiling. */
  readonly maxRssBytes: number;
  /** How often its memory is looked at. */
  readonly memoryIntervalMs: number;
};

/** One job that a child works on. */
export type ChildJob = {
  /** For one reader. */
  readonly events: AsyncGenerator<JobEvent, void, undefined>;
  /** Asks the child to stop, and kills it where it does not. */
  readonly stop: () => void;
  /** The reader is done with a checkpoint: the child, which waits for that, goes on. */
  readonly taken: () => void;
  /** Resolves once the child is free for the next job, or gone. */
  readonly over: Promise<void>;
  readonly onMessage: (raw: unknown) => void;
  readonly onGone: (how: string) => void;
  /** Lets go of all timers. */
  readonly release: () => void;
};

/** With these a decoder is given up, not stopped: it is still at work, and only ends with its process. */
const leavesWorkBehind: ReadonlySet<ErrorCode> = new Set(['photo-too-slow', 'photo-too-heavy']);

export const cancelled = (): GramzoomError => new GramzoomError('cancelled', {});

/**
 * Gives a child a job and watches over it: a child that is silent for too long, takes too much memory or
 * speaks nonsense is killed, with the error that says so.
 * @param options.job the number that the job's messages carry
 * @param options.tooMuchMemory the error where it takes too much memory
 */
export const startChildJob = (
  child: RenderProcess,
  order: Order,
  options: {
    readonly clock: Clock;
    readonly job: number;
    readonly tooMuchMemory: (options: { readonly cause: string }) => GramzoomError;
    readonly patience: Patience;
  },
): ChildJob => {
  const { clock, job, tooMuchMemory, patience } = options;
  const events = createEventQueue();
  const over = Promise.withResolvers<void>();
  let isOver = false;
  let verdict: GramzoomError | undefined;
  let killTimer: Timer | undefined;

  const finish = (error?: GramzoomError): void => {
    if (isOver) return;
    isOver = true;
    if (error) events.fail(error);
    over.resolve();
  };
  const condemn = (error: GramzoomError): void => {
    verdict ??= error;
    child.kill();
  };
  const stop = (): void => {
    if (isOver || killTimer) return;
    verdict ??= cancelled();
    child.send(job, { kind: 'cancel' });
    killTimer = clock.after(patience.killAfterMs, () => child.kill());
  };
  const silence = watchSilence(clock, {
    minimumMs: patience.minimumSilenceMs,
    onSilent: (silentMs) =>
      condemn(new GramzoomError('render-stalled', { silentSeconds: Math.round(silentMs / 1000) })),
  });
  const memory = Number.isFinite(patience.maxRssBytes)
    ? watchMemory(clock, {
        read: () => child.residentBytes(),
        everyMs: patience.memoryIntervalMs,
        maxBytes: patience.maxRssBytes,
        onOver: (bytes) => {
          const cause = `${bytes} bytes resident, ${patience.maxRssBytes} allowed`;
          condemn(tooMuchMemory({ cause }));
        },
      })
    : undefined;
  const hear = (message: ChildMessage): void => {
    silence.heard({ step: message.kind === 'progress' });
    if (message.kind === 'heartbeat') return;
    if (message.kind === 'failed') {
      const { code, data } = message.failure;
      if (leavesWorkBehind.has(code)) child.kill();
      finish(verdict ?? new GramzoomError(code, data, { cause: message.detail }));
      return;
    }
    // However long it takes to store it, the child is not to blame.
    if (message.kind === 'checkpoint') silence.pause();
    events.push(message);
    if (isLastWord(message)) finish(verdict);
  };
  const taken = (): void => {
    if (isOver) return;
    silence.heard({ step: false });
    child.send(job, { kind: 'taken' });
  };
  const onMessage = (raw: unknown): void => {
    if (isOver) return;
    try {
      const envelope = parseChildMessage(raw);
      // Job 0 is the answer to something that was no job.
      if (envelope.job === job || envelope.job === 0) hear(envelope.message);
    } catch (error) {
      condemn(toGramzoomError(error));
    }
  };
  const onGone = (how: string): void => {
    // Ctrl-C reaches the whole group, and may find the child before it learnt to ignore it.
    if (how === 'SIGINT') verdict ??= cancelled();
    finish(verdict ?? child.crash(how, { tooMuchMemory }));
  };
  const release = (): void => {
    killTimer?.cancel();
    silence.stop();
    memory?.stop();
  };

  child.send(job, order);
  return { events: events.read(), stop, taken, over: over.promise, onMessage, onGone, release };
};
