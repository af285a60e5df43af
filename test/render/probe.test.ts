import { expect, it } from 'vitest';
import { createRunProbe } from '../../src/render/probe.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { createFakeClock } from '../support/fake-clock.ts';

it('a probe measures steps as a film has them: each knows the gradients of the one before', async () => {
  const clock = createFakeClock();
  const { backend } = createFakeBackend();
  const evaluate = async (...[picture, target, ranges]: Parameters<typeof backend.evaluate>) => {
    // Without ranges an engine in 8-bit integers takes several steps.
    clock.advance(ranges?.length ? 32 : 320);
    return await backend.evaluate(picture, target, ranges);
  };
  const openEngine = async () => ({ backend: { ...backend, evaluate }, reason: null });
  const order = { network: 'pocket', depth: 'style', places: null, threads: 1 } as const;
  const run = createRunProbe({ clock, openEngine });
  const job = { ...order, engine: 'auto', precision: 'auto' } as const;
  const events = await Array.fromAsync(run(job, { signal: new AbortController().signal }));
  expect(events).toEqual([
    {
      kind: 'probed',
      paces: [
        { size: 64, secondsPerWork: 0.032 / 64 ** 2 },
        { size: 256, secondsPerWork: 0.032 / 256 ** 2 },
      ],
    },
  ]);
});
