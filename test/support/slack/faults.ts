import { createFaultQueue, type FaultPlace } from '../fault-queue.ts';
import { createGate, type Held } from '../gate.ts';

export type Effect =
  | { readonly kind: 'error'; readonly body: object }
  | { readonly kind: 'status'; readonly status: number; readonly body: string; readonly isDone: boolean }
  | { readonly kind: 'rate-limit'; readonly seconds: number }
  | { readonly kind: 'cut'; readonly isDone: boolean }
  | { readonly kind: 'wait'; readonly when: 'before' | 'after'; readonly pass: () => Promise<void> };

type Which = Pick<FaultPlace, 'times' | 'params' | 'file'>;

/**
 * Faults to come, by method: `chat.update`, and besides those of the Web API `upload` (the bytes of a file),
 * `url_private` and `response_url`. Each meets the next request, or as many as `times` says; `params` are values of
 * its arguments (`{ channel: 'C…' }`).
 */
export const createFaults = () => {
  const queue = createFaultQueue<Effect>();
  const plan = (effect: Effect, path: string, which: Which): void => queue.plan(effect, { ...which, path });
  return {
    next: queue.next,
    /** Faults that no request has met yet. */
    get waiting(): number {
      return queue.waiting;
    },
    /** `ok: false` with this error. */
    error: (method: string, error: string, which: Which & { readonly more?: object } = {}) =>
      plan({ kind: 'error', body: { ok: false, error, ...which.more } }, method, which),
    /** Nothing happens but this answer. */
    status: (method: string, status: number, which: Which = {}) =>
      plan({ kind: 'status', status, body: 'upstream request failed', isDone: false }, method, which),
    /** It is done, and the answer is this: as with 408 after an upload has arrived. */
    statusAfter: (method: string, status: number, which: Which = {}) =>
      plan({ kind: 'status', status, body: 'upstream request timeout', isDone: true }, method, which),
    htmlPage: (method: string, which: Which = {}) =>
      plan(
        { kind: 'status', status: 200, body: '<!DOCTYPE html><p>Server Error', isDone: false },
        method,
        which,
      ),
    /** 429 with this Retry-After. */
    rateLimited: (method: string, seconds: number, which: Which = {}) =>
      plan({ kind: 'rate-limit', seconds }, method, which),
    /** The connection breaks before anything is done, or after it without an answer. */
    cut: (method: string, when: 'before' | 'after', which: Which = {}) =>
      plan({ kind: 'cut', isDone: when === 'after' }, method, which),
    /** Holds a request, or its answer, until it is released: never, and it is never answered. */
    hold: (method: string, when: 'before' | 'after', which: Which = {}): Held => {
      const { held, pass } = createGate();
      plan({ kind: 'wait', when, pass }, method, which);
      return held;
    },
  };
};

export type Faults = ReturnType<typeof createFaults>;
