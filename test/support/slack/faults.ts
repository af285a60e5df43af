import { createFaultQueue, type FaultPlace } from '../fault-queue.ts';
import { createGate, type Held } from '../gate.ts';

export type Effect =
  /** `ok: false` with this error. */
  | { readonly kind: 'error'; readonly error: string; readonly more: object }
  /** A status with a body that is not Slack's JSON; carried out before where `isDone`. */
  | { readonly kind: 'status'; readonly status: number; readonly body: string; readonly isDone: boolean }
  | { readonly kind: 'rate-limit'; readonly seconds: number }
  /** The connection breaks. */
  | { readonly kind: 'cut'; readonly isDone: boolean }
  | { readonly kind: 'wait'; readonly when: 'before' | 'after'; readonly gate: () => Promise<void> };

type Which = Pick<FaultPlace, 'times' | 'params' | 'file'>;

const page = '<!DOCTYPE html><html><body>Server Error</body></html>';

/**
 * Faults to come, by method: `chat.update`, and besides those of the Web API `upload` (the bytes of a file),
 * `url_private` and `response_url`. Each meets the next request, or as many as `times` says; `params` are values of
 * its arguments (`{ channel: 'C…' }`).
 */
export const createFaults = () => {
  const queue = createFaultQueue<Effect>();
  const plan = (effect: Effect, path: string, which: Which = {}): void =>
    queue.plan(effect, { ...which, path });
  return {
    next: queue.next,
    /** Faults that no request has met yet. */
    get waiting(): number {
      return queue.waiting;
    },
    error: (method: string, error: string, which: Which & { readonly more?: object } = {}) =>
      plan({ kind: 'error', error, more: which.more ?? {} }, method, which),
    /** Nothing happens but this answer. */
    status: (method: string, status: number, which: Which = {}) =>
      plan({ kind: 'status', status, body: 'upstream request failed', isDone: false }, method, which),
    /** It is done, and the answer is this: as with 408 after an upload has arrived. */
    statusAfter: (method: string, status: number, which: Which = {}) =>
      plan({ kind: 'status', status, body: 'upstream request timeout', isDone: true }, method, which),
    htmlPage: (method: string, which: Which = {}) =>
      plan({ kind: 'status', status: 200, body: page, isDone: false }, method, which),
    /** 429 with this Retry-After. */
    rateLimited: (method: string, seconds: number, which: Which = {}) =>
      plan({ kind: 'rate-limit', seconds }, method, which),
    /** The connection breaks before anything is done, or after it without an answer. */
    cut: (method: string, when: 'before' | 'after', which: Which = {}) =>
      plan({ kind: 'cut', isDone: when === 'after' }, method, which),
    /** Holds a request, or its answer, until it is released: never, and it is never answered. */
    hold: (method: string, when: 'before' | 'after', which: Which = {}): Held => {
      const { held, pass } = createGate();
      plan({ kind: 'wait', when, gate: pass }, method, which);
      return held;
    },
  };
};

export type Faults = ReturnType<typeof createFaults>;
