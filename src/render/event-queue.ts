import type { GramzoomError } from '../domain/errors.ts';
import { isAnswer, type JobEvent } from './protocol.ts';

/** Whether an event ends its job. */
export const isFinalEvent = (event: JobEvent): boolean => event.kind === 'done' || isAnswer(event);

/**
 * Events in flight to a reader that may be slower than the renderer. The queue cannot grow: of progress and of previews only the newest waits, since a reader that is behind
 * has no use for the older ones, and of checkpoints there is never more than one in flight.
 */
export const createEventQueue = () => {
  const waiting: JobEvent[] = [];
  let failure: GramzoomError | undefined;
  let wake = (): void => {};
  return {
    push: (event: JobEvent): void => {
      const stale =
        event.kind === 'progress' || event.kind === 'preview'
          ? waiting.findIndex((candidate) => candidate.kind === event.kind)
          : -1;
      if (stale >= 0) waiting.splice(stale, 1);
      waiting.push(event);
      wake();
    },
    /** Drops what still waits and throws at the reader. */
    fail: (error: GramzoomError): void => {
      failure ??= error;
      waiting.length = 0;
      wake();
    },
    /** Ends with the final event, or throws what `fail` was given. For one reader. */
    async *read(): AsyncGenerator<JobEvent, void, undefined> {
      for (;;) {
        const event = waiting.shift();
        if (event) yield event;
        if (event && isFinalEvent(event)) return;
        if (failure) throw failure;
        if (waiting.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
};
