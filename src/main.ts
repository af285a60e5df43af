/** The bot: every part, put together. `gramzoom bot` starts it. */
import { randomBytes, randomInt } from 'node:crypto';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { createRenders, type RenderService } from './app/coordinator/create-renders.ts';
import type { Resumed } from './app/renders.ts';
import type { DiscordAddress, DiscordChat } from './chat/discord/discord-chat.ts';
import { createWebChat, type WebChat } from './chat/web/web-chat.ts';
import type { Config } from './config.ts';
import { GramzoomError } from './domain/errors.ts';
import type { JobId } from './domain/job.ts';
import { createNetworks } from './networks/create-networks.ts';
import { fetchNetwork } from './networks/fetch.ts';
import { createFetchNotes } from './networks/fetch-notes.ts';
import { describeNetwork, fileNetworkName, openNetwork } from './networks/open.ts';
import { createCleanup } from './ops/cleanup.ts';
import { diskFigures } from './ops/disk-figures.ts';
import { createEndpoints } from './ops/endpoints.ts';
import { createHealth, createLagMeter } from './ops/health.ts';
import { listen } from './ops/http-server.ts';
import { jobFigures } from './ops/job-figures.ts';
import type { Log } from './ops/log.ts';
import { createMetrics } from './ops/metrics.ts';
import { repeat } from './ops/repeat.ts';
import { systemClock } from './ops/system-clock.ts';
import type { Clock } from './ports/clock.ts';
import type { NetworkPlaces } from './ports/networks.ts';
import type { Queue } from './ports/queue.ts';
import type { Renderer } from './ports/renderer.ts';
import { PipelineQueue } from './queue/pipeline-queue.ts';
import { ChildRenderer } from './render/child-renderer.ts';
import { maxInspectorBytes, PhotoInspector } from './render/photo-inspector.ts';
import { openStore } from './store/open-store.ts';
import { lockFolder } from './store/sqlite/folder-lock.ts';

/** People look at a film now and then; more pictures cost the renderer time. */
const pictureIntervalMs = 3_000;
/** Photos are kept for re-rolls only, and are the most personal thing that is stored. */
const photoDays = 7;
/** Rows outlive films, so that people are told what became of one. */
const rowDaysAfterFilm = 30;
const sweepEveryMs = 600_000;
/** The renderer stands back behind the event loop. */
const niceness = 10;
/** The rest is for this process and the machine's others. */
const rendererMemoryShare = 0.75;
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
  /** Puts aside what runs and frees everything. */
  stop(): Promise<void>;
};

/** Renders films, and says whether it has opened its engine and how much memory it takes. */
export type BotRenderer = Pick<ChildRenderer, keyof Renderer | 'warm' | 'residentBytes'>;

/**
 * The name of the network of requests that name none, which is known to be one.
 * @throws GramzoomError `network-unknown`; `network-missing`, `network-damaged` for the operator's own
 */
const defaultNetwork = async ({ network }: Config, places: NetworkPlaces): Promise<string> => {
  const own = await fileNetworkName(places);
  // Better now than with the first photo; what is fetched is looked at when it comes.
  if (own !== null) await openNetwork(own, { places });
  const name = network.name ?? own ?? '';
  await describeNetwork(name, { places });
  return name;
};

/**
 * Starts the bot: takes the data folder, listens, fetches the network of requests that name none where it is
 * absent, takes up what an earlier process left, and sweeps old files now and again.
 * @param options.signal ends a fetch, and with it the start
 * @param options.discord where Discord is, for tests
 * @param options.clock the machine's own unless a test has another
 * @param options.renderer a child process unless a test has another
 * @throws GramzoomError `network-unknown`, `network-absent`, `network-missing`, `network-damaged`,
 * `data-folder-in-use`, `database-newer`, `database-damaged`, `disk-full`, `address-unavailable`; `token-refused`, `intents-refused`; `cancelled`
 */
