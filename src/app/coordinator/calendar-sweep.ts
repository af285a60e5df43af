import { backoffMs } from '../../concurrency/backoff.ts';
import { toGramzoomError } from '../../domain/errors.ts';
import { subjectText } from '../../domain/subject.ts';
import type { CalendarEntry, DueEntry } from '../../ports/calendar.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import { mostTries } from '../retry.ts';

/** The calendar is looked at at least so often, so that what others schedule is seen, and that the wall clock was set. */
const longestWaitMs = 10_000;
/** So many entries are taken, and worked on at the same time. */
const entriesPerSweep = 20;
/** Whoever takes an entry has so long for it before it is taken again. */
const leastRetryMs = 30_000;

/** `later`: it could not be done yet, and is taken again. */
export type Performed = 'done' | 'later';

/** Does what the calendar says, when it is due. */
export class CalendarSweep {
  readonly #calendar: Store['calendar'];
  readonly #clock: Clock;
  readonly #log: AppLog;
  readonly #perform: (entry: DueEntry) => Promise<Performed>;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  /**
   * @param options.perform may be called again for an entry that it has done already, after a crash: the second time
   * must change nothing. What it throws is logged, and tried again with a bound.
   */
  constructor(
    deps: { readonly store: Pick<Store, 'calendar'>; readonly clock: Clock; readonly log: AppLog },
    options: { readonly perform: (entry: DueEntry) => Promise<Performed> },
  ) {
    this.#calendar = deps.store.calendar;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#perform = options.perform;
  }

  /** See `Calendar.schedule`. From then on the calendar is looked at, as after `start`. */
  async schedule(entry: CalendarEntry, options: { readonly dueAt: number }): Promise<void> {
    await this.#calendar.schedule(entry, options);
    if (this.#running === undefined) await this.#setTimer();
  }

  /** Looks at the calendar now, and from now on in time. */
  start(): void {
    if (this.#isClosed || this.#running !== undefined) return;
    this.#timer?.cancel();
    this.#running = this.#run();
  }

  /** Takes nothing more; resolves when what it has taken is over. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    const isRead = await this.#sweep();
    this.#running = undefined;
    await this.#setTimer(isRead ? 0 : longestWaitMs);
  }

  async #setTimer(leastMs = 0): Promise<void> {
    const dueAt = await this.#calendar.nextDueAt().catch(() => null);
    if (this.#isClosed || this.#running !== undefined) return;
    const dueInMs = dueAt === null ? longestWaitMs : dueAt - this.#clock.wallTime();
    const delayMs = Math.min(Math.max(dueInMs, leastMs), longestWaitMs);
    if (delayMs <= 0) return this.start();
    this.#timer?.cancel();
    this.#timer = this.#clock.after(delayMs, () => this.start());
  }

  /** False where the store did not answer. */
  async #sweep(): Promise<boolean> {
    try {
      const due = await this.#calendar.takeDue({
        limit: entriesPerSweep,
        retryMs: (tries) => Math.max(leastRetryMs, backoffMs(tries)),
      });
      await Promise.all(due.map((entry) => this.#work(entry)));
      return true;
    } catch (error) {
      this.#log.error('calendar: what is due could not be read', { error });
      return false;
    }
  }

  async #work(entry: DueEntry): Promise<void> {
    const about = { subject: subjectText(entry.subject), what: entry.what, tries: entry.tries };
    try {
      if ((await this.#perform(entry)) === 'later' && entry.tries < mostTries('chat-unreachable')) return;
    } catch (thrown) {
      const error = toGramzoomError(thrown);
      if (entry.tries < mostTries(error.code)) {
        this.#log.warn('calendar: what is due could not be done yet', { ...about, error });
        return;
      }
      this.#log.error('calendar: what is due could not be done and is given up', { ...about, error });
    }
    await this.#calendar
      .done(entry)
      .catch((error: unknown) =>
        this.#log.warn('calendar: failed to note what was done', { ...about, error }),
      );
  }
}
