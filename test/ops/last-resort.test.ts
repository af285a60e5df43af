import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchForBugs } from '../../src/ops/last-resort.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const scene = (stop: () => Promise<void> = async () => {}) => {
  const process = new EventEmitter();
  const clock = createFakeClock();
  const events: unknown[] = [];
  watchForBugs({
    process,
    clock,
    graceMs: 1_000,
    stop: () => {
      events.push('stop');
      return stop();
    },
    exit: (status) => events.push(`exit ${status}`),
    onBug: (what) => events.push(what),
  });
  return { process, clock, events };
};

describe('a promise that was rejected and left to itself', () => {
  it('is logged, and everything goes on', async () => {
    const { process, events } = scene();
    process.emit('unhandledRejection', new Error('a bug'));
    process.emit('unhandledRejection', new Error('another'));
    await turn();
    expect(events).toEqual(['bug: an unhandled rejection', 'bug: an unhandled rejection']);
  });
});

describe('an error that nothing catches', () => {
  it('ends the process in order', async () => {
    const { process, events } = scene();
    process.emit('uncaughtException', new Error('a bug'));
    await turn();
    expect(events).toEqual(['bug: an uncaught exception ends this process', 'stop', 'exit 1']);
  });

  it('ends it all the same where the stop fails or takes too long', async () => {
    const failing = scene(() => Promise.reject(new Error('no')));
    failing.process.emit('uncaughtException', new Error('a bug'));
    await turn();
    expect(failing.events.slice(-2)).toEqual(['bot: the stop failed', 'exit 1']);
    const hanging = scene(() => new Promise(() => {}));
    hanging.process.emit('uncaughtException', new Error('a bug'));
    hanging.clock.advance(1_000);
    expect(hanging.events.at(-1)).toBe('exit 1');
  });

  it('ends the process at once where it comes again during the stop', () => {
    const { process, events } = scene(() => new Promise(() => {}));
    process.emit('uncaughtException', new Error('a bug'));
    process.emit('uncaughtException', new Error('another'));
    expect(events.slice(-2)).toEqual(['bug: an uncaught exception ends this process', 'exit 1']);
  });
});
