/** The bot: every part, put together. `gramzoom bot` starts it. */
import { join } from 'node:path';
import type { Resumed } from './app/renders.ts';
import { openNetworks, openStorage } from './bot/data-folder.ts';
import { startOperations } from './bot/operations.ts';
import { type OpenPlatforms, openPlatforms as openConfigured } from './bot/platforms.ts';
import { type BotRenderer, openInspector, openPosterDrawer, openRenderer } from './bot/rendering.ts';
import { openRenders } from './bot/renders.ts';
import type { Config } from './config.ts';
import type { GramzoomError } from './domain/errors.ts';
import { defaultNetwork } from './networks/open.ts';
import type { Log } from './ops/log.ts';
import { repeat } from './ops/repeat.ts';
import { systemClock } from './ops/system-clock.ts';
import type { Clock } from './ports/clock.ts';

const sweepEveryMs = 600_000;
/** What of the grace time the running render gets; the rest is for closing everything. */
const renderGraceShare = 0.8;

export type Bot = {
  /** Where the page is; null without one. */
  readonly page: string | null;
  /** Where health and metrics are. */
  readonly operations: string;
  readonly resumed: Resumed;
  /** The platforms that it is on besides its own page, by their names. */
  readonly platforms: readonly string[];
  /** Resolves with why this process should end: it hears nothing any more. */
  readonly ended: Promise<GramzoomError>;
  /** Saves the running render and frees everything. */
  stop(): Promise<void>;
};

/**
 * Starts the bot: takes the data folder, listens, fetches the network of requests that name none where it is
 * absent, resumes what an earlier process left, and sweeps old files regularly.
 * @param options.signal ends a fetch, and with it the start
 * @param options.openPlatforms those that are configured unless a test has others
 * @param options.clock the machine's own unless a test has another
 * @param options.renderer a child process unless a test has another
 * @throws GramzoomError `network-unknown`, `network-absent`, `network-missing`, `network-damaged`,
 * `data-folder-in-use`, `database-newer`, `database-damaged`, `disk-full`, `address-unavailable`, `token-refused`,
 * `setup-refused`, `cancelled`
 */
export const startBot = async (
  config: Config,
  {
    log,
    signal,
    openPlatforms = openConfigured,
    clock = systemClock,
    renderer: given,
  }: {
    readonly log: Log;
    readonly signal: AbortSignal;
    readonly openPlatforms?: OpenPlatforms;
    readonly clock?: Clock;
    readonly renderer?: BotRenderer;
  },
): Promise<Bot> => {
  const places = { folder: join(config.dataDir, 'networks'), file: config.network.file };
  const network = await defaultNetwork(config.network.name, places);
  const cleanup = new AsyncDisposableStack();
  const closeAll = (): Promise<void> =>
    cleanup.disposeAsync().catch((error: unknown) => log.error('bot: a part could not be closed', { error }));
  try {
    const storage = await openStorage(config, { clock, log });
    cleanup.defer(() => storage.close());
    const renderer = given ?? openRenderer(config, { clock, network, places });
    cleanup.defer(() => renderer.close());
    const inspector = openInspector(config, clock);
    cleanup.defer(() => inspector.close());
    const drawer = openPosterDrawer(clock);
    cleanup.defer(() => drawer.close());
    const operations = await startOperations(config, { storage, renderer, clock, log });
    cleanup.defer(() => operations.close());

    const networks = await openNetworks(config, { network, places, clock, log, signal });
    cleanup.defer(() => networks.close());

    const { port, url, count } = operations;
    const ended = Promise.withResolvers<GramzoomError>();
    const platforms = await openPlatforms(config, {
      ...{ blobs: storage.blobs, roomLog: storage.roomLog, clock, log, port },
      ...{ inbox: storage.store.inbox, installations: storage.store.installations },
      maxPhotoBytes: config.maxPhotoBytes,
      previewPhoto: (photo, options) => inspector.preview(photo, options),
      observe: count,
      onEnd: ended.resolve,
    });
    for (const platform of platforms) cleanup.defer(() => platform.close());
    const parts = { storage, renderer, inspector, drawer, networks, network, platforms, count, clock, log };
    const renders = openRenders(config, parts);
    const resumed = await renders.resume();
    const onError = (error: unknown): void => log.error('retention: failed to remove old files', { error });
    cleanup.defer(repeat(() => renders.sweep(), { clock, everyMs: sweepEveryMs, onError }));
    const stopRenders = () => renders.stop({ graceMs: renderGraceShare * config.graceMs });
    const listening = Promise.all(platforms.map((platform) => platform.listen(renders, { signal })));
    operations.begin({ renders, platforms });
    await listening.catch(async (error: unknown) => {
      await stopRenders();
      throw error;
    });
    const hasPage = platforms.some(({ name, handle }) => name === null && handle);
    return {
      page: hasPage ? (config.publicUrl ?? url) : null,
      operations: url,
      resumed,
      platforms: platforms.flatMap(({ name }) => name ?? []),
      ended: ended.promise,
      stop: async () => {
        operations.end();
        await stopRenders();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
};
