import { describe, expect, it, onTestFinished } from 'vitest';
import { createWorker } from '../../../src/app/worker/create-worker.ts';
import { createEventChannel } from '../../../src/concurrency/event-channel.ts';
import { Mutex } from '../../../src/concurrency/keyed-mutex.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { heartbeatMs, type JobId, leaseMs } from '../../../src/domain/job.ts';
import type { CoordinatorEvent, WorkerEvent } from '../../../src/ports/job-events.ts';
import { createLoudLog, createWorld, someone, type World } from '../../support/app-world.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer, type FakeRenderer } from '../../support/fake-renderer.ts';

/** A worker in another process: it has the store and the files, and whatever it tells is heard by the test alone. */
const startWorker = (
  world: World,
  { renderer, clock }: { readonly renderer: FakeRenderer; readonly clock: FakeClock },
) => {
  const { store, blobs, checkpoints } = world.opened;
  const events = {
    toCoordinator: createEventChannel<WorkerEvent>(),
    toWorkers: createEventChannel<CoordinatorEvent>(),
  };
  const told: WorkerEvent[] = [];
  const waiters = new Map<string, () => void>();
  const worker = createWorker({
    store,
    blobs,
    checkpoints,
    renderer,
    clock,
    events,
    blobLock: new Mutex(),
    defaults: { network: 'pocket' },
    log: createLoudLog().log,
    observe: () => {},
  });
  events.toCoordinator.listen((event) => {
    told.push(event);
    waiters.get(event.kind)?.();
  });
  onTestFinished(async () => {
    const stopped = worker.stop({ graceMs: 0 });
    clock.advance(0);
    await stopped;
  });
  worker.start();
  return {
    stop: (graceMs: number): Promise<void> => worker.stop({ graceMs }),
    /** Resolves with the first event of that kind. */
    tells: (kind: WorkerEvent['kind']): Promise<void> =>
      new Promise((resolve) => {
        if (told.some((event) => event.kind === kind)) resolve();
        else waiters.set(kind, resolve);
      }),
    claimed: (): readonly JobId[] =>
      told.flatMap((event) => (event.kind === 'claimed' ? [event.job.id] : [])),
  };
};

/** A renderer that says when it has come to a frame, and waits there until it is let go on. */
const heldAt = (frame: number) => {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const renderer = createFakeRenderer({
    before: (now) => {
      if (now.frame !== frame) return undefined;
      reached.resolve();
      return goOn.promise;
    },
  });
  return { renderer, reached: reached.promise, goOn: goOn.resolve };
};

describe('two workers on one store', () => {
  it('run each render once, and all of them are delivered although nobody is told', async () => {
    const world = await createWorld();
    const ids: JobId[] = [];
    for (let i = 0; i < 6; i++) ids.push(await world.rowIn('queued'));
    const [one, two] = [heldAt(0), heldAt(0)];
    const workers = [one, two].map(({ renderer }) =>
      startWorker(world, { renderer, clock: createFakeClock() }),
    );
    await Promise.all([one.reached, two.reached]);
    one.goOn();
    two.goOn();
    await Promise.all(workers.map((worker) => worker.tells('idle')));
    const claimed = workers.map((worker) => worker.claimed());
    expect(claimed.flat().toSorted()).toEqual(ids.toSorted());
    for (const some of claimed) expect(some.length).toBeGreaterThan(0);
    expect(one.renderer.begun + two.renderer.begun).toBe(6);
    const bot = world.start();
    await bot.renders.sweep();
    for (const id of ids) expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('take over from one that is not heard of, from its checkpoint; what that one writes later is refused', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    const asleep = heldAt(4);
    const first = startWorker(world, { renderer: asleep.renderer, clock: createFakeClock() });
    await asleep.reached;
    world.storeClock.advance(leaseMs + 1);
    const renderer = createFakeRenderer();
    const second = startWorker(world, { renderer, clock: createFakeClock() });
    await second.tells('rendered');
    expect(renderer.computed).toEqual(['7:4', '7:5', '7:6', '7:7']);
    const taken = await world.job(id);
    expect(taken).toMatchObject({ state: 'delivering', unitsDone: 8 });
    asleep.goOn();
    await first.tells('stopped');
    expect(asleep.renderer.computed).toHaveLength(5);
    expect(await world.job(id)).toEqual(taken);
    const bot = world.start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('stop a render that is cancelled at the next heartbeat, also where no hint comes', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    const held = heldAt(3);
    const clock = createFakeClock();
    const worker = startWorker(world, { renderer: held.renderer, clock });
    await held.reached;
    const bot = world.start();
    await bot.renders.cancel(id, { actor: someone });
    clock.advance(heartbeatMs);
    await worker.tells('stopped');
    expect(await world.job(id)).toMatchObject({ state: 'cancelled' });
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });

  it('wait for no measurement of speed when they stop', async () => {
    const world = await createWorld();
    const begun = Promise.withResolvers<void>();
    const renderer: FakeRenderer = {
      ...createFakeRenderer(),
      probe: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new GramzoomError('cancelled', {})));
          begun.resolve();
        }),
    };
    const worker = startWorker(world, { renderer, clock: createFakeClock() });
    await begun.promise;
    // The clock stands still: no time of grace is ever over.
    await worker.stop(60_000);
  });
});

describe('the only process of a folder', () => {
  it('does not wait at its start for the lease of the one that died', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    await world.opened.store.leases.claimNext();
    const bot = world.start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });
});
