import type { RenderReport, RenderRequest } from '../../src/domain/kinds.ts';

/** What a renderer that renders nothing says of its film. */
export const reportOn = (
  request: RenderRequest,
  bytes: number,
  { engine = 'fake' }: { readonly engine?: string } = {},
): RenderReport => {
  const shared = {
    format: request.format,
    width: request.size,
    height: request.size,
    seed: request.seed,
    network: request.network,
    depth: request.depth,
    quality: request.quality,
    engine,
    engineVersion: '1',
    precision: 'float' as const,
    threads: 1,
    styleLoss: 0.5,
    bytes,
    peakRssBytes: 1e6,
    fit: null,
  };
  if (request.kind === 'texture')
    return { kind: 'texture', ...shared, seconds: { total: 1, start: 0, levels: 1, encode: 0 } };
  return {
    kind: 'zoom',
    ...shared,
    frames: request.frames,
    fps: request.fps,
    zoom: request.zoom,
    direction: request.direction,
    seamRatio: 1,
    seconds: { total: 3, start: 1, frames: 1, encode: 1 },
  };
};
