import PQueue from 'p-queue';
import type { Queue } from '../ports/queue.ts';

/**
 * One task at a time, in this process.
 * @param task claims the next job and runs it; it handles its own errors
 */
export class PipelineQueue implements Queue {
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #task: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #isClosed = false;

  /** @param options.onError is notified of what the task does not handle; the next one runs all the same */
  constructor(task: () => Promise<void>, options: { readonly onError: (error: unknown) => void }) {
    this.#task = task;
    this.#onError = options.onError;
  }

  add(): void {
    if (this.#isClosed) return;
    this.#queue
      .add(async () => {
        try {
          await this.#task();
        } catch (error) {
          this.#onError(error);
        }
      })
      // Only what a closing queue forgets ends up here.
      .catch(() => {});
  }

  get waiting(): number {
    return this.#queue.size;
  }

  get busy(): boolean {
    return this.#queue.pending > 0;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.clear();
    await this.#queue.onIdle();
  }
}
