import { describe, expect, it } from 'vitest';
import { addWork, costKeyOf, createSpeed, noWork } from '../../../src/app/coordinator/speed.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { kindOf } from '../../../src/domain/kinds.ts';
import { createWorld, messageWith, someone } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

describe('the speed', () => {
  const pocket = costKeyOf({ network: 'pocket', depth: 'style', size: 64 });
  const deep = costKeyOf({ network: 'vgg19', depth: 'scene', size: 64 });

  it('is unknown before anything is measured or guessed', () => {
    expect(createSpeed().secondsPerUnit(pocket)).toBeNull();
  });

  it('is a guess until something is measured', () => {
    const speed = createSpeed();
    speed.guess(pocket, 5);
    expect(speed.secondsPerUnit(pocket)).toBe(5);
    speed.add(pocket, 10, 20);
    expect(speed.secondsPerUnit(pocket)).toBe(2);
  });

  it('counts the time of what has no units, such as encoding', () => {
    const speed = createSpeed();
    speed.add(pocket, 10, 20);
    speed.add(pocket, 0, 10);
    expect(speed.secondsPerUnit(pocket)).toBe(3);
  });

  it('gives older renders half the weight of the one after them', () => {
    const speed = createSpeed();
    speed.add(pocket, 10, 10);
    speed.endRender();
    speed.add(pocket, 10, 40);
    speed.endRender();
    expect(speed.secondsPerUnit(pocket)).toBe((5 + 40) / (5 + 10));
  });

  it('is not changed by renders without a step', () => {
    const speed = createSpeed();
    speed.add(pocket, 10, 20);
    for (let i = 0; i < 5; i++) speed.endRender();
    expect(speed.secondsPerUnit(pocket)).toBe(2);
  });

  it('is another one for each network and depth, and for work of both the sum', () => {
    const speed = createSpeed();
    speed.add(pocket, 10, 20);
    speed.endRender();
    const both = addWork(addWork(noWork, pocket, 3), deep, 5);
    expect([speed.secondsPerUnit(deep), speed.seconds(both)]).toEqual([null, null]);
    speed.add(deep, 2, 60);
    speed.endRender();
    expect(speed.secondsPerUnit(pocket)).toBe(2);
    expect(speed.seconds(both)).toBe(3 * 2 + 5 * 30);
    expect(speed.seconds(noWork)).toBe(0);
  });
});

