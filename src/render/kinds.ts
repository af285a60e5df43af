/** How each kind of render is made. A new one is a file in `kinds/` and a line here. */
import type { KindName, RenderRequest } from '../domain/kinds.ts';
import type { RenderKind } from './kinds/kind.ts';
import { textureKind } from './kinds/texture.ts';
import { zoomKind } from './kinds/zoom.ts';

const renderKinds: { readonly [Name in KindName]: RenderKind<Extract<RenderRequest, { kind: Name }>> } = {
  zoom: zoomKind,
  texture: textureKind,
};

/** The kind of a request. */
export const renderKindOf = ({ kind }: Pick<RenderRequest, 'kind'>): RenderKind<RenderRequest> =>
  renderKinds[kind] as RenderKind<RenderRequest>;

/** What a render costs: see `Renderer.work`. */
export const workOf = (request: RenderRequest): number => renderKindOf(request).work(request);
