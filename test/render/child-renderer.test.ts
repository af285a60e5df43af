import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RenderEvent } from '../../src/ports/renderer.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { collect, failureOf } from '../contract/renderer.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { fakeRequest, order } from '../support/fake-run.ts';

const never = new AbortController().signal;

describe('ChildRenderer and a child that goes wrong', () => {
  let clock: FakeClock;
  let renderer: ChildRenderer;
  beforeEach(() => {
    clock = createFakeClock();
    renderer = new ChildRenderer({
      clock,
      threads: 1,
      engine: 'auto',
      pictureIntervalMs: 0,
      entry: new URL('../support/fake-child.ts', import.meta.url),
    });
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

  it('says that a module cannot be started', async () => {
    const broken = new ChildRenderer({
      clock,
      threads: 1,
      engine: 'auto',
      pictureIntervalMs: 0,
      entry: new URL('../support/no-such-child.ts', import.meta.url),
    });
    const error = await failureOf(broken.render(fakeRequest, order('film'), never));
    expect(error).toMatchObject({ code: 'render-crashed', data: { how: 'exit status 1' } });
    expect(error.cause).toContain('no-such-child');
    await broken.close();
  });

  it('replaces a child that died', async () => {
    await failureOf(render('crash'));
    expect((await collect(render('film'))).at(-1)?.kind).toBe('done');
  });

  it('keeps a child that is well', async () => {
    const [first, second] = [await collect(render('process id')), await collect(render('process id'))];
    const idOf = (events: readonly RenderEvent[]) => {
      const done = events.at(-1);
      return done?.kind === 'done' ? new TextDecoder().decode(done.file) : undefined;
    };
    expect(idOf(first)).toMatch(/^\d+$/);
    expect(idOf(second)).toBe(idOf(first));
  });

  it('stops a child that speaks nonsense', async () => {
    expect(await failureOf(render('garbage'))).toMatchObject({
      code: 'protocol-mismatch',
      data: { expected: 1, received: 'a message without version' },
    });
  });

  it('stops a child of another version', async () => {
    expect(await failureOf(render('other version'))).toMatchObject({
      code: 'protocol-mismatch',
      data: { expected: 1, received: 'version 0' },
    });
  });

  it('hears a child that cannot even read its order', async () => {
    expect(await failureOf(render('refuse'))).toMatchObject({
      code: 'protocol-mismatch',
      data: { expected: 2, received: 'version 1' },
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
    const steps = rest.flatMap((event) => (event.kind === 'progress' ? [event.stepsDone] : []));
    expect(steps.at(-1)).toBe(5000);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(rest.at(-1)?.kind).toBe('done');
  });

  it('leaves no timer behind', async () => {
    await collect(render('film'));
    await failureOf(render('damaged'));
    expect(clock.waiting).toBe(0);
  });
});
