import type { EngineChoice, PrecisionChoice } from '../domain/engines.ts';
import { GramzoomError } from '../domain/errors.ts';
import { parseRequest, type RenderRequest } from '../domain/kinds.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import type { ProbedPace, RenderEvent, Renderer, RenderOptions } from '../ports/renderer.ts';
import { type ChildLimits, cancelled } from './child-job.ts';
import { ChildWorker, type ChildWorkerOptions } from './child-worker.ts';
import { workOf } from './kinds.ts';
import { probeSizes } from './probe.ts';
import { isAnswer, type JobEvent, type Order } from './protocol.ts';
import type { TooMuchMemory } from './render-process.ts';

export type ChildRendererOptions = Pick<ChildWorkerOptions, 'clock'> &
  Partial<Pick<ChildWorkerOptions, 'entry' | 'niceness'>> &
  Partial<ChildLimits> & {
    readonly threads: number;
    readonly engine: EngineChoice;
    readonly precision: PrecisionChoice;
    /** The network that `probe` measures; the schema's default where it is left out. */
    readonly network?: string;
    /** Where networks lie besides those of the project; null: nowhere. */
    readonly places?: NetworkPlaces | null;
    /** The least time between two previews; null: no previews. */
    readonly previewIntervalMs: number | null;
  };

const standard = parseRequest({});

/**
 * Renders in a child process, which alone loads the engine: a crash of the engine is one clear error here,
 * and a blocked thread there does not stop this one.
 */
export class ChildRenderer implements Renderer {
  readonly #options: Required<ChildRendererOptions>;
  readonly #worker: ChildWorker;
  #rendering = false;
  #warm = false;

  constructor(options: ChildRendererOptions) {
    this.#options = {
      entry: new URL('./child.ts', import.meta.url),
      network: standard.network,
      places: null,
      niceness: 0,
      killAfterMs: 300,
      minimumSilenceMs: 30_000,
      maxRssBytes: Number.POSITIVE_INFINITY,
      memoryIntervalMs: 1_000,
      ...options,
    };
    this.#worker = new ChildWorker(this.#options);
  }

  /** Whether an engine has been opened, by a render or a probe: then the next one can be. */
  get warm(): boolean {
    return this.#warm;
  }

  /** The child's process id, for those who watch processes; undefined while there is none. */
  get pid(): number | undefined {
    return this.#worker.pid;
  }

  /** The child's memory in bytes; null if there is none, or it cannot be told. */
  async residentBytes(): Promise<number | null> {
    return await this.#worker.residentBytes();
  }

  /**
   * See the port. One render at a time; a consumer that stops reading early stops the render.
   * @throws GramzoomError what the child reports, `render-crashed`, `render-stalled`, `out-of-memory`,
   * `protocol-mismatch`
   */
  async *render(
    request: RenderRequest,
    photo: Uint8Array,
    signal: AbortSignal,
    { checkpoints = false, through = [], resume }: RenderOptions = {},
  ): AsyncGenerator<RenderEvent, void, undefined> {
    if (signal.aborted) throw cancelled();
    if (this.#rendering) throw new GramzoomError('internal', { reason: 'two renders at once in one child' });
    const { places, threads, engine, precision, previewIntervalMs } = this.#options;
    const order: Order = {
      kind: 'start',
      request,
      photo,
      through: [...through],
      places,
      threads,
      engine,
      precision,
      previewIntervalMs,
      checkpoints,
      resume: resume ? { state: resume.state, frames: [...resume.frames] } : null,
    };
    this.#rendering = true;
    try {
      for await (const event of this.#work(order, { signal, size: request.size })) {
        if (!isAnswer(event)) yield event;
      }
    } finally {
      this.#rendering = false;
    }
  }

  work(request: RenderRequest): number {
    return workOf(request);
  }

  /**
   * See the port. Waits for a render that runs; a render waits for it.
   * @throws GramzoomError like `render`
   */
  async probe(signal: AbortSignal): Promise<readonly ProbedPace[]> {
    const { network, places, threads, engine, precision } = this.#options;
    const { depth } = standard;
    const order: Order = { kind: 'probe', network, depth, places, threads, engine, precision };
    for await (const event of this.#work(order, { signal, size: Math.max(...probeSizes) })) {
      if (event.kind === 'probed') return event.paces;
    }
    throw new GramzoomError('internal', { reason: 'a probe ended without an answer' });
  }

  async close(): Promise<void> {
    await this.#worker.close();
  }

  async *#work(
    order: Order,
    { signal, size }: { readonly signal: AbortSignal; readonly size: number },
  ): AsyncGenerator<JobEvent, void, undefined> {
    const tooMuchMemory: TooMuchMemory = ({ cause }) =>
      new GramzoomError('out-of-memory', { size }, { cause });
    for await (const event of this.#worker.work(order, { signal, tooMuchMemory })) {
      if (event.kind === 'started' || event.kind === 'probed') this.#warm = true;
      yield event;
    }
  }
}
