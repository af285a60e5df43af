import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Progress } from '../domain/progress.ts';

/** What is asked at each scrape. A source that throws leaves its figure out. */
export type MetricSources = {
  /** Renders that wait or run, by state. */
  readonly jobs: () => Promise<Readonly<Record<string, number>>>;
  /** Age of the oldest unfinished render; 0 if there is none. */
  readonly oldestJobSeconds: () => Promise<number>;
  /** Whether the one pipeline renders now. */
  readonly deviceBusy: () => boolean;
  /** Memory of the renderer's process; null where it is not known. */
  readonly rendererBytes: () => Promise<number | null>;
  /** Photos, films and pictures together. */
  readonly dataBytes?: () => Promise<number>;
  /** On the disk that holds them; null where the file system does not say. */
  readonly freeBytes?: () => Promise<number | null>;
  /** Renders that wait for disk space. */
  readonly withoutSpace?: () => number;
  /** From a heartbeat to its acknowledgement, of each platform that has had one. */
  readonly heartbeats?: () => readonly { readonly platform: string; readonly ms: number }[];
};

/** What is counted as it happens, whatever else the event tells. */
export type CountedEvent =
  | { readonly kind: 'queued'; readonly platform: string }
  | { readonly kind: 'started'; readonly resumed: boolean }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'retried'; readonly code: string }
  /** `seconds` were spent in the renderer; null where none were. */
  | {
      readonly kind: 'finished';
      readonly state: string;
      readonly code: string | null;
      readonly seconds: number | null;
    }
  | { readonly kind: 'duplicate-suppressed' }
  | { readonly kind: 'chat-retried'; readonly code: string }
  | { readonly kind: 'removed'; readonly what: string; readonly bytes: number }
  /** Somebody did something, and it was heard so much later. */
  | { readonly kind: 'heard'; readonly platform: string; readonly lagSeconds: number }
  /** Somebody's command or button has its first answer, so long after it was used. */
  | { readonly kind: 'acknowledged'; readonly platform: string; readonly seconds: number }
  /** A platform refused a request because there were too many. */
  | { readonly kind: 'rate-limited'; readonly platform: string };

type Awaitable<T> = T | Promise<T>;

/** A platform may wait three seconds; what takes longer than this deserves a look. */
const slowSeconds = 1;

/** The bot's figures, in a registry of their own. */
export const createMetrics = (sources: MetricSources) => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ name: `gramzoom_${name}`, help, labelNames, registers });
  const queued = counter('renders_queued_total', 'Renders accepted, by platform', ['platform']);
  const started = counter('renders_started_total', 'Renders begun or gone on with', ['resumed']);
  const frames = counter('frames_total', 'Frames rendered', []);
  const retried = counter('render_retries_total', 'Renders gone on with after the renderer failed', ['code']);
  const finished = counter('renders_finished_total', 'Renders that ended, by state and error', [
    'state',
    'code',
  ]);
  const duplicates = counter('duplicates_suppressed_total', 'Messages that were not sent twice', []);
  const chatRetries = counter('chat_retries_total', 'Messages that had to be tried again', ['code']);
  const removed = counter('files_removed_total', 'Files removed for age or space', ['what']);
  const removedBytes = counter('removed_bytes_total', 'Bytes removed for age or space', ['what']);
  const slowAcknowledgements = counter('slow_acknowledgements_total', 'First answers after more than 1 s', [
    'platform',
  ]);
  const rateLimits = counter('rate_limits_total', 'Requests that a platform refused with 429', ['platform']);
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `gramzoom_${name}`, help, labelNames: ['platform'], buckets, registers });
  const lagBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];
  const eventLag = histogram('event_lag_seconds', 'From an event to its being heard', lagBuckets);
  const acknowledgements = histogram(
    'acknowledgement_seconds',
    'From a command to its first answer',
    lagBuckets,
  );
  const renderSeconds = new Histogram({
    name: 'gramzoom_render_seconds',
    help: 'Seconds in the renderer, of renders that were done',
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800],
    registers,
  });

  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: (gauge: Gauge<Label>) => Promise<void>,
  ): void => {
    new Gauge<Label>({
      name: `gramzoom_${name}`,
      help,
      labelNames,
      registers,
      async collect() {
        this.reset();
        // A store that does not answer is for /livez to tell; the other figures still count.
        await read(this).catch(() => {});
      },
    });
  };
  gauge('jobs', 'Unfinished renders, by state', ['state'], async (jobs) => {
    for (const [state, count] of Object.entries(await sources.jobs())) jobs.set({ state }, count);
  });
  /** A figure without labels; null and undefined leave it out. */
  const figure = (name: string, help: string, read: () => Awaitable<number | null | undefined>): void =>
    gauge(name, help, [], async (each) => {
      const value = (await read()) ?? null;
      if (value !== null) each.set(value);
    });
  figure('oldest_job_seconds', 'Age of the oldest unfinished render', sources.oldestJobSeconds);
  figure('device_busy', '1 while something is rendered', () => Number(sources.deviceBusy()));
  figure('renderer_resident_bytes', "Memory of the renderer's process", sources.rendererBytes);
  figure('data_bytes', 'Photos, films and pictures together', () => sources.dataBytes?.());
  figure('free_bytes', 'Free on the disk that holds the data folder', () => sources.freeBytes?.());
  figure('renders_without_room', 'Renders that wait for disk space', () => sources.withoutSpace?.() ?? 0);

  const heartbeatHelp = "From a gateway's heartbeat to its acknowledgement";
  gauge('gateway_heartbeat_seconds', heartbeatHelp, ['platform'], async (heartbeat) => {
    for (const { platform, ms } of sources.heartbeats?.() ?? []) heartbeat.set({ platform }, ms / 1000);
  });

  const count = (event: CountedEvent): void => {
    switch (event.kind) {
      case 'queued':
        queued.inc({ platform: event.platform });
        break;
      case 'started':
        started.inc({ resumed: String(event.resumed) });
        break;
      case 'progress':
        if (event.progress.unit === 'frame') frames.inc();
        break;
      case 'retried':
        retried.inc({ code: event.code });
        break;
      case 'finished': {
        const { state, code, seconds } = event;
        finished.inc({ state, code: code ?? 'none' });
        if (state === 'done' && seconds !== null) renderSeconds.observe(seconds);
        break;
      }
      case 'duplicate-suppressed':
        duplicates.inc();
        break;
      case 'chat-retried':
        chatRetries.inc({ code: event.code });
        break;
      case 'removed':
        removed.inc({ what: event.what });
        removedBytes.inc({ what: event.what }, event.bytes);
        break;
      case 'heard':
        eventLag.observe({ platform: event.platform }, event.lagSeconds);
        break;
      case 'acknowledged': {
        const { platform, seconds } = event;
        acknowledgements.observe({ platform }, seconds);
        if (seconds > slowSeconds) slowAcknowledgements.inc({ platform });
        break;
      }
      case 'rate-limited':
        rateLimits.inc({ platform: event.platform });
        break;
      default:
        event satisfies never;
    }
  };

  return {
    count,
    /** All figures in Prometheus's text format. */
    scrape: async (): Promise<{ readonly contentType: string; readonly text: string }> => ({
      contentType: registry.contentType,
      text: await registry.metrics(),
    }),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
