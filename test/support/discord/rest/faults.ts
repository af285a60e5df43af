import { RESTJSONErrorCodes as Code } from 'discord-api-types/v10';
import { createFaultQueue, type FaultPlace } from '../../fault-queue.ts';
import { createGate, type Held } from '../../gate.ts';
import { type DiscordError, discordError } from '../state/discord-error.ts';
import type { Refusal } from './rate-limits.ts';

export type Effect =
  | { readonly kind: 'refuse'; readonly error: DiscordError }
  | {
      readonly kind: 'rate-limit';
      readonly refusal: Refusal;
      readonly code?: number;
      readonly message?: string;
    }
  /** What was asked has been done, and the answer is this. */
  | { readonly kind: 'fail-after'; readonly status: number }
  /** An answer of the network in front of Discord: nothing has been done. */
  | { readonly kind: 'edge'; readonly status: number; readonly page: string | null }
  /** What was asked has been done, and the answer is not the one that it should be. */
  | { readonly kind: 'instead'; readonly body: unknown }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** The answer leaves so long after the request came. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'wait'; readonly when: 'before' | 'after'; readonly gate: () => Promise<void> };

const messages = '/channels/{channel_id}/messages';
const webhook = '/webhooks/{webhook_id}/{webhook_token}';

/** Faults to come. Each is used up by the requests it meets, in the order in which they were planned. */
export const createFaults = () => {
  const queue = createFaultQueue<Effect>();
  const { plan } = queue;
  const refuse = (code: number, place: FaultPlace): void =>
    plan({ kind: 'refuse', error: discordError(code) }, place);

  return {
    /** Faults that no request has met yet. */
    get waiting(): number {
      return queue.waiting;
    },
    /** The fault for this request, if one waits for it. */
    next: queue.next,
    /** Any of Discord's errors by its code. */
    refuse,
    /** The acknowledgement comes too late: 10062, and the user sees that the application did not respond. */
    acknowledgeTooLate: (place: FaultPlace = {}) =>
      refuse(Code.UnknownInteraction, {
        path: '/interactions/{interaction_id}/{interaction_token}/callback',
        ...place,
      }),
    /** The token is dead before its time: 401, 50027. */
    tokenExpired: (place: FaultPlace = {}) =>
      refuse(Code.InvalidWebhookToken, { path: `${webhook}/messages/@original`, ...place }),
    /** 404, 10015 although the token is alive. */
    unknownWebhook: (place: FaultPlace = {}) =>
      refuse(Code.UnknownWebhook, { path: `${webhook}/messages/@original`, ...place }),
    /** 429 with its `retry_after`, for one bucket or for all. */
    rateLimited: (
      { retryAfterMs, global = false }: { retryAfterMs: number; global?: boolean },
      place: FaultPlace = {},
    ) =>
      plan(
        { kind: 'rate-limit', refusal: { retryAfterMs, global, scope: global ? 'global' : 'user' } },
        place,
      ),
    /** 30046: too many edits of a message older than an hour. Discord sends it with status 429. */
    tooManyOldEdits: ({ retryAfterMs }: { retryAfterMs: number }, place: FaultPlace = {}) => {
      const code = Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached;
      const { message } = discordError(code);
      const refusal = { retryAfterMs, global: false, scope: 'shared' };
      plan(
        { kind: 'rate-limit', refusal, code, message },
        { method: 'PATCH', path: `${messages}/{message_id}`, ...place },
      );
    },
    missingPermissions: (place: FaultPlace = {}) => refuse(Code.MissingPermissions, place),
    tooManyThreads: (place: FaultPlace = {}) =>
      refuse(Code.MaximumActiveThreads, { path: `${messages}/{message_id}/threads`, ...place }),
    uploadTooLarge: (place: FaultPlace = {}) =>
      refuse(Code.RequestEntityTooLarge, { path: messages, ...place }),
    /** The message is there, the answer says that the server failed. */
    failAfterCreate: (place: FaultPlace = {}, status = 500) =>
      plan({ kind: 'fail-after', status }, { method: 'POST', path: messages, ...place }),
    /** A page of the network in front of Discord. */
    page: (status: number, place: FaultPlace = {}) =>
      plan({ kind: 'edge', status, page: '<html><body>Sorry, you have been blocked</body></html>' }, place),
    /** A status without a code of Discord's. */
    bare: (status: number, place: FaultPlace = {}) => plan({ kind: 'edge', status, page: null }, place),
    /** It is done, and answered with nothing. */
    emptyAnswer: (place: FaultPlace = {}) => plan({ kind: 'instead', body: undefined }, place),
    /** It is done, and answered with something else. */
    oddAnswer: (place: FaultPlace = {}) => plan({ kind: 'instead', body: { ok: true } }, place),
    /** Nothing happens but a failure of the server. */
    serverError: (place: FaultPlace = {}, status = 502) =>
      plan({ kind: 'wait', when: 'before', gate: () => Promise.reject(new ServerFailure(status)) }, place),
    /** What was uploaded is taken, and answered only after so long on the clock. */
    slowUpload: ({ ms }: { readonly ms: number }, place: FaultPlace = {}) =>
      plan({ kind: 'slow', ms }, { method: 'POST', path: messages, ...place }),
    /** The connection breaks before anything is done, or after it with no answer. */
    cut: (when: 'before' | 'after', place: FaultPlace = {}) => plan({ kind: 'cut', when }, place),
    /** Holds a request at the door, or its answer after everything is done, until it is released. */
    hold: (when: 'before' | 'after', place: FaultPlace = {}): Held => {
      const { held, pass } = createGate();
      plan({ kind: 'wait', when, gate: pass }, place);
      return held;
    },
  };
};

/** A failure of the server itself, with no body of Discord's. */
export class ServerFailure extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

export type Faults = ReturnType<typeof createFaults>;
