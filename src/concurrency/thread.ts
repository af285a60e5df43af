import { parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';
import { type Failure, GramzoomError, toFailure, toGramzoomError } from '../domain/errors.ts';

type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: string | null };

const cancelled = (signal: AbortSignal | undefined): GramzoomError =>
  new GramzoomError('cancelled', {}, { cause: signal?.reason });

/**
 * Runs one task in a worker thread; `serveTask` is its other side.
 * @param entry the module that the thread runs
 * @param options.onCrash the error to throw where the thread ended without an answer
 * @throws GramzoomError what the task threw; `cancelled` as soon as the signal aborts
 */
export const runInThread = async <T>(
  entry: URL,
  task: unknown,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onCrash: (how: Error) => GramzoomError;
  },
): Promise<T> => {
  const { signal, onCrash } = options;
  if (signal?.aborted) throw cancelled(signal);
  const worker = new Worker(entry, { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const cancel = (): void => reject(cancelled(signal));
  worker.once('message', (answer: Answer<T>) => {
    if (answer.kind === 'done') return resolve(answer.value);
    const { failure, cause } = answer;
    reject(new GramzoomError(failure.code, failure.data, cause === null ? {} : { cause: new Error(cause) }));
  });
  worker.once('error', (error: Error) => reject(onCrash(error)));
  worker.once('exit', (status) => reject(onCrash(new Error(`the thread ended early (${status})`))));
  signal?.addEventListener('abort', cancel);
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // Not awaited: a thread inside a codec ends only when that returns, and who cancelled waits for no one.
    void worker.terminate();
  }
};

/**
 * The thread's side: does its task and posts the one answer.
 * @param transferred what of the result is moved to the other side instead of being copied
 */
export const serveTask = async <Task, T>(
  work: (task: Task) => Promise<T>,
  transferred: (value: T) => readonly Transferable[],
): Promise<void> => {
  try {
    const value = await work(workerData as Task);
    parentPort?.postMessage({ kind: 'done', value } satisfies Answer<T>, transferred(value));
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    const cause = error.cause instanceof Error ? error.cause.message : null;
    parentPort?.postMessage({ kind: 'failed', failure: toFailure(error), cause } satisfies Answer<T>);
  }
};
