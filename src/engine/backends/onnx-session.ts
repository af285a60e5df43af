/** onnxruntime's sessions on the CPU, as this project opens them. */
import { InferenceSession, env as runtime, Tensor } from 'onnxruntime-node';
import { GramzoomError } from '../../domain/errors.ts';
import type { Picture, Size } from '../../domain/picture.ts';
import type { NamedTensors } from '../objective/term.ts';

export const engine = 'onnx:cpu';
export const version: string = runtime.versions.node ?? 'unknown';

export type Feeds = Readonly<Record<string, Tensor>>;

export const failed = (cause: unknown): GramzoomError => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GramzoomError('engine-failed', { engine, reason }, { cause });
};

export const requireEvenHalving = ({ width, height }: Size, halvings: number): void => {
  const multiple = 2 ** halvings;
  if (width % multiple !== 0 || height % multiple !== 0) {
    throw new GramzoomError('internal', {
      reason: `${width} x ${height} px cannot be halved ${halvings} times`,
    });
  }
};

export const pictureTensor = ({ width, height, data }: Picture): Tensor =>
  new Tensor('float32', data, [1, 3, height, width]);

/** Float values as a graph is fed them. */
export const floatFeeds = (named: NamedTensors): Feeds =>
  Object.fromEntries(
    Object.entries(named).map(([name, { shape, data }]) => [name, new Tensor('float32', data, shape)]),
  );

const valuesOf = (outputs: Feeds): NamedTensors => {
  const entries = Object.entries(outputs).map(([name, { dims, data }]) => {
    if (!(data instanceof Float32Array)) throw failed(new Error(`output ${name} is not float32`));
    return [name, { shape: dims, data }] as const;
  });
  return Object.fromEntries(entries);
};

const openSession = async (model: Uint8Array, threads: number): Promise<InferenceSession> => {
  try {
    return await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // The pattern's block comes on top of what the arena took in the first run: twice the memory, no time.
      enableMemPattern: false,
      logSeverityLevel: 3,
      // A spinning pool would starve the event loop on a small machine (bench/spinning.ts).
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw failed(error);
  }
};

const runSession = async (session: InferenceSession, feeds: Feeds): Promise<NamedTensors> => {
  try {
    return valuesOf(await session.run(feeds));
  } catch (error) {
    throw failed(error);
  }
};

/** A graph that is run often, and what it depends on, as text. */
export type StepGraph = { readonly key: string; readonly build: () => Uint8Array };

/** Runs graphs. The session of a step is kept until another graph comes, since a film goes from one size to the next. */
export class OnnxSessions {
  readonly #threads: number;
  #step: { readonly key: string; readonly session: InferenceSession } | undefined;
  /** Settles when no step is running or waiting. */
  #idle: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ threads }: { readonly threads: number }) {
    this.#threads = threads;
  }

  /** One step at a time: no session is released while it runs. */
  step(graph: StepGraph, feeds: Feeds): Promise<NamedTensors> {
    const done = this.#idle.then(async () => {
      this.#requireOpen();
      return await runSession(await this.#stepSession(graph), feeds);
    });
    this.#idle = Promise.allSettled([done]);
    return done;
  }

  /** One run of a graph that is rarely wanted again. */
  async once(model: Uint8Array, feeds: Feeds): Promise<NamedTensors> {
    this.#requireOpen();
    const session = await openSession(model, this.#threads);
    try {
      return await runSession(session, feeds);
    } finally {
      await session.release();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#idle;
    await this.#releaseStep();
  }

  #requireOpen(): void {
    if (this.#closed) throw failed(new Error('the backend is closed'));
  }

  async #stepSession({ key, build }: StepGraph): Promise<InferenceSession> {
    if (this.#step?.key === key) return this.#step.session;
    await this.#releaseStep();
    const session = await openSession(build(), this.#threads);
    this.#step = { key, session };
    return session;
  }

  async #releaseStep(): Promise<void> {
    const step = this.#step;
    this.#step = undefined;
    await step?.session.release();
  }
}
