import { type EngineChoice, engineNames } from '../domain/engines.ts';
import type { Backend, OpenBackend } from '../engine/backend.ts';
import { openOnnxBackend } from '../engine/backends/onnx.ts';
import { styleObjective } from '../engine/objective/objective.ts';
import { openNetwork } from '../networks/open.ts';
import type { ProbeJob } from './protocol.ts';

const openers: Readonly<Record<Exclude<EngineChoice, 'auto'>, OpenBackend>> = { 'onnx:cpu': openOnnxBackend };

/** @throws GramzoomError what opening the network or the engine throws */
export type OpenEngine = (wanted: ProbeJob) => Promise<Backend>;

export const openEngine: OpenEngine = async (wanted) => {
  const { network: name, depth, places, engine, precision, threads } = wanted;
  const open = openers[engine === 'auto' ? engineNames[0] : engine];
  const network = await openNetwork(name, { depth, ...(places && { places }) });
  return await open(network, styleObjective, { threads, precision });
};

/**
 * Lets `use` have an engine, and closes it whatever happens. None is kept for the next render: graphs
 * and weights are most of this process's memory, and opening them takes a fraction of a second.
 */
export async function* withEngine<Event, Result>(
  engine: Promise<Backend>,
  use: (backend: Backend) => AsyncGenerator<Event, Result, undefined>,
): AsyncGenerator<Event, Result, undefined> {
  const backend = await engine;
  try {
    return yield* use(backend);
  } finally {
    await backend.close();
  }
}
