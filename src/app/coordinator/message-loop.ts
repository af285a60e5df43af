import { backoffMs } from '../../concurrency/backoff.ts';
import { pause } from '../../concurrency/pause.ts';
import { type GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import { parseSubject } from '../../domain/subject.ts';
import type { Timer } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { CoordinatorDeps } from '../deps.ts';
import { isGone, isTransient, mostTries } from '../retry.ts';
import { Deserted, type MessagePass, StaleSubject } from './outbox.ts';
import type { SubjectHandlers } from './subject-handler.ts';

// Longer than others: what a pass comes to decides when the next one runs, so that both are read together.

/** What is said on the way has so long to end where a last message waits for it. */
const leaveAfterMs = 1000;

/**
 * What a pass came to. `said`: the messages say how it stands. `gone`: there is nobody to say it to, or it cannot
 * be said. `deserted`: the place is gone, and all that could have been said there. `absent`: this process does not
 * talk to that platform. `stale`: the subject changed meanwhile. An error: nobody takes the last message, for this
 * reason.
 */
type PassResult = 'said' | 'gone' | 'deserted' | 'absent' | 'stale' | GramzoomError;

/** `stopped`: the process ends, or the subject is dropped, before it could be said. */
export type Synced = Exclude<PassResult, 'stale'> | 'stopped';

export type MessageLoopOptions = {
  readonly deps: MessagePass['deps'] & Pick<CoordinatorDeps, 'chats'>;
  readonly subjects: SubjectHandlers;
  /** Aborts when the process ends. */
  readonly signal: AbortSignal;
  /** Is told that the place of the subject is gone; must not throw. */
  readonly onDeserted: (subject: string) => void;
};

/**
 * Writes the messages of one subject, pass after pass, and never two at the same time: each pass says how it stands by
 * then, so that the newest content wins and the last message is written last.
 */
export class MessageLoop {
  readonly #subject: string;
  readonly #options: MessageLoopOptions;
  readonly #log: AppLog;
  readonly #dropped = new AbortController();
  readonly #written = new Map<string, string>();
  readonly #refused = new Map<string, number>();
  /** Aborts what the pass that runs now says before its last message. */
  #leaving = new AbortController();
  #leaveTimer: Timer | undefined;
  /** Ends the pause after a pass that failed. */
  #resting: AbortController | undefined;
  /** Whether passes are being run, which they are for as long as there is something to say. */
  #isBusy = false;
  /** Resolves when they are over. */
  #passes: Promise<void> | undefined;
  #isWanted = false;
  #waiters: ((synced: Synced) => void)[] = [];
  #begunAt = Number.NEGATIVE_INFINITY;
  /** When the next pass should begin. */
  #dueAt: number | undefined;
  #timer: Timer | undefined;
  /** Whether failures may have been counted that no success has made up for. */
  #hasFailed = true;
  /** Whether it failed too often: only what somebody waits for is tried once more. */
  #isGivenUp = false;

  /** @param subject see `subjectText` */
  constructor(subject: string, options: MessageLoopOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#log = options.deps.log.forJob(subject);
  }

  /** What is in flight now; undefined where nothing is. */
  get pending(): Promise<void> | undefined {
    return this.#isBusy ? this.#passes : undefined;
  }

  /** The messages should be brought up to date, `everyMs` after the last pass began at the earliest. */
  schedule(everyMs: number): void {
    if (this.#isGivenUp) return;
    const dueAt = this.#begunAt + everyMs;
    if (this.#dueAt !== undefined && this.#dueAt <= dueAt) return;
    this.#dueAt = dueAt;
    this.#setTimer();
  }

  /** Brings them up to date at once; resolves when that is done, and tries until it is. */
  runNow(): Promise<Synced> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      if (this.#isBusy) this.#hurry();
      this.#run();
    });
  }

  /** As if the messages had been written just now. */
  markSynced(): void {
    this.#begunAt = this.#options.deps.clock.now();
  }

  /** Says nothing more; resolves when nothing is in flight any more. */
  async drop(): Promise<void> {
    this.cancelTimer();
    this.#dropped.abort();
    await this.#passes;
  }

  /** A timer would keep the process alive. */
  cancelTimer(): void {
    this.#timer?.cancel();
  }

  /** Somebody waits for what is said next: not for long for what is said now. */
  #hurry(): void {
    this.#resting?.abort();
    const leaving = this.#leaving;
    this.#leaveTimer ??= this.#options.deps.clock.after(leaveAfterMs, () => leaving.abort());
  }

  #run(): void {
    this.#isWanted = true;
    this.cancelTimer();
    this.#timer = undefined;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#passes = this.#runPasses();
  }

  async #runPasses(): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, this.#dropped.signal]);
    try {
      for (let failures = 0; this.#isWanted && !signal.aborted; ) {
        failures = await this.#pass(failures, signal);
      }
    } catch (error) {
      this.#log.error('message: giving up on the messages of a subject', { error });
    }
    // Nothing may come between the last look at what is wanted and this: who asks now finds that no pass runs.
    this.#isBusy = false;
    for (const resolve of this.#waiters.splice(0)) resolve('stopped');
    this.#setTimer();
  }

  /** Runs one pass, and waits a while where it failed. Gives how many failed in a row. */
  async #pass(failures: number, signal: AbortSignal): Promise<number> {
    const waiters = this.#waiters.splice(0);
    const tell = (synced: Synced): void => {
      for (const resolve of waiters) resolve(synced);
    };
    this.#isWanted = false;
    this.#dueAt = undefined;
    this.#begunAt = this.#options.deps.clock.now();
    let failed = 0;
    try {
      const result = await this.#sync();
      if (result !== 'stale') {
        await this.#noteSuccess();
        if (result === 'deserted') this.#options.onDeserted(this.#subject);
        tell(result);
        return 0;
      }
    } catch (thrown) {
      const error = toGramzoomError(thrown);
      failed = failures + 1;
      const tries = await this.#countFailure(failed);
      if (tries >= mostTries(error.code)) {
        this.#log.error('message: giving up on the messages of a subject', { error, tries });
        tell(await this.#giveUp(error));
        return failed;
      }
      await this.#rest(failed, { error, signal });
    }
    this.#waiters.unshift(...waiters);
    this.#isWanted = true;
    return failed;
  }

  async #sync(): Promise<PassResult> {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    try {
      return await this.#write(signal);
    } catch (thrown) {
      if (signal.aborted) return 'stale';
      const error = toGramzoomError(thrown);
      if (isTransient(error)) throw error;
      this.#log.error('message: failed to send the answer', { error });
      return 'gone';
    } finally {
      this.#leaveTimer?.cancel();
      this.#leaveTimer = undefined;
    }
  }

  /** Makes the messages say how the subject stands. Throws what is transient, and why nothing could be said. */
  async #write(leaving: AbortSignal): Promise<PassResult> {
    const { deps, subjects } = this.#options;
    const { kind, id } = parseSubject(this.#subject);
    const handler = subjects.get(kind);
    const snapshot = await handler?.open(id);
    if (!snapshot) return 'gone';
    const { home, isFinal, isCurrent } = snapshot;
    const chat = deps.chats.get(home.platform);
    if (!chat) return 'absent';
    const state = { subject: this.#subject, written: this.#written, refused: this.#refused };
    try {
      const signal = isFinal ? undefined : leaving;
      await snapshot.sync({ ...state, deps, chat, home, isFinal, isCurrent, signal });
      return 'said';
    } catch (error) {
      if (error instanceof StaleSubject) return 'stale';
      if (!(await handler?.open(id))) return 'gone';
      if (error instanceof Deserted) {
        await snapshot.giveUp();
        return 'deserted';
      }
      const failure = toGramzoomError(error);
      if (isTransient(failure)) throw error;
      if (snapshot.reportsRefusal) return failure;
      await snapshot.giveUp();
      if (isGone(error)) return 'gone';
      throw error;
    }
  }

  async #rest(
    failures: number,
    { error, signal }: { readonly error: GramzoomError; readonly signal: AbortSignal },
  ): Promise<void> {
    const { deps } = this.#options;
    this.#log.warn('message: failed to update, trying again', { error, failures });
    deps.observe({ kind: 'chat-retried', subject: this.#subject, code: error.code });
    this.#resting = new AbortController();
    const either = AbortSignal.any([signal, this.#resting.signal]);
    await pause(deps.clock, backoffMs(failures), { signal: either }).catch(() => {});
    this.#resting = undefined;
  }

  /** Counts a failure where every process sees it, so that not even a crash makes it begin anew. */
  async #countFailure(failures: number): Promise<number> {
    this.#hasFailed = true;
    try {
      return Math.max(failures, await this.#options.deps.store.tries.add(this.#subject, 'say'));
    } catch (error) {
      this.#log.warn('message: failed to persist a failed try', { error });
      return failures;
    }
  }

  async #noteSuccess(): Promise<void> {
    this.#isGivenUp = false;
    if (!this.#hasFailed) return;
    this.#hasFailed = false;
    await this.#options.deps.store.tries.clear(this.#subject, 'say').catch((error: unknown) => {
      this.#log.warn('message: failed to persist a success', { error });
    });
  }

  /** Nobody will hear it. */
  async #giveUp(error: GramzoomError): Promise<Synced> {
    this.#isGivenUp = true;
    const { kind, id } = parseSubject(this.#subject);
    const snapshot = await this.#options.subjects.get(kind)?.open(id);
    await snapshot?.giveUp();
    return snapshot?.reportsRefusal ? error : 'gone';
  }

  /** Sets the alarm for the next pass; while one runs there is none. */
  #setTimer(): void {
    const { deps, signal } = this.#options;
    if (this.#dueAt === undefined || this.#isBusy || this.#dropped.signal.aborted || signal.aborted) return;
    this.cancelTimer();
    const delayMs = this.#dueAt - deps.clock.now();
    if (delayMs <= 0) this.#run();
    else this.#timer = deps.clock.after(delayMs, () => this.#run());
  }
}
