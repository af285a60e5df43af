import { type EngineChoice, engineNames, type PrecisionReason } from '../domain/engines.ts';
import type { Backend, OpenBackend } from '../engine/backend.ts';
import { createPrecisionChooser } from '../engine/backends/choose-precision.ts';
import { openOnnxBackend } from '../engine/backends/onnx.ts';
import { styleObjective } from '../engine/objective/objective.ts';
import type { Network } from '../engine/spec.ts';
import { openNetwork } from '../networks/open.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbeJob } from './protocol.ts';

const openers: Readonly<Record<Exclude<EngineChoice, 'auto'>, OpenBackend>> = { 'onnx:cpu': openOnnxBackend };

export type Engine = {
  readonly backend: Backend;
  /** Why it computes in its precision; null where that was asked for. */
  readonly reason: PrecisionReason | null;
};

/** @throws GramzoomError what opening the network or the engine throws */
export type OpenEngine = (wanted: ProbeJob) => Promise<Engine>;

/** Opens engines for networks. What it chooses it remembers, for the renders that come after. */
export const createOpenFor = (clock: Clock) => {
  const choose = createPrecisionChooser({ now: () => clock.now() });
  return async (
    network: Network,
    { engine, precision: asked, threads }: Pick<ProbeJob, 'engine' | 'precision' | 'threads'>,
  ): Promise<Engine> => {
    const open = openers[engine === 'auto' ? engineNames[0] : engine];
    const { precision, reason } =
      asked === 'auto'
        ? await choose(network, styleObjective, { threads, open })
        : { precision: asked, reason: null };
    return { backend: await open(network, styleObjective, { threads, precision }), reason };
  };
};

export const createOpenEngine = (clock: Clock): OpenEngine => {
  const openFor = createOpenFor(clock);
  return async ({ network: name, depth, places, ...how }) =>
    await openFor(await openNetwork(name, { depth, ...(places && { places }) }), how);
};

/**
 * Lets `use` have an engine, and closes it whatever happens. None is kept for the next render: graphs
 * and weights are most of this process's memory, and opening them takes a fraction of a second.
 */
export async function* withEngine<Event, Result>(
  opening: Promise<Engine>,
  use: (engine: Engine) => AsyncGenerator<Event, Result, undefined>,
): AsyncGenerator<Event, Result, undefined> {
  const engine = await opening;
  try {
    return yield* use(engine);
  } finally {
    await engine.backend.close();
  }
}
