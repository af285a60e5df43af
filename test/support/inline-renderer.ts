import { GramzoomError, toGramzoomError } from '../../src/domain/errors.ts';
import { kindOf, type RenderRequest } from '../../src/domain/kinds.ts';
import type { ProbedPace, RenderEvent, Renderer, RenderOptions } from '../../src/ports/renderer.ts';
import type { ProbeJob, RenderJob, RunProbe, RunRender } from '../../src/render/protocol.ts';

type Settings = Pick<RenderJob, 'places' | 'threads' | 'engine' | 'precision' | 'previewIntervalMs'>;

/** Renders in this process: for tests that want no child. */
export class InlineRenderer implements Renderer {
  readonly #run: RunRender;
  readonly #probe: RunProbe;
  readonly #settings: Settings;
  readonly #closing = new AbortController();

  constructor(run: RunRender, probe: RunProbe, settings: Partial<Settings> = {}) {
    this.#run = run;
    this.#probe = probe;
    this.#settings = {
      places: null,
      threads: 1,
      engine: 'auto',
      precision: 'auto',
      previewIntervalMs: 0,
      ...settings,
    };
  }

  async *render(
    request: RenderRequest,
    photo: Uint8Array,
    signal: AbortSignal,
    { checkpoints = false, through = [], resume }: RenderOptions = {},
  ): AsyncGenerator<RenderEvent, void, undefined> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const cancelled = (): GramzoomError => new GramzoomError('cancelled', {});
    if (either.aborted) throw cancelled();
    try {
      const order: RenderJob = {
        request,
        photo,
        through: [...through],
        ...this.#settings,
        checkpoints,
        resume: resume ? { state: resume.state, frames: [...resume.frames] } : null,
      };
      yield* this.#run(order, { signal: either });
    } catch (error) {
      throw either.aborted ? cancelled() : toGramzoomError(error);
    }
  }

  work(request: RenderRequest): number {
    return kindOf(request).units(request) * request.size ** 2;
  }

  async probe(signal: AbortSignal): Promise<readonly ProbedPace[]> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const { places, threads, engine, precision } = this.#settings;
    const order: ProbeJob = { network: 'pocket', depth: 'style', places, threads, engine, precision };
    try {
      for await (const event of this.#probe(order, { signal: either })) {
        return event.paces;
      }
    } catch (error) {
      throw either.aborted ? new GramzoomError('cancelled', {}) : toGramzoomError(error);
    }
    throw new Error('the probe ended without an answer');
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }
}
