import type { Clock } from '../ports/clock.ts';
import { type ChildJob, type ChildLimits, cancelled, startChildJob } from './child-job.ts';
import type { JobEvent, Order } from './protocol.ts';
import { RenderProcess, type TooMuchMemory } from './render-process.ts';

export type ChildWorkerOptions = ChildLimits & {
  readonly clock: Clock;
  /** The module that the child runs. */
  readonly entry: URL;
  /** How far the child stands back behind other processes, 0 (not at all) to 19; ignored where not allowed. */
  readonly niceness: number;
};

/**
 * A child process that works on one order after another. One that crashed, hung, grew too large or spoke
 * nonsense is replaced at the next order.
 */
export class ChildWorker {
  readonly #options: ChildWorkerOptions;
  #process: RenderProcess | undefined;
  /** The job that has the child now; `free` resolves when the next may have it. */
  #running: { readonly job: ChildJob; readonly free: Promise<void> } | undefined;
  #jobs = 0;
  #closed = false;

  constructor(options: ChildWorkerOptions) {
    this.#options = options;
  }

  /** The child's process id; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The child's memory in bytes; null if there is none, or it cannot be told. */
  async residentBytes(): Promise<number | null> {
    return (await this.#process?.residentBytes()) ?? null;
  }

  /**
   * Works on one order, once those before are done; a consumer that stops reading early stops the work.
   * @param options.tooMuchMemory the error where that takes too much memory
   * @throws GramzoomError what the child reports, `render-crashed`, `render-stalled`, `protocol-mismatch`
   */
  async *work(
    order: Order,
    { signal, tooMuchMemory }: { readonly signal: AbortSignal; readonly tooMuchMemory: TooMuchMemory },
  ): AsyncGenerator<JobEvent, void, undefined> {
    while (this.#running) await this.#running.free;
    if (signal.aborted || this.#closed) throw cancelled();
    const free = Promise.withResolvers<void>();
    const job = startChildJob(this.#child(), order, {
      clock: this.#options.clock,
      job: ++this.#jobs,
      tooMuchMemory,
      limits: this.#options,
    });
    this.#running = { job, free: free.promise };
    signal.addEventListener('abort', job.stop, { once: true });
    try {
      for await (const event of job.events) {
        yield event;
        if (event.kind === 'checkpoint') job.ack();
      }
    } finally {
      job.stop();
      await job.over;
      signal.removeEventListener('abort', job.stop);
      this.#running = undefined;
      free.resolve();
    }
  }

  /** Ends the child while it has nothing to do; the next order starts another one. */
  async rest(): Promise<void> {
    if (!this.#running) await this.#end();
  }

  /** Ends whatever runs, and the child. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    running?.job.stop();
    await running?.job.over;
    await this.#end();
  }

  async #end(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    await child?.end(this.#options.clock, this.#options);
  }

  #child(): RenderProcess {
    if (this.#process?.alive) return this.#process;
    const { entry, niceness } = this.#options;
    const onMessage = (raw: unknown): void => {
      if (this.#process === child) this.#running?.job.onMessage(raw);
    };
    const child: RenderProcess = new RenderProcess(entry, onMessage, { niceness });
    void child.gone.then((how) => {
      if (this.#process !== child) return;
      this.#process = undefined;
      this.#running?.job.onGone(how);
    });
    this.#process = child;
    return child;
  }
}
