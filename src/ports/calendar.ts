import type { Subject } from '../domain/subject.ts';

/** Something that is to happen to a subject at a time. A subject has one entry for each `what`. */
export type CalendarEntry = { readonly subject: Subject; readonly what: string };

/** An entry that was taken because it is due. */
export type DueEntry = CalendarEntry & {
  /** How often it was taken, this time included. */
  readonly tries: number;
};

/**
 * What is to happen later, as rows that survive any process. Each method is one transaction, durable once it returns.
 * Moments are milliseconds since 1970 by the wall clock, since people are told them: where it is wrong, so are they.
 */
export interface Calendar {
  /**
   * Notes that something is due at a moment. An entry that is there gets the new one.
   * @throws GramzoomError `not-found` where the subject is gone
   */
  schedule(entry: CalendarEntry, options: { readonly dueAt: number }): Promise<void>;
  /** Nothing where it is gone. */
  cancel(entry: CalendarEntry): Promise<void>;
  has(entry: CalendarEntry): Promise<boolean>;
  /**
   * Takes what is due, the oldest first. Of several who take at once each entry goes to one. It is due again after
   * `retryMs`, unless it was done by then: whoever dies with it loses nothing.
   * @param options.retryMs from how often it was taken to milliseconds
   */
  takeDue(options: {
    readonly limit: number;
    readonly retryMs: (tries: number) => number;
  }): Promise<readonly DueEntry[]>;
  /** Removes an entry that was taken, unless it was scheduled anew, or taken again, meanwhile. */
  done(entry: DueEntry): Promise<void>;
  /** When the next entry is due, or was; null if there is none. */
  nextDueAt(): Promise<number | null>;
}
