import type { PosterSpec } from '../domain/contest/poster.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChildLimits } from './child-job.ts';
import { ChildWorker } from './child-worker.ts';

export type PosterDrawerOptions = Partial<ChildLimits> & {
  readonly clock: Clock;
  /** The module that the child runs. */
  readonly entry?: URL;
};

/** More memory than a poster takes, Node, fonts and libvips included. */
export const maxDrawerBytes = 900e6;

/**
 * Draws posters in a child process of its own, one at a time: they contain pictures, and no decoder runs in the process
 * that holds tokens and database. The child ends with each poster: they are rare.
 */
export class PosterDrawer {
  readonly #worker: ChildWorker;

  constructor(options: PosterDrawerOptions) {
    this.#worker = new ChildWorker({
      entry: new URL('./drawing-child.ts', import.meta.url),
      niceness: 10,
      killAfterMs: 300,
      minimumSilenceMs: 60_000,
      maxRssBytes: maxDrawerBytes,
      memoryIntervalMs: 50,
      ...options,
    });
  }

  /** The child's process id; undefined while there is none. */
  get pid(): number | undefined {
    return this.#worker.pid;
  }

  /** See `DrawPoster`. */
  async draw(poster: PosterSpec, { signal }: { readonly signal: AbortSignal }): Promise<Uint8Array> {
    const tooMuchMemory = ({ cause }: { readonly cause: string }) =>
      new GramzoomError('internal', { reason: 'a poster took too much memory' }, { cause });
    const order = { kind: 'draw', poster } as const;
    try {
      let file: Uint8Array | undefined;
      for await (const event of this.#worker.work(order, { signal, tooMuchMemory })) {
        if (event.kind === 'drawn') file = event.file;
      }
      if (!file) throw new GramzoomError('internal', { reason: 'a poster was drawn without a file' });
      return file;
    } finally {
      await this.#worker.rest();
    }
  }

  async close(): Promise<void> {
    await this.#worker.close();
  }
}
