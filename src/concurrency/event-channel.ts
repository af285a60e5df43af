import type { EventChannel } from '../ports/job-events.ts';

/** Events within one process: each listener has been called, in turn, when `send` returns. */
export const createEventChannel = <Event>(): EventChannel<Event> => {
  const listeners = new Set<(event: Event) => void>();
  return {
    send: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => void listeners.add(listener),
  };
};
