import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import { createEndpoints } from '../../src/ops/endpoints.ts';
import { createHealth, createLagMeter } from '../../src/ops/health.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const health = (
  options: {
    readonly lagMs?: number;
    readonly check?: () => Promise<void>;
    readonly notReady?: string | null;
  } = {},
) => {
  const clock = createFakeClock();
  return {
    clock,
    ...createHealth({
      clock,
      lag: { meanMs: () => options.lagMs ?? 1 },
      checkStore: options.check ?? (async () => {}),
      notReady: () => options.notReady ?? null,
    }),
  };
};

describe('liveness', () => {
  it('is well while timers come in time and the store answers', async () => {
    expect(await health().live()).toBeNull();
  });

  it('says that the event loop is late', async () => {
    expect(await health({ lagMs: 1_234 }).live()).toBe('the event loop is 1234 ms late');
  });

  it('says why the store does not answer', async () => {
    const check = () => Promise.reject(new Error('the database is locked'));
    expect(await health({ check }).live()).toBe('the store does not answer: the database is locked');
  });

  it('does not wait for ever for the store', async () => {
    const { clock, live } = health({ check: () => new Promise(() => {}) });
    const verdict = live();
    clock.advance(5_000);
    expect(await verdict).toBe('the store does not answer: no answer within 5000 ms');
    expect(clock.waiting).toBe(0);
  });

  it('is not lost to a full disk, which no restart mends', async () => {
    const check = () => Promise.reject(new GramzoomError('disk-full', { folder: 'data' }));
    expect(await health({ check }).live()).toBeNull();
    expect(await health({ check }).ready()).toBe('the disk is full');
  });

  it('measures an event loop that is held up', async () => {
    const lag = createLagMeter();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lag.meanMs()).toBeLessThan(10_000);
    lag.close();
    expect(lag.meanMs()).toBe(0);
  });
});

describe('readiness', () => {
  it('is what the parts say', async () => {
    expect(await health({ notReady: 'stopping' }).ready()).toBe('stopping');
    expect(await health({ notReady: 'stopping' }).live()).toBeNull();
    expect(await health().ready()).toBeNull();
  });
});

describe('the endpoints of operations', () => {
  const metrics = { scrape: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'a 1\n' }) };
  const ask = async (path: string, options: Parameters<typeof health>[0] = {}, init: RequestInit = {}) => {
    const endpoints = createEndpoints({ health: health(options), metrics });
    const response = await endpoints(new Request(`http://localhost${path}`, init));
    return response && { status: response.status, text: await response.text() };
  };

  it.each(['/livez', '/readyz', '/healthz'])('the endpoint %s says ok', async (path) => {
    expect(await ask(path)).toEqual({ status: 200, text: 'ok\n' });
  });

  it('say 503 and why, each in its own matters', async () => {
    const notReady = 'the renderer is being started';
    expect(await ask('/livez', { notReady })).toEqual({ status: 200, text: 'ok\n' });
    for (const path of ['/readyz', '/healthz']) {
      expect(await ask(path, { notReady })).toEqual({ status: 503, text: `${notReady}\n` });
    }
    expect(await ask('/livez', { lagMs: 5_000 })).toMatchObject({ status: 503 });
  });

  it('serve the metrics', async () => {
    expect(await ask('/metrics')).toEqual({ status: 200, text: 'a 1\n' });
  });

  it('leave every other path to others', async () => {
    for (const path of ['/', '/metrics/', '/toString', '/livez/x']) expect(await ask(path)).toBeUndefined();
  });

  it('take no other method', async () => {
    expect(await ask('/metrics', {}, { method: 'POST' })).toMatchObject({ status: 405 });
  });
});
