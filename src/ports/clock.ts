/** A callback that waits for its time. */
export type Timer = {
  /** Takes it back; harmless once it has run. */
  cancel(): void;
};

/** Time, as far as deadlines and durations need it. Handed in, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /**
   * Milliseconds since 1970, for what people and files are told. May jump: no order depends on it, and no deadline but
   * those of the calendar.
   */
  wallTime(): number;
  /** Calls back once, `delayMs` from now. */
  after(delayMs: number, callback: () => void): Timer;
}
