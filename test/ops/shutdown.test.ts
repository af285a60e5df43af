import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type SignalSource, stopOnSignals } from '../../src/ops/shutdown.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const shutdown = (stop: () => Promise<void>, { echoMs = 0 } = {}) => {
  const signals = new EventEmitter();
  const clock = createFakeClock();
  const told: string[] = [];
  let release = (): void => {};
  const ended = new Promise<void>((resolve) => {
    release = stopOnSignals({
      process: signals as unknown as SignalSource,
      clock,
      graceMs: 8_000,
      echoMs,
      stop: async (signal) => {
        told.push(`stop ${signal}`);
        await stop();
      },
      exit: (status) => {
        told.push(`exit ${status}`);
        resolve();
      },
      onTrouble: (what) => told.push(what),
    });
  });
  return { signals, clock, told, ended, release };
};

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
    '%s is a signal that stops the program with status 0',
    async (signal) => {
      const { signals, told, ended, clock } = shutdown(async () => {});
      signals.emit(signal, signal);
      await ended;
      expect(told).toEqual([`stop ${signal}`, 'exit 0']);
      await Promise.resolve();
      expect(clock.waiting).toBe(0);
    },
  );

  it('ends the program at once when it comes a second time', async () => {
    const { signals, told, ended } = shutdown(() => new Promise(() => {}));
    signals.emit('SIGTERM', 'SIGTERM');
    signals.emit('SIGINT', 'SIGINT');
    await ended;
    expect(told).toEqual(['stop SIGTERM', 'exit 130']);
  });

  it('counts once where npm passes on what reached the whole group', () => {
    const { signals, told, clock } = shutdown(() => new Promise(() => {}), { echoMs: 1_000 });
    signals.emit('SIGINT', 'SIGINT');
    signals.emit('SIGINT', 'SIGINT');
    clock.advance(999);
    signals.emit('SIGTERM', 'SIGTERM');
    expect(told).toEqual(['stop SIGINT']);
    clock.advance(1);
    signals.emit('SIGINT', 'SIGINT');
    expect(told).toEqual(['stop SIGINT', 'exit 130']);
  });

  it('keeps its grace time where a launcher that has ended hangs up later', () => {
    const { signals, told, clock } = shutdown(() => new Promise(() => {}));
    signals.emit('SIGTERM', 'SIGTERM');
    clock.advance(5_000);
    signals.emit('SIGHUP', 'SIGHUP');
    expect(told).toEqual(['stop SIGTERM']);
  });

  it('ends the program once its grace time is over', async () => {
    const { signals, told, ended, clock } = shutdown(() => new Promise(() => {}));
    signals.emit('SIGTERM', 'SIGTERM');
    clock.advance(7_999);
    expect(told).toEqual(['stop SIGTERM']);
    clock.advance(1);
    await ended;
    expect(told).toEqual(['stop SIGTERM', 'bot: the stop took longer than 8000 ms', 'exit 1']);
  });

  it('ends the program with status 1 where the stop fails', async () => {
    const { signals, told, ended } = shutdown(() => Promise.reject(new Error('it sticks')));
    signals.emit('SIGTERM', 'SIGTERM');
    await ended;
    expect(told).toEqual(['stop SIGTERM', 'bot: the stop failed', 'exit 1']);
  });

  it('is nobody’s business any more once the listeners are gone', () => {
    const { signals, release } = shutdown(async () => {});
    release();
    expect(signals.eventNames()).toEqual([]);
  });
});
