import type { KindName, RenderReport, RenderRequest } from '../../domain/kinds.ts';
import type { Picture, RgbImage, Size } from '../../domain/picture.ts';
import type { Progress } from '../../domain/progress.ts';
import type { Backend } from '../../engine/backend.ts';
import type { renderZoom } from '../../engine/kinds/zoom.ts';
import { type Spent, spentBefore } from '../../engine/synthesis/checkpoint.ts';
import type { EncodeFilm } from '../../image/film.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RenderEvent } from '../../ports/renderer.ts';
import type { Engine } from '../engine.ts';
import { peakResidentBytes } from '../memory.ts';

/** What a kind renders with. The encoders are loaded by the child alone; a film's engine is a part for tests to replace. */
export type KindParts = {
  readonly clock: Clock;
  readonly renderZoom: typeof renderZoom;
  readonly encodeFilm: EncodeFilm;
  readonly encodePng: (image: RgbImage) => Promise<Uint8Array>;
};

/** Tells of its progress and returns what came of it. */
export type KindRun<Result> = AsyncGenerator<KindEvent, Result, undefined>;

/** One job, as a kind sees it. */
export type KindJob<Request> = {
  readonly request: Request;
  readonly photo: Picture;
  /** Further photos of a film, in order. */
  readonly through: readonly Picture[];
  /** Of what is made, in pixels. */
  readonly sides: Size;
  readonly signal: AbortSignal;
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints: boolean;
  readonly resume: { readonly state: Uint8Array; readonly frames: readonly RgbImage[] } | null;
  /** When the job began, in ms on the clock. */
  readonly begun: number;
  /** Lets `use` have an engine, and closes it before what comes next: encoding has a use for its memory. */
  withEngine<Result>(use: (engine: Engine) => KindRun<Result>): KindRun<Result>;
};

/** Of a preview there is only what it shows: whether one is sent is decided where time is known. */
export type KindEvent =
  | Exclude<RenderEvent, { kind: 'preview' }>
  | { readonly kind: 'preview'; readonly image: () => RgbImage };

/** How a kind of render is made; what it can be asked for is in `src/domain/kinds`. */
export type RenderKind<Request> = {
  readonly name: KindName;
  /** What it costs, in units of work that a probe gives the price of. Pure arithmetic. */
  work(request: Request): number;
  /** Ends with `done`. */
  run(job: KindJob<Request>, parts: KindParts): KindRun<void>;
};

/** Seconds by stage, those of earlier processes included. */
export const createStopwatch = (
  clock: Clock,
  { begun, resume }: Pick<KindJob<unknown>, 'begun' | 'resume'>,
) => {
  const spent: Record<string, number> = resume ? { ...spentBefore(resume.state) } : {};
  let at = begun;
  return {
    /** The time since the last call belongs to a stage. */
    lap: (stage: string): void => {
      const now = clock.now();
      spent[stage] = (spent[stage] ?? 0) + (now - at) / 1000;
      at = now;
    },
    spent: (): Spent => ({ ...spent }),
  };
};

export const startedEvent = ({ backend, reason }: Engine, sides: Size, progress: Progress): KindEvent => ({
  ...{ kind: 'started', engine: backend.name, engineVersion: backend.version },
  ...{ precision: backend.precision, precisionReason: reason, threads: backend.threads },
  ...sides,
  ...progress,
});

/** What reports of all kinds say. */
export const sharedFacts = (
  { format, seed, network, depth, quality }: RenderRequest,
  { name: engine, version: engineVersion, precision, threads }: Backend,
  file: Pick<RenderReport, 'width' | 'height' | 'fit'> & { readonly bytes: Uint8Array },
) => ({
  ...{ format, seed, network, depth, quality, engine, engineVersion, precision, threads },
  ...{ width: file.width, height: file.height, fit: file.fit, bytes: file.bytes.length },
  peakRssBytes: peakResidentBytes(),
});
