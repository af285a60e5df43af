import type { Job, JobId } from '../domain/job.ts';
import type { RenderRequest } from '../domain/kinds.ts';
import type { Size } from '../domain/picture.ts';
import type { ProbedPace } from './renderer.ts';

/** A look at a render that nobody has seen yet. */
export type Preview = { readonly name: string; readonly jpeg: Uint8Array; readonly sides: Size };

/** What decides how long a unit of work takes. */
type CostFactors = Pick<RenderRequest, 'network' | 'depth' | 'size'>;

/** What a worker tells of its renders, and of how fast it is. */
export type WorkerEvent =
  | { readonly kind: 'claimed'; readonly job: Job }
  /** It looked for a render and found none that can be read. */
  | { readonly kind: 'idle' }
  /** `share`: of its work, what is done, from 0 to 1. */
  | { readonly kind: 'progress'; readonly job: JobId; readonly unitsDone: number; readonly share: number }
  | { readonly kind: 'preview'; readonly job: JobId; readonly preview: Preview }
  /** What it makes cannot be stored at the moment, or can be again. */
  | { readonly kind: 'waits-for-space'; readonly job: JobId; readonly waits: boolean }
  | {
      readonly kind: 'measured';
      readonly job: JobId;
      readonly factors: CostFactors;
      readonly units: number;
      readonly seconds: number;
    }
  /** Measured with requests that say nothing of their depth, while there was nothing to render. */
  | { readonly kind: 'probed'; readonly network: string; readonly sizes: readonly ProbedPace[] }
  /** It is over. `rendered`: its row waits to be delivered; `stopped`: it was put back, cancelled or taken over. */
  | { readonly kind: 'rendered'; readonly job: JobId; readonly seconds: number }
  | { readonly kind: 'failed' | 'stopped'; readonly job: JobId };

/** What workers are told. */
export type CoordinatorEvent =
  /** Something waits to be rendered. */
  | { readonly kind: 'queued' }
  /** Nobody wants it any more. */
  | { readonly kind: 'cancelled'; readonly job: JobId };

export interface EventChannel<Event> {
  /** Must not throw. */
  send(event: Event): void;
  listen(listener: (event: Event) => void): void;
}

/**
 * What the coordinator and the workers tell each other beside the store. All of it is a hint: the store alone says how
 * things stand, and whatever is never told is found there a little later.
 */
export type JobEvents = {
  readonly toCoordinator: EventChannel<WorkerEvent>;
  readonly toWorkers: EventChannel<CoordinatorEvent>;
};
