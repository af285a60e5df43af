/** How each kind of render is made. A new one is a file in `kinds/` and a line here. */
import type { AnyKindName, AnyRequest, RenderKind } from './kinds/kind.ts';
import { textureKind } from './kinds/texture.ts';
import { zoomKind } from './kinds/zoom.ts';

const renderKinds: { readonly [Name in AnyKindName]: RenderKind<Extract<AnyRequest, { kind: Name }>> } = {
  zoom: zoomKind,
  texture: textureKind,
};

/** The kind of a request. */
export const renderKindOf = ({ kind }: Pick<AnyRequest, 'kind'>): RenderKind<AnyRequest> =>
  renderKinds[kind] as RenderKind<AnyRequest>;

/** What a render costs: see `Renderer.work`. */
export const workOf = (request: AnyRequest): number => renderKindOf(request).work(request);
