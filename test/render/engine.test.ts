import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/ops/system-clock.ts';
import { createOpenEngine, withEngine } from '../../src/render/engine.ts';
import { createFakeBackend } from '../support/fake-backend.ts';

const { backend } = createFakeBackend();

describe('the engine of a render', () => {
  const counted = () => {
    const log: string[] = [];
    const closing = { ...backend, close: async () => void log.push('close') };
    const engine = Promise.resolve({ backend: closing, reason: null });
    return { log, engine };
  };

  it('is open until its work is done, and closed before the next thing', async () => {
    const { log, engine } = counted();
    const work = withEngine(engine, async function* () {
      yield 'event';
      log.push('last');
      return 'result';
    });
    expect(await work.next()).toEqual({ done: false, value: 'event' });
    expect(log).toEqual([]);
    expect(await work.next()).toEqual({ done: true, value: 'result' });
    expect(log).toEqual(['last', 'close']);
  });

  it('is closed where the work fails, and where nobody wants the rest', async () => {
    const failing = counted();
    const fails = withEngine(failing.engine, async function* () {
      yield 'event';
      throw new Error('it failed');
    });
    await expect(Array.fromAsync(fails)).rejects.toThrow('it failed');
    expect(failing.log).toEqual(['close']);
    const left = counted();
    for await (const _ of withEngine(left.engine, async function* () {
      yield 'event';
      yield 'another';
    }))
      break;
    expect(left.log).toEqual(['close']);
  });
});

describe('the engine that is opened', () => {
  const openEngine = createOpenEngine(systemClock);
  const wanted = { network: 'pocket', depth: 'style', places: null, threads: 1, engine: 'auto' } as const;

  it.each(['float', 'int8'] as const)(
    'computes in %s where that was asked for, without a reason',
    async (precision) => {
      const { backend, reason } = await openEngine({ ...wanted, precision });
      await backend.close();
      expect([backend.precision, reason]).toEqual([precision, null]);
    },
  );

  it('computes in the precision that was chosen, with the reason', async () => {
    const { backend, reason } = await openEngine({ ...wanted, precision: 'auto' });
    await backend.close();
    expect(reason?.kind).toBeDefined();
    expect(backend.precision).toBe(reason?.kind === 'quicker' ? 'int8' : 'float');
  });
});
