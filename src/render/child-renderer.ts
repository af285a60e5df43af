import type { EngineChoice } from '../domain/engines.ts';
import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import type { RenderRequest } from '../domain/request.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { RenderEvent, Renderer } from '../ports/renderer.ts';
import { createEventQueue } from './event-queue.ts';
import { type ChildMessage, parseChildMessage } from './protocol.ts';
import { RenderProcess } from './render-process.ts';
import { watchSilence } from './silence.ts';

export type ChildRendererOptions = {
  readonly clock: Clock;
  readonly threads: number;
  readonly engine: EngineChoice;
  /** The least time between two pictures; null: no pictures. */
  readonly pictureIntervalMs: number | null;
  /** The module that the child runs. */
  readonly entry?: URL;
  /** How long a child may take to obey before it is killed. */
  readonly killAfterMs?: number;
  /** How long any child may be silent. */
  readonly minimumSilenceMs?: number;
};

const cancelled = (): GramzoomError => new GramzoomError('cancelled', {});

/** The render that runs now. */
type Running = {
  readonly stop: () => void;
  readonly over: Promise<void>;
  readonly onMessage: (raw: unknown) => void;
  readonly onGone: (how: string) => void;
};

/**
 * Renders in a child process, which alone loads the engine: a crash of the engine is one clear error here,
 * and a blocked thread there does not stop this one. The child serves one render after another; one that
 * crashed, hung or spoke nonsense is replaced at the next render.
 */
export class ChildRenderer implements Renderer {
  readonly #options: Required<ChildRendererOptions>;
  #process: RenderProcess | undefined;
  #running: Running | undefined;
  #jobs = 0;

  constructor(options: ChildRendererOptions) {
    this.#options = {
      entry: new URL('./child.ts', import.meta.url),
      killAfterMs: 300,
      minimumSilenceMs: 30_000,
      ...options,
    };
  }

  /**
   * See the port. One render at a time; a consumer that stops reading early stops the render.
   * @throws GramzoomError what the child reports, `render-crashed`, `render-stalled`, `protocol-mismatch`
   */
  async *render(
    request: RenderRequest,
    photo: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<RenderEvent, void, undefined> {
    if (signal.aborted) throw cancelled();
    if (this.#running) throw new GramzoomError('internal', { reason: 'two renders at once in one child' });
    const { clock, killAfterMs, minimumSilenceMs, threads, engine, pictureIntervalMs } = this.#options;
    const child = this.#child();
    const job = ++this.#jobs;
    const events = createEventQueue();
    const over = Promise.withResolvers<void>();
    let isOver = false;
    let verdict: GramzoomError | undefined;
    let killTimer: Timer | undefined;

    const finish = (error?: GramzoomError): void => {
      if (isOver) return;
      isOver = true;
      if (error) events.fail(error);
      over.resolve();
    };
    const condemn = (error: GramzoomError): void => {
      verdict ??= error;
      child.kill();
    };
    const stop = (): void => {
      if (isOver || killTimer) return;
      verdict ??= cancelled();
      child.send(job, { kind: 'cancel' });
      killTimer = clock.after(killAfterMs, () => child.kill());
    };
    const silence = watchSilence(clock, {
      minimumMs: minimumSilenceMs,
      onSilent: (silentMs) =>
        condemn(new GramzoomError('render-stalled', { silentSeconds: Math.round(silentMs / 1000) })),
    });
    const hear = (message: ChildMessage): void => {
      silence.heard({ step: message.kind === 'progress' });
      if (message.kind === 'heartbeat') return;
      if (message.kind === 'failed') {
        const { code, data } = message.failure;
        finish(verdict ?? new GramzoomError(code, data, { cause: message.detail }));
        return;
      }
      events.push(message);
      if (message.kind === 'done') finish(verdict);
    };
    const onMessage = (raw: unknown): void => {
      if (isOver) return;
      try {
        const envelope = parseChildMessage(raw);
        // Job 0 is the answer to something that was no job.
        if (envelope.job === job || envelope.job === 0) hear(envelope.message);
      } catch (error) {
        condemn(toGramzoomError(error));
      }
    };
    const onGone = (how: string): void => {
      // Ctrl-C reaches the whole group, and may find the child before it learnt to ignore it.
      if (how === 'SIGINT') verdict ??= cancelled();
      finish(verdict ?? child.crash(how));
    };
    this.#running = { stop, over: over.promise, onMessage, onGone };
    signal.addEventListener('abort', stop, { once: true });
    try {
      child.send(job, { kind: 'start', request, photo, threads, engine, pictureIntervalMs });
      yield* events.read();
    } finally {
      stop();
      await over.promise;
      killTimer?.cancel();
      silence.stop();
      signal.removeEventListener('abort', stop);
      this.#running = undefined;
    }
  }

  async close(): Promise<void> {
    this.#running?.stop();
    await this.#running?.over;
    const child = this.#process;
    this.#process = undefined;
    await child?.end(this.#options.clock, { killAfterMs: this.#options.killAfterMs });
  }

  #child(): RenderProcess {
    if (this.#process?.alive) return this.#process;
    const child: RenderProcess = new RenderProcess(this.#options.entry, (raw) => {
      if (this.#process === child) this.#running?.onMessage(raw);
    });
    void child.gone.then((how) => {
      if (this.#process !== child) return;
      this.#process = undefined;
      this.#running?.onGone(how);
    });
    this.#process = child;
    return child;
  }
}
