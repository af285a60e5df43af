import { parseSubject } from '../../domain/subject.ts';
import { MessageLoop, type MessageLoopOptions, type Synced } from './message-loop.ts';

/** The least time between two updates of a subject that nothing but time has changed. */
export const updateIntervalMs = 3000;

/** Keeps the messages of subjects up to date: who is told what, when. Subjects are named as `subjectText` has them. */
export class MessageSync {
  readonly #options: MessageLoopOptions;
  readonly #loops = new Map<string, MessageLoop>();

  constructor(options: MessageLoopOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => {
      for (const loop of this.#loops.values()) loop.cancelTimer();
    });
  }

  /** The messages should be brought up to date, at most every `everyMs`. */
  schedule(subject: string, { everyMs = updateIntervalMs }: { readonly everyMs?: number } = {}): void {
    this.#loopOf(subject).schedule(everyMs);
  }

  /** Brings them up to date at once; resolves when that is done, and tries until it is. */
  async runNow(subject: string): Promise<Synced> {
    return this.#options.signal.aborted ? 'stopped' : await this.#loopOf(subject).runNow();
  }

  /** As if the messages had been written just now. */
  markSynced(subject: string): void {
    this.#loopOf(subject).markSynced();
  }

  /** Says nothing more about a subject; resolves when nothing is in flight any more. */
  async drop(subject: string): Promise<void> {
    const loop = this.#loops.get(subject);
    this.#loops.delete(subject);
    await loop?.drop();
    const { kind, id } = parseSubject(subject);
    this.#options.subjects.get(kind)?.dropped?.(id);
  }

  /** What is in flight now; each resolves when it has been said, or will not be. */
  pending(): readonly Promise<void>[] {
    return [...this.#loops.values()].flatMap(({ pending }) => pending ?? []);
  }

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    for (let loops = this.pending(); loops.length > 0; loops = this.pending()) await Promise.all(loops);
  }

  #loopOf(subject: string): MessageLoop {
    const loop = this.#loops.get(subject) ?? new MessageLoop(subject, this.#options);
    this.#loops.set(subject, loop);
    return loop;
  }
}
