import type { Platform } from '../domain/job.ts';

/** An event as it came in; `id` is the platform's own, the same when it is delivered again. */
export type ReceivedEvent = { readonly id: string; readonly body: string };

/**
 * Events that a platform delivers until they are acknowledged: noted before that, and dealt with afterwards. Each method
 * is one transaction, durable once it returns. What people said in an event is kept until it has been dealt with, which
 * takes seconds, or as long as no process is there; after a few days it goes in any case (see `Retention`). Ids stay as
 * long, so they must not name people.
 */
export interface EventInbox {
  /** Notes an event. False where it was noted before, by whichever process: then it is not dealt with again. */
  add(platform: Platform, event: ReceivedEvent): Promise<boolean>;
  /** It has been dealt with: what was in it is forgotten, that it came is not. */
  finish(platform: Platform, id: string): Promise<void>;
  /** What was noted and not dealt with, oldest first: a start deals with it. */
  pending(platform: Platform): Promise<readonly ReceivedEvent[]>;
}
