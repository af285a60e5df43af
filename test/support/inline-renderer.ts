import { GramzoomError, toGramzoomError } from '../../src/domain/errors.ts';
import type { RenderRequest } from '../../src/domain/request.ts';
import type { RenderEvent, Renderer } from '../../src/ports/renderer.ts';
import type { RenderJob } from '../../src/render/protocol.ts';
import type { RunRender } from '../../src/render/run-render.ts';

/** Renders in this process: for tests that want no child. */
export class InlineRenderer implements Renderer {
  readonly #run: RunRender;
  readonly #settings: Omit<RenderJob, 'request' | 'photo'>;
  readonly #closing = new AbortController();

  constructor(run: RunRender, settings: Partial<Omit<RenderJob, 'request' | 'photo'>> = {}) {
    this.#run = run;
    this.#settings = { threads: 1, engine: 'auto', pictureIntervalMs: 0, ...settings };
  }

  async *render(
    request: RenderRequest,
    photo: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<RenderEvent, void, undefined> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const cancelled = (): GramzoomError => new GramzoomError('cancelled', {});
    if (either.aborted) throw cancelled();
    try {
      yield* this.#run({ request, photo, ...this.#settings }, { signal: either });
    } catch (error) {
      throw either.aborted ? cancelled() : toGramzoomError(error);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }
}