export const startBot = async (
  config: Config,
  {
    log,
    signal,
    discord: address = {},
    clock = systemClock,
    renderer: given,
  }: {
    readonly log: Log;
    readonly signal: AbortSignal;
    readonly discord?: DiscordAddress;
    readonly clock?: Clock;
    readonly renderer?: BotRenderer;
  },
): Promise<Bot> => {
  const places = { folder: join(config.dataDir, 'networks'), file: config.network.file };
  const network = await defaultNetwork(config, places);
  const cleanup = createCleanup((error) => log.error('bot: a part could not be closed', { error }));
  let state: 'starting' | 'running' | 'stopping' = 'starting';
  try {
    const opened = await openStore(config.dataDir, {
      clock,
      onExposed: (path) =>
        log.warn('store: the data folder can be read by other users of this machine', { path }),
      onDamaged: (record) => log.error('store: a damaged record was set aside', { record }),
    });
    cleanup.add(() => opened.close());
    const lag = createLagMeter();
    cleanup.add(async () => lag.close());

    const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
    const renderer =
      given ??
      new ChildRenderer({
        clock,
        threads: config.threads,
        engine: config.engine,
        network,
        places,
        pictureIntervalMs,
        niceness,
        maxRssBytes: rendererMemoryShare * memory,
      });
    cleanup.add(() => renderer.close());
    const inspector = new PhotoInspector({
      clock,
      maxBytes: config.maxPhotoBytes,
      maxRssBytes: Math.min(maxInspectorBytes, rendererMemoryShare * memory),
    });
    cleanup.add(() => inspector.close());

    let queue: Queue | undefined;
    let renders: RenderService;
    let discord: DiscordChat | undefined;
    const ended = Promise.withResolvers<GramzoomError>();
    const metrics = createMetrics({
      ...jobFigures(opened.store.jobs, clock),
      deviceBusy: () => queue?.busy ?? false,
      rendererBytes: () => renderer.residentBytes(),
      heartbeats: () => {
        const ms = discord?.pingMs() ?? null;
        return ms === null ? [] : [{ platform: 'discord', ms }];
      },
      ...diskFigures(opened, clock),
      withoutRoom: () => (state === 'starting' ? 0 : renders.withoutRoom()),
    });
    const notReady = async (): Promise<string | null> => {
      if (state !== 'running') return state;
      if (!renderer.warm) return 'the renderer has not opened its engine yet';
      return discord?.health() ?? (await renders.room());
    };
    const health = createHealth({ clock, lag, checkStore: () => opened.store.check(), notReady });
    const endpoints = createEndpoints({ health, metrics });

    // The port is taken before anything is taken up; requests wait until that is done.
    const handler = Promise.withResolvers<(request: Request) => Promise<Response>>();
    // Whoever waits is told; nobody may be waiting.
    handler.promise.catch(() => {});
    cleanup.add(async () => handler.reject(new GramzoomError('stopping', {})));
    const server = await listen({
      ...{ host: config.host, port: config.port },
      fetch: async (request) => (await endpoints(request)) ?? (await (await handler.promise)(request)),
      onError: (error) => log.error('http: a request failed', { error }),
    });
    cleanup.add(() => server.close());

    const { networkMirror: mirror, proxies } = config;
    const fetching = { places, mirror, proxies, clock, lock: lockFolder };
    await fetchNetwork(network, { ...fetching, signal, onProgress: createFetchNotes(log, network) });
    const networks = createNetworks({ ...fetching, log });
    cleanup.add(() => networks.close());

    const { discordToken } = config;
    const hasPage = config.web === 'on' || (config.web === 'auto' && discordToken === null);
    const web: WebChat = createWebChat({
      host: config.host,
      port: server.port,
      publicUrl: config.publicUrl,
      renders: () => renders,
      roomLog: opened.roomLog,
      blobs: opened.blobs,
      previewPhoto: (photo, options) => inspector.preview(photo, options),
      clock,
      maxPhotoBytes: config.maxPhotoBytes,
      log,
    });
    cleanup.add(() => web.close());
    if (discordToken !== null) {
      // Only those who are on Discord pay for loading its library.
      const { createDiscordChat } = await import('./chat/discord/discord-chat.ts');
      const chat = createDiscordChat({
        ...address,
        token: discordToken,
        renders: () => renders,
        blobs: opened.blobs,
        clock,
        log,
        observe: (event) => metrics.count({ ...event, platform: 'discord' }),
        onEnd: ended.resolve,
      });
      cleanup.add(() => chat.close());
      discord = chat;
    }
    renders = createRenders({
      store: opened.store,
      blobs: opened.blobs,
      checkpoints: opened.checkpoints,
      disk: opened.disk,
      openQueue: (task) => {
        const pipeline = new PipelineQueue(task, {
          onError: (error) => log.error('worker: the pipeline failed', { error }),
        });
        queue = pipeline;
        return pipeline;
      },
      renderer,
      chats: new Map([web.chat, ...(discord ? [discord.chat] : [])].map((chat) => [chat.platform, chat])),
      clock,
      bootId: randomBytes(16).toString('base64url'),
      maxWork: config.maxWork,
      limits: { perUser: config.userLimit, perServer: config.serverLimit },
      retention: {
        photoDays: Math.min(photoDays, config.retainDays),
        resultDays: config.retainDays,
        rowDays: config.retainDays + rowDaysAfterFilm,
        maxDataBytes: config.maxDataBytes,
      },
      inspectPhoto: (bytes, options) => inspector.inspect(bytes, options),
      newId: () => randomBytes(16).toString('base64url') as JobId,
      newSeed: () => randomInt(2 ** 32),
      defaults: { network },
      networks,
      maxPhotoBytes: config.maxPhotoBytes,
      log,
      observe: (event) => {
        metrics.count(event);
        log.debug('event', event);
      },
    });
    const resumed = await renders.resume();
    const stopSweeping = repeat(() => renders.sweep(), {
      clock,
      everyMs: sweepEveryMs,
      onError: (error) => log.error('retention: failed to remove old files', { error }),
    });
    cleanup.add(stopSweeping);
    state = 'running';
    const notFound = async () => new Response('not found\n', { status: 404 });
    handler.resolve(hasPage ? (request) => web.fetch(request) : notFound);
    try {
      await discord?.start(signal);
    } catch (error) {
      await renders.stop({ graceMs: renderGraceShare * config.graceMs });
      throw error;
    }
    const operations = server.url;
    return {
      page: hasPage ? (config.publicUrl ?? operations) : null,
      operations,
      resumed,
      platforms: discord ? ['Discord'] : [],
      ended: ended.promise,
      stop: async () => {
        state = 'stopping';
        await renders.stop({ graceMs: renderGraceShare * config.graceMs });
        await cleanup.run();
      },
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
};
