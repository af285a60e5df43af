import type { EngineChoice } from '../domain/engines.ts';
import { GramzoomError } from '../domain/errors.ts';
import { parseRequest, type RenderRequest } from '../domain/request.ts';
import { zoomWork } from '../engine/zoom/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import type { RenderEvent, Renderer, RenderOptions } from '../ports/renderer.ts';
import { type ChildJob, cancelled, type Patience, startChildJob } from './child-job.ts';
import type { JobEvent } from './event-queue.ts';
import { probeSize } from './probe.ts';
import type { Order } from './protocol.ts';
import { RenderProcess } from './render-process.ts';

export type ChildRendererOptions = Partial<Patience> & {
  readonly clock: Clock;
  readonly threads: number;
  readonly engine: EngineChoice;
  /** The network that `probe` measures; the schema's default where it is left out. */
  readonly network?: string;
  /** Where networks lie besides those of the project; null: nowhere. */
  readonly places?: NetworkPlaces | null;
  /** The least time between two pictures; null: no pictures. */
  readonly pictureIntervalMs: number | null;
  /** The module that the child runs. */
  readonly entry?: URL;
  /** How far the child stands back behind other processes, 0 (not at all) to 19; ignored where not allowed. */
  readonly niceness?: number;
};

const standard = parseRequest({});

/** The job that has the child now; `free` resolves when the next may have it. */
type Running = { readonly job: ChildJob; readonly free: Promise<void> };

/**
 * Renders in a child process, which alone loads the engine: a crash of the engine is one clear error here,
 * and a blocked thread there does not stop this one. The child serves one job after another; one that
 * crashed, hung, grew too large or spoke nonsense is replaced at the next job.
 */
export class ChildRenderer implements Renderer {
  readonly #options: Required<ChildRendererOptions>;
  #process: RenderProcess | undefined;
  #running: Running | undefined;
  #rendering = false;
  #jobs = 0;
  #closed = false;
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
  }

  /** Whether an engine has been opened, by a render or a probe: then the next one can be. */
  get warm(): boolean {
    return this.#warm;
  }

  /** The child's process id, for those who watch processes; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The child's memory in bytes; null where there is none, or it cannot be told. */
  async residentBytes(): Promise<number | null> {
    return (await this.#process?.residentBytes()) ?? null;
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
    { checkpoints = false, resume }: RenderOptions = {},
  ): AsyncGenerator<RenderEvent, void, undefined> {
    if (signal.aborted) throw cancelled();
    if (this.#rendering) throw new GramzoomError('internal', { reason: 'two renders at once in one child' });
    const { places, threads, engine, pictureIntervalMs } = this.#options;
    const order: Order = {
      kind: 'start',
      request,
      photo,
      places,
      threads,
      engine,
      pictureIntervalMs,
      checkpoints,
      resume: resume ? { state: resume.state, frames: [...resume.frames] } : null,
    };
    this.#rendering = true;
    try {
      for await (const event of this.#work(order, { signal, size: request.size })) {
        if (event.kind !== 'probed') yield event;
      }
    } finally {
      this.#rendering = false;
    }
  }

  work(request: RenderRequest): number {
    return zoomWork(request);
  }

  /**
   * See the port. Waits for a render that runs; a render waits for it.
   * @throws GramzoomError like `render`
   */
  async probe(signal: AbortSignal): Promise<number> {
    const { network, places, threads, engine } = this.#options;
    const { depth } = standard;
    const order: Order = { kind: 'probe', network, depth, places, threads, engine };
    for await (const event of this.#work(order, { signal, size: probeSize })) {
      if (event.kind === 'probed') return event.secondsPerWork;
    }
    throw new GramzoomError('internal', { reason: 'a probe ended without an answer' });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.job.stop();
    await this.#running?.job.over;
    const child = this.#process;
    this.#process = undefined;
    await child?.end(this.#options.clock, { killAfterMs: this.#options.killAfterMs });
  }

  async *#work(
    order: Order,
    { signal, size }: { readonly signal: AbortSignal; readonly size: number },
  ): AsyncGenerator<JobEvent, void, undefined> {
    while (this.#running) await this.#running.free;
    if (signal.aborted || this.#closed) throw cancelled();
    const free = Promise.withResolvers<void>();
    const { clock } = this.#options;
    const job = startChildJob(this.#child(), order, {
      clock,
      job: ++this.#jobs,
      size,
      patience: this.#options,
    });
    this.#running = { job, free: free.promise };
    signal.addEventListener('abort', job.stop, { once: true });
    try {
      for await (const event of job.events) {
        if (event.kind === 'started' || event.kind === 'probed') this.#warm = true;
        yield event;
        if (event.kind === 'checkpoint') job.taken();
      }
    } finally {
      job.stop();
      await job.over;
      job.release();
      signal.removeEventListener('abort', job.stop);
      this.#running = undefined;
      free.resolve();
    }
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
