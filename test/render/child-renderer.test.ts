import { getPriority } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/ops/system-clock.ts';
import type { RenderEvent } from '../../src/ports/renderer.ts';
import { ChildRenderer, type ChildRendererOptions } from '../../src/render/child-renderer.ts';
import { protocolVersion } from '../../src/render/protocol.ts';
import { collect, failureOf } from '../contract/renderer.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { fakeRequest, order } from '../support/fake-run.ts';

const never = new AbortController().signal;

describe('ChildRenderer and a child that goes wrong', () => {
  let clock: FakeClock;
  let renderer: ChildRenderer;
  const create = (options: Partial<ChildRendererOptions> = {}): ChildRenderer =>
    new ChildRenderer({
      clock,
      threads: 1,
      engine: 'auto',
      precision: 'auto',
      previewIntervalMs: 0,
      entry: new URL('../support/fake-child.ts', import.meta.url),
      ...options,
    });
  beforeEach(() => {
    clock = createFakeClock();
    renderer = create();
  });
  afterEach(() => renderer.close());

  const render = (what: string, signal = never) => renderer.render(fakeRequest, order(what), signal);

  /** Reads until the child has begun; what follows is up to the test. */
  const begun = async (what: string, signal = never): Promise<AsyncIterator<RenderEvent>> => {
    const events = render(what, signal);
    expect((await events.next()).value).toMatchObject({ kind: 'started' });
    return events;
  };

  it('says how a crashed child died, with its last words as the cause', async () => {
    const error = await failureOf(render('crash'));
    expect(error).toMatchObject({ code: 'render-crashed', data: { how: 'exit status 3' }, retry: 'later' });
    expect(error.cause).toBe('its last words');
  });

  it('says which signal killed a child', async () => {
    expect(await failureOf(render('killed'))).toMatchObject({
      code: 'render-crashed',
      data: { how: 'SIGKILL' },
    });
  });

  it.each([
    ['V8', 'SIGTRAP', '# Fatal process out of memory: Failed to reserve virtual memory\n', 5000],
    [
      'V8, of its heap',
      'SIGABRT',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n',
      5000,
    ],
    ['C++', 'SIGABRT', "terminate called after throwing an instance of 'std::bad_alloc'", 0],
    ['nobody', 'SIGTRAP', '', 0],
  ])(
    'says that memory ran out where %s says so and %s ends the child',
    async (_who, signal, words, stack) => {
      const error = await failureOf(
        render(`die ${JSON.stringify({ signal, words: words + ' '.repeat(stack) })}`),
      );
      expect(error).toMatchObject({ code: 'out-of-memory', data: { size: fakeRequest.size } });
      expect(error.cause).toMatch(signal);
    },
  );

  it.each([
    ['SIGILL', 'an instruction that this processor lacks'],
    ['SIGTRAP', '# Fatal error in , line 0'],
  ])('does not blame memory for every %s', async (signal, words) => {
    const error = await failureOf(render(`die ${JSON.stringify({ signal, words })}`));
    expect(error).toMatchObject({ code: 'render-crashed', data: { how: signal } });
  });

  it('says that a module cannot be started', async () => {
    const broken = create({ entry: new URL('../support/no-such-child.ts', import.meta.url) });
    const error = await failureOf(broken.render(fakeRequest, order('film'), never));
    expect(error).toMatchObject({ code: 'render-crashed', data: { how: 'exit status 1' } });
    expect(error.cause).toContain('no-such-child');
    await broken.close();
  });

  it('replaces a child that died', async () => {
    await failureOf(render('crash'));
    expect((await collect(render('film'))).at(-1)?.kind).toBe('done');
  });

  it('replaces a child whose decoder was given up, since it may still be at work', async () => {
    await collect(render('film'));
    const { pid } = renderer;
    expect(await failureOf(render('too heavy'))).toMatchObject({ code: 'photo-too-heavy' });
    await collect(render('film'));
    expect(renderer.pid).not.toBe(pid);
  });

  it('keeps a child that is well', async () => {
    const [first, second] = [await collect(render('process id')), await collect(render('process id'))];
    const idOf = (events: readonly RenderEvent[]) => {
      const done = events.at(-1);
      return done?.kind === 'done' ? new TextDecoder().decode(done.files.result) : undefined;
    };
    expect(idOf(first)).toMatch(/^\d+$/);
    expect(idOf(second)).toBe(idOf(first));
  });

  it('stops a child that speaks nonsense', async () => {
    expect(await failureOf(render('garbage'))).toMatchObject({
      code: 'protocol-mismatch',
      data: { expected: protocolVersion, received: 'a message without version' },
    });
  });

  it('stops a child of another version', async () => {
    expect(await failureOf(render('other version'))).toMatchObject({
      code: 'protocol-mismatch',
      data: { expected: protocolVersion, received: 'version 0' },
    });
  });

  it('hears a child that cannot even read its order', async () => {
    expect(await failureOf(render('refuse'))).toMatchObject({
      code: 'protocol-mismatch',
      data: { expected: 8, received: 'version 2' },
    });
  });

  it('stops a child that is silent for 30 seconds', async () => {
    const events = await begun('block');
    const ending = expect(events.next()).rejects.toMatchObject({
      code: 'render-stalled',
      data: { silentSeconds: 30 },
    });
    clock.advance(30_000);
    await ending;
  });

  it('does not blame a child for the time that its reader takes to store a checkpoint', async () => {
    const events = renderer.render(fakeRequest, order('checkpoints'), never, { checkpoints: true });
    for (;;) {
      const { value } = await events.next();
      if (value?.kind === 'checkpoint') break;
    }
    clock.advance(1_000_000);
    expect((await collect(events)).at(-1)?.kind).toBe('done');
  });

  it('kills a child that does not obey a cancel within 300 ms', async () => {
    const controller = new AbortController();
    const events = await begun('block', controller.signal);
    const ending = expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    controller.abort();
    clock.advance(300);
    await ending;
  });

  it('stops the render of a reader that goes away', async () => {
    for await (const event of render('wait')) if (event.kind === 'started') break;
    expect((await collect(render('film'))).at(-1)?.kind).toBe('done');
  });

  it('stops the render when it is closed', async () => {
    const events = await begun('wait');
    const ending = expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    await renderer.close();
    await ending;
  });

  it('refuses a second render while one runs', async () => {
    const controller = new AbortController();
    const events = await begun('wait', controller.signal);
    expect((await failureOf(render('film'))).code).toBe('internal');
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('gives a slow reader the newest progress only', async () => {
    const events = await begun('flood');
    const rest: RenderEvent[] = [];
    for (;;) {
      const next = await events.next();
      if (next.done) break;
      rest.push(next.value);
      // A reader that does something between two events.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const steps = rest.flatMap((event) =>
      event.kind === 'progress' ? [Math.round(5000 * event.share)] : [],
    );
    expect(steps.at(-1)).toBe(5000);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(rest.at(-1)?.kind).toBe('done');
  });

  it.skipIf(process.platform !== 'linux')(
    'kills a child that takes too much memory (Linux: needs /proc)',
    async () => {
      // A Node process has some 50 MB of its own; this one takes 200 MB more.
      const small = create({ clock: systemClock, maxRssBytes: 150e6, memoryIntervalMs: 5 });
      const failure = await failureOf(small.render(fakeRequest, order('grow'), never));
      await small.close();
      expect(failure).toMatchObject({
        code: 'out-of-memory',
        data: { size: 64 },
        cause: expect.stringMatching(/^\d+ bytes resident, 150000000 allowed$/),
      });
    },
  );

  it('lets its child stand back where that is wished', async () => {
    const niceOf = async (polite: ChildRenderer) => {
      const done = (await collect(polite.render(fakeRequest, order('niceness'), never))).at(-1);
      await polite.close();
      return done?.kind === 'done' && Number(new TextDecoder().decode(done.files.result));
    };
    expect(await niceOf(create({ niceness: 7 }))).toBe(Math.max(7, getPriority()));
    expect(await niceOf(create())).toBe(getPriority());
  });

  it('hands on where networks lie', async () => {
    const placesOf = async (from: ChildRenderer) => {
      const done = (await collect(from.render(fakeRequest, order('places'), never))).at(-1);
      await from.close();
      return done?.kind === 'done' && JSON.parse(new TextDecoder().decode(done.files.result));
    };
    const places = { folder: '/data/networks', file: '/own.safetensors' };
    expect(await placesOf(create({ places }))).toEqual(places);
    expect(await placesOf(create())).toBeNull();
  });

  it('is warm once an engine has been opened', async () => {
    expect(renderer.warm).toBe(false);
    await renderer.probe(never);
    expect(renderer.warm).toBe(true);
  });

  it('measures after the render that runs, and renders after the probe that runs', async () => {
    const slow = create({ network: 'slow' });
    const controller = new AbortController();
    const told: string[] = [];
    const probing = slow.probe(controller.signal).catch((error) => told.push(`probe: ${error.code}`));
    const rendering = collect(slow.render(fakeRequest, order('film'), never)).then(() => told.push('film'));
    controller.abort();
    await Promise.all([probing, rendering]);
    expect(told).toEqual(['probe: cancelled', 'film']);
    await slow.close();
  });

  it('does nothing any more once it is closed', async () => {
    await renderer.close();
    expect((await failureOf(render('film'))).code).toBe('cancelled');
    await expect(renderer.probe(never)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('leaves no timer behind', async () => {
    await collect(render('film'));
    await failureOf(render('damaged'));
    expect(clock.waiting).toBe(0);
  });
});
