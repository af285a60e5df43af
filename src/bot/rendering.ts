import { totalmem } from 'node:os';
import type { Config } from '../config.ts';
import type { Clock } from '../ports/clock.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import type { Renderer } from '../ports/renderer.ts';
import { ChildRenderer } from '../render/child-renderer.ts';
import { maxInspectorBytes, PhotoInspector } from '../render/photo-inspector.ts';
import { maxDrawerBytes, PosterDrawer } from '../render/poster-drawer.ts';

/** People look at a film occasionally; more previews cost the renderer time. */
const previewIntervalMs = 3_000;
/** The renderer stands back behind the event loop. */
const niceness = 10;
/** The rest is for this process and the machine's others. */
const rendererMemoryShare = 0.75;

/** Renders films, and says whether it has opened its engine and how much memory it takes. */
export type BotRenderer = Renderer & Pick<ChildRenderer, 'warm' | 'residentBytes'>;

const rendererMemory = (): number =>
  rendererMemoryShare * Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** The child process that renders for a bot. */
export const openRenderer = (
  { threads, engine, precision }: Config,
  deps: { readonly clock: Clock; readonly network: string; readonly places: NetworkPlaces },
): BotRenderer =>
  new ChildRenderer({
    ...{ ...deps, threads, engine, precision, previewIntervalMs, niceness },
    maxRssBytes: rendererMemory(),
  });

/** The child process that opens what strangers send. */
export const openInspector = (config: Config, clock: Clock): PhotoInspector =>
  new PhotoInspector({
    ...{ clock, maxBytes: config.maxPhotoBytes },
    maxRssBytes: Math.min(maxInspectorBytes, rendererMemory()),
  });

/** The child process that draws the results of contests. */
export const openPosterDrawer = (clock: Clock): PosterDrawer =>
  new PosterDrawer({ clock, maxRssBytes: Math.min(maxDrawerBytes, rendererMemory()) });
