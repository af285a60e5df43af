import type { RenderService } from '../app/create-renders.ts';
import type { ChatPlatform } from '../chat/platform.ts';
import type { Config } from '../config.ts';
import { GramzoomError } from '../domain/errors.ts';
import { createEndpoints } from '../ops/endpoints.ts';
import { diskFigures, jobFigures } from '../ops/figures.ts';
import { createHealth, createLagMeter } from '../ops/health.ts';
import { type HttpServer, listen } from '../ops/http-server.ts';
import type { Log } from '../ops/log.ts';
import { type CountedEvent, createMetrics } from '../ops/metrics.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenedStore } from '../store/open-store.ts';
import type { BotRenderer } from './rendering.ts';

/** What the operator sees of a bot: health and metrics, on the HTTP server that its platforms share. */
export type Operations = Pick<HttpServer, 'port' | 'url' | 'close'> & {
  readonly count: (event: CountedEvent) => void;
  /** From now on it can be ready, and requests go to the platforms. */
  begin(parts: BotParts): void;
  /** It is not ready any more. */
  end(): void;
};

/** What there is once the bot has started. */
type BotParts = { readonly renders: RenderService; readonly platforms: readonly ChatPlatform[] };

/**
 * Takes the port before anything is resumed; requests to platforms wait until `begin`.
 * @throws GramzoomError `address-unavailable`
 */
export const startOperations = async (
  { host, port }: Config,
  {
    storage,
    renderer,
    clock,
    log,
  }: {
    readonly storage: OpenedStore;
    readonly renderer: BotRenderer;
    readonly clock: Clock;
    readonly log: Log;
  },
): Promise<Operations> => {
  let parts: BotParts | null = null;
  let isEnding = false;
  const begun = Promise.withResolvers<BotParts>();
  // Whoever waits is told; nobody may be waiting.
  begun.promise.catch(() => {});

  const metrics = createMetrics({
    ...jobFigures(storage.store.jobs, clock),
    ...diskFigures(storage, clock),
    deviceBusy: () => parts?.renders.isRendering() ?? false,
    rendererBytes: () => renderer.residentBytes(),
    heartbeats: () =>
      (parts?.platforms ?? []).flatMap(({ chat, heartbeatMs }) => {
        const ms = heartbeatMs?.() ?? null;
        return ms === null ? [] : [{ platform: chat.platform, ms }];
      }),
    withoutSpace: () => parts?.renders.withoutSpace() ?? 0,
  });

  const notReady = async (): Promise<string | null> => {
    if (isEnding) return 'stopping';
    if (!parts) return 'starting';
    if (!renderer.warm) return 'the renderer has not opened its engine yet';
    const problem = parts.platforms.map((platform) => platform.health()).find((words) => words !== null);
    return problem ?? (await parts.renders.spaceProblem());
  };
  const lag = createLagMeter();
  const health = createHealth({ clock, lag, checkStore: () => storage.store.check(), notReady });
  const endpoints = createEndpoints({ health, metrics });

  const answer = async (request: Request): Promise<Response> => {
    const own = await endpoints(request);
    if (own) return own;
    for (const { handle } of (await begun.promise).platforms) {
      const response = await handle?.(request);
      if (response) return response;
    }
    return new Response('not found\n', { status: 404 });
  };
  const onError = (error: unknown): void => log.error('http: a request failed', { error });
  const server = await listen({ host, port, fetch: answer, onError }).catch((error: unknown) => {
    lag.close();
    throw error;
  });

  return {
    port: server.port,
    url: server.url,
    count: metrics.count,
    begin: (given) => {
      parts = given;
      begun.resolve(given);
    },
    end: () => {
      isEnding = true;
    },
    close: async () => {
      await server.close();
      begun.reject(new GramzoomError('stopping', {}));
      lag.close();
    },
  };
};
