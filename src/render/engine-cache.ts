import type { Depth } from '../domain/depth.ts';
import { type EngineChoice, engineNames } from '../domain/engines.ts';
import type { Size } from '../domain/picture.ts';
import { openOnnxBackend } from '../engine/backends/onnx.ts';
import type { Backend, OpenBackend } from '../engine/loss.ts';
import { zoomLossOptions } from '../engine/zoom/plan.ts';
import { openNetwork } from '../networks/open.ts';
import type { NetworkPlaces } from '../ports/networks.ts';

/** What decides whether an open engine fits a render. */
export type EngineWanted = {
  readonly network: string;
  readonly depth: Depth;
  /** Where networks lie besides those of the project; null: nowhere. */
  readonly places: NetworkPlaces | null;
  readonly engine: EngineChoice;
  readonly threads: number;
  /** Sides of the film in pixels: an engine keeps graphs for the sizes it has met. */
  readonly film: Size;
};

const openers: Readonly<Record<Exclude<EngineChoice, 'auto'>, OpenBackend>> = { 'onnx:cpu': openOnnxBackend };

const openEngine = async (wanted: EngineWanted): Promise<Backend> => {
  const { network: name, depth, places, engine, threads } = wanted;
  const open = openers[engine === 'auto' ? engineNames[0] : engine];
  const network = await openNetwork(name, { depth, ...(places && { places }) });
  return await open(network, { ...zoomLossOptions, threads });
};

/**
 * Keeps the engine of the last render for the next one that wants the same. One only: graphs and weights are
 * most of the memory that this process holds between renders.
 */
export class EngineCache {
  readonly #open: (wanted: EngineWanted) => Promise<Backend>;
  #kept: { readonly key: string; readonly backend: Backend } | undefined;

  constructor(open: (wanted: EngineWanted) => Promise<Backend> = openEngine) {
    this.#open = open;
  }

  /**
   * Lends a fitting engine to `use`. One that was in use when something failed is not kept.
   * @throws GramzoomError what opening the network or the engine throws
   */
  async *lend<Value>(
    wanted: EngineWanted,
    use: (backend: Backend) => AsyncGenerator<Value, void, undefined>,
  ): AsyncGenerator<Value, void, undefined> {
    const { network, depth, places, engine, threads, film } = wanted;
    const key = JSON.stringify([network, depth, places, engine, threads, film.width, film.height]);
    if (this.#kept?.key !== key) {
      await this.close();
      this.#kept = { key, backend: await this.#open(wanted) };
    }
    let fine = false;
    try {
      yield* use(this.#kept.backend);
      fine = true;
    } finally {
      if (!fine) await this.close();
    }
  }

  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.backend.close();
  }
}
