import { randomBytes, randomInt } from 'node:crypto';
import { createRenders, type RenderService } from '../app/create-renders.ts';
import type { ChatPlatform } from '../chat/platform.ts';
import type { Config } from '../config.ts';
import type { JobId } from '../domain/job.ts';
import type { Log } from '../ops/log.ts';
import type { CountedEvent } from '../ops/metrics.ts';
import type { Clock } from '../ports/clock.ts';
import type { Networks } from '../ports/networks.ts';
import type { Renderer } from '../ports/renderer.ts';
import type { PhotoInspector } from '../render/photo-inspector.ts';
import type { PosterDrawer } from '../render/poster-drawer.ts';
import type { OpenedStore } from '../store/open-store.ts';

/** Photos are kept for re-rolls only, and are the most personal thing that is stored. */
const photoDays = 7;
/** Rows outlive films, so that people are told what became of one. */
const rowDaysAfterFilm = 30;

/** The use cases over a bot's own parts. */
export const openRenders = (
  config: Config,
  {
    storage,
    inspector,
    drawer,
    network,
    platforms,
    count,
    log,
    ...parts
  }: {
    readonly storage: OpenedStore;
    readonly renderer: Renderer;
    readonly inspector: PhotoInspector;
    readonly drawer: PosterDrawer;
    readonly networks: Networks;
    /** The one of requests that name none. */
    readonly network: string;
    readonly platforms: readonly ChatPlatform[];
    readonly count: (event: CountedEvent) => void;
    readonly clock: Clock;
    readonly log: Log;
  },
): RenderService => {
  const { store, blobs, checkpoints, disk } = storage;
  const { maxWork, retainDays, maxDataBytes, maxPhotoBytes } = config;
  return createRenders({
    ...{ ...parts, store, blobs, checkpoints, disk, maxWork, maxPhotoBytes, log },
    chats: new Map(platforms.map(({ chat }) => [chat.platform, chat])),
    limits: { perUser: config.userLimit, perServer: config.serverLimit },
    retention: {
      photoDays: Math.min(photoDays, retainDays),
      resultDays: retainDays,
      rowDays: retainDays + rowDaysAfterFilm,
      maxDataBytes,
    },
    inspectPhoto: (bytes, options) => inspector.inspect(bytes, options),
    drawPoster: (spec, options) => drawer.draw(spec, options),
    newId: () => randomBytes(16).toString('base64url') as JobId,
    newSeed: () => randomInt(2 ** 32),
    defaults: { network },
    operators: config.operators,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    observe: (event) => {
      count(event);
      log.debug('event', event);
    },
  });
};