describe('the time that is left', () => {
  it('is the work left of the render that runs, of those ahead and of its own, at the speed measured', async () => {
    const world = await createWorld();
    const clock = createFakeClock();
    const reached = Promise.withResolvers<void>();
    // 8 frames of 2 steps, one unit each; 6 s a frame are 3 s a unit.
    const renderer = createFakeRenderer({
      before: ({ frame }) => {
        if (frame === 2) {
          reached.resolve();
          return new Promise(() => {});
        }
        clock.advance(6000);
        return undefined;
      },
    });
    const bot = world.start({ renderer, clock });
    const submit = (options: object) => bot.renders.submit(world.submission({ options }));
    const running = await submit({ size: 64, frames: 8, steps: 2 });
    await reached.promise;
    const first = await submit({ size: 64, frames: 10, steps: 1 });
    const second = await submit({ size: 64, frames: 8, steps: 5 });
    const eta = async (id: JobId) => (await bot.renders.view(id))?.etaSeconds;
    // 12 units are left of the first, then 10 and 40 more wait.
    expect(await eta(running.id)).toBe(3 * 12);
    expect(first).toMatchObject({ position: 1, etaSeconds: 3 * (12 + 10) });
    expect(second).toMatchObject({ position: 2, waiting: 2, etaSeconds: 3 * (12 + 10 + 40) });
    await bot.renders.cancel(first.id, { actor: someone });
    expect(await bot.renders.view(second.id)).toMatchObject({
      position: 1,
      waiting: 1,
      etaSeconds: 3 * (12 + 40),
    });
  });

  it('is unknown behind a network that has not been measured here, until it has', async () => {
    const world = await createWorld();
    const clock = createFakeClock();
    const [begun, measured] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const go = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({
      before: async ({ request, frame }) => {
        if (request.depth === 'style') {
          if (frame < kindOf(request).units(request)) clock.advance(1000);
          return;
        }
        begun.resolve();
        await go.promise;
        if (frame === 1) {
          measured.resolve();
          await new Promise(() => {});
        }
        clock.advance(10_000);
      },
    });
    const bot = world.start({ renderer, clock });
    const submit = (options: object) =>
      bot.renders.submit(world.submission({ options: { size: 64, steps: 1, frames: 8, ...options } }));
    const eta = async (id: JobId) => (await bot.renders.view(id))?.etaSeconds;
    await bot.finished((await submit({})).id);
    const other = await submit({ depth: 'texture' });
    await begun.promise;
    const behind = await submit({});
    expect([await eta(other.id), await eta(behind.id)]).toEqual([null, null]);
    go.resolve();
    await measured.promise;
    // 10 s a unit at the one depth, 1 s at the other; 7 units and 8.
    expect([await eta(other.id), await eta(behind.id)]).toEqual([70, 78]);
    // Whoever waits hears at once, although the queue has not moved.
    const told = (waiting: typeof world.chat) => says(messageWith(waiting, `${behind.id}:answer`))?.body;
    await world.chat.until((chat) => {
      const body = told(chat);
      return body?.kind === 'waiting' && body.etaSeconds === 78;
    });
  });

  it('comes from the probe before anything was rendered', async () => {
    const world = await createWorld();
    const begun = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({
      probe: async () => {
        begun.resolve();
        return 0.5;
      },
      before: () => new Promise(() => {}),
    });
    const bot = world.start({ renderer });
    await bot.renders.resume();
    await begun.promise;
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.renders.view(id)).toMatchObject({ etaSeconds: 8 });
  });

  it('is unknown where the probe failed, and renders go on', async () => {
    const world = await createWorld();
    const renderer = createFakeRenderer({
      probe: async () => {
        throw new Error('no engine');
      },
    });
    const bot = world.start({ renderer });
    await bot.renders.resume();
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('is nothing for a render that is finished', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    expect(await bot.renders.view(id)).toMatchObject({
      position: null,
      etaSeconds: null,
      progress: { done: 8 },
    });
  });
});

describe('the order of the line', () => {
  it('gives servers turns, and users within them, as the queue had said', async () => {
    const world = await createWorld();
    const hold = Promise.withResolvers<void>();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => hold.promise }) });
    const names = new Map<JobId, string>();
    const submit = async (server: string, user: string): Promise<void> => {
      const origin = { platform: 'web', server, user } as const;
      const { id } = await bot.renders.submit(world.submission({ origin }));
      names.set(id, `${server} ${user}`);
    };
    await submit('lounge', 'ann');
    await bot.event(({ kind }) => kind === 'started');
    for (let i = 0; i < 3; i++) await submit('lounge', 'ann');
    await submit('lounge', 'bob');
    await submit('attic', 'cid');
    await submit('attic', 'cid');
    const said = (await bot.renders.queue()).waiting.map(({ id }) => names.get(id));
    expect(said).toEqual(['attic cid', 'lounge bob', 'attic cid', 'lounge ann', 'lounge ann', 'lounge ann']);
    hold.resolve();
    await Promise.all([...names.keys()].map((id) => bot.finished(id)));
    const ran = bot.events.flatMap((event) => (event.kind === 'started' ? [names.get(event.job)] : []));
    expect(ran).toEqual(['lounge ann', ...said]);
  });

  it('shows who runs and who waits', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
    expect(await bot.renders.queue()).toEqual({ running: null, waiting: [] });
    const first = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'started');
    const second = await bot.renders.submit(world.submission());
    expect(await bot.renders.queue()).toMatchObject({
      running: { id: first.id, state: 'running', position: 0 },
      waiting: [{ id: second.id, state: 'queued', position: 1 }],
    });
    expect((await bot.renders.mine(someone)).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await bot.renders.mine({ ...someone, user: 'bob' })).toEqual([]);
  });
});
