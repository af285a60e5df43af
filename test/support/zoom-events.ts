import type { Picture, RgbImage } from '../../src/domain/picture.ts';
import type { Backend } from '../../src/engine/backend.ts';
import { renderZoom, type ZoomEvent, type ZoomOptions } from '../../src/engine/kinds/zoom.ts';
import type { ZoomRequest, ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { createFakeBackend } from './fake-backend.ts';

/** A signal that nothing aborts. */
export const never = (): AbortSignal => new AbortController().signal;

export const collect = async (events: AsyncIterable<ZoomEvent>): Promise<readonly ZoomEvent[]> =>
  await Array.fromAsync(events);

/** Renders a film to its end: the usual one, but for what is changed. */
export const createRender =
  (usual: { readonly request: ZoomRequest; readonly photo: Picture; readonly tuning: ZoomTuning }) =>
  async (
    changes: Partial<ZoomRequest> = {},
    backend: Backend = createFakeBackend().backend,
    options: Partial<ZoomOptions> = {},
  ): Promise<readonly ZoomEvent[]> => {
    const { request, photo, tuning } = usual;
    return await collect(
      renderZoom({ ...request, ...changes }, photo, backend, { signal: never(), tuning, ...options }),
    );
  };

export const only = <K extends ZoomEvent['kind']>(events: readonly ZoomEvent[], kind: K) =>
  events.filter((event): event is Extract<ZoomEvent, { kind: K }> => event.kind === kind);

/** All that are kept to go on from: those of the lead-in, then the film's. */
export const imagesOf = (events: readonly ZoomEvent[]): readonly RgbImage[] =>
  events.flatMap((event) => (event.kind === 'lead-in' || event.kind === 'frame' ? [event.image] : []));
