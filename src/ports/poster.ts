import type { PosterSpec } from '../domain/contest/poster.ts';

/**
 * Draws the poster, as a JPEG file.
 * @throws GramzoomError `render-crashed`, `render-stalled` where it cannot be drawn; `cancelled`
 */
export type DrawPoster = (spec: PosterSpec, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
