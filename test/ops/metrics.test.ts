import { describe, expect, it } from 'vitest';
import { createMetrics, type MetricSources } from '../../src/ops/metrics.ts';

const sources = (changes: Partial<MetricSources> = {}): MetricSources => ({
  jobs: async () => ({ queued: 3, running: 1 }),
  oldestJobSeconds: async () => 12,
  deviceBusy: () => true,
  rendererBytes: async () => 1000,
  heartbeats: () => [{ platform: 'discord', ms: 40 }],
  ...changes,
});

/** The figures of a scrape by name and labels, those of the process left out. */
const figures = async (metrics: ReturnType<typeof createMetrics>) =>
  Object.fromEntries(
    (await metrics.scrape()).text
      .split('\n')
      .filter((line) => line.startsWith('gramzoom_') && !line.includes('_bucket'))
      .map((line) => line.split(/ (?=\S+$)/)),
  );

describe('the metrics', () => {
  it('count what happens', async () => {
    const metrics = createMetrics(sources());
    metrics.count({ kind: 'queued', platform: 'web' });
    metrics.count({ kind: 'queued', platform: 'web' });
    metrics.count({ kind: 'started', resumed: true });
    metrics.count({ kind: 'progress', progress: { done: 1, total: 8, unit: 'frame' } });
    metrics.count({ kind: 'retried', code: 'render-crashed' });
    metrics.count({ kind: 'finished', state: 'done', code: null, seconds: 7 });
    metrics.count({ kind: 'finished', state: 'failed', code: 'render-stalled', seconds: 31 });
    metrics.count({ kind: 'duplicate-suppressed' });
    metrics.count({ kind: 'chat-retried', code: 'chat-unreachable' });
    metrics.count({ kind: 'removed', what: 'photo', bytes: 500 });
    metrics.count({ kind: 'heard', platform: 'discord', lagSeconds: 0.5 });
    metrics.count({ kind: 'acknowledged', platform: 'discord', seconds: 1 });
    metrics.count({ kind: 'acknowledged', platform: 'discord', seconds: 2 });
    metrics.count({ kind: 'rate-limited', platform: 'discord' });
    expect(await figures(metrics)).toMatchObject({
      'gramzoom_renders_queued_total{platform="web"}': '2',
      'gramzoom_renders_started_total{resumed="true"}': '1',
      gramzoom_frames_total: '1',
      'gramzoom_render_retries_total{code="render-crashed"}': '1',
      'gramzoom_renders_finished_total{state="done",code="none"}': '1',
      'gramzoom_renders_finished_total{state="failed",code="render-stalled"}': '1',
      gramzoom_render_seconds_sum: '7',
      gramzoom_render_seconds_count: '1',
      gramzoom_duplicates_suppressed_total: '1',
      'gramzoom_chat_retries_total{code="chat-unreachable"}': '1',
      'gramzoom_removed_bytes_total{what="photo"}': '500',
      'gramzoom_event_lag_seconds_sum{platform="discord"}': '0.5',
      'gramzoom_acknowledgement_seconds_sum{platform="discord"}': '3',
      'gramzoom_acknowledgement_seconds_count{platform="discord"}': '2',
      'gramzoom_slow_acknowledgements_total{platform="discord"}': '1',
      'gramzoom_rate_limits_total{platform="discord"}': '1',
    });
  });

  it('tell of the disk', async () => {
    const disk = { dataBytes: async () => 500, freeBytes: async () => 700, withoutSpace: () => 1 };
    expect(await figures(createMetrics(sources(disk)))).toMatchObject({
      gramzoom_data_bytes: '500',
      gramzoom_free_bytes: '700',
      gramzoom_renders_without_room: '1',
    });
  });

  it('look when they are asked', async () => {
    let queued = 3;
    const metrics = createMetrics(
      sources({ jobs: async (): Promise<Record<string, number>> => (queued ? { queued } : {}) }),
    );
    expect(await figures(metrics)).toMatchObject({
      'gramzoom_jobs{state="queued"}': '3',
      gramzoom_oldest_job_seconds: '12',
      gramzoom_device_busy: '1',
      gramzoom_renderer_resident_bytes: '1000',
      'gramzoom_gateway_heartbeat_seconds{platform="discord"}': '0.04',
    });
    queued = 0;
    expect(await figures(metrics)).not.toHaveProperty('gramzoom_jobs{state="queued"}');
  });

  it('leave out what cannot be told, and tell the rest', async () => {
    const metrics = createMetrics(
      sources({
        jobs: () => Promise.reject(new Error('no store')),
        rendererBytes: async () => null,
        heartbeats: () => [],
      }),
    );
    const told = await figures(metrics);
    expect(Object.keys(told).filter((name) => name.startsWith('gramzoom_jobs'))).toEqual([]);
    expect(told).toMatchObject({ gramzoom_device_busy: '1' });
    expect(Object.keys(told).filter((name) => name.includes('gateway'))).toEqual([]);
  });

  it('are apart from those of another bot in the same process, and include the process itself', async () => {
    const [one, other] = [createMetrics(sources()), createMetrics(sources())];
    one.count({ kind: 'progress', progress: { done: 1, total: 8, unit: 'frame' } });
    expect(await figures(other)).toMatchObject({ gramzoom_frames_total: '0' });
    expect((await other.scrape()).text).toContain('process_resident_memory_bytes');
  });
});
