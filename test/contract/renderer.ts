import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { RenderEvent, Renderer, RenderOptions } from '../../src/ports/renderer.ts';
import { fakePoster, fakeRequest, order } from '../support/fake-run.ts';

const never = new AbortController().signal;

export const collect = async (events: AsyncIterable<RenderEvent>): Promise<readonly RenderEvent[]> => {
  const collected: RenderEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
};

/** The error that ends a render. */
export const failureOf = async (events: AsyncIterable<RenderEvent>): Promise<GramzoomError> => {
  try {
    await collect(events);
  } catch (error) {
    if (error instanceof GramzoomError) return error;
    throw error;
  }
  throw new Error('the render ended without an error');
};

/** What every renderer does. `open` gives one that runs `fakeRun` and `fakeProbe`. */
export const describeRenderer = (name: string, open: () => Renderer): void => {
  describe(name, () => {
    let renderer: Renderer;
    beforeEach(() => {
      renderer = open();
    });
    afterEach(() => renderer.close());

    const render = (what: string, signal = never, options: RenderOptions = {}) =>
      renderer.render(fakeRequest, order(what), signal, options);

    it('tells of the start first and of the file last', async () => {
      const events = await collect(render('film'));
      expect(events[0]).toEqual({
        ...{
          kind: 'started',
          engine: 'fake',
          engineVersion: '1',
          precision: 'float',
          precisionReason: null,
          threads: 1,
        },
        ...{ width: 64, height: 64, done: 0, total: 8, unit: 'frame' },
      });
      expect(events.at(-1)).toMatchObject({ kind: 'done', report: { seed: 7, bytes: 4, engine: 'fake' } });
    });

    it('hands bytes over as they are', async () => {
      const events = await collect(render('film'));
      const preview = events.find((event) => event.kind === 'preview');
      const done = events.find((event) => event.kind === 'done');
      expect(preview && [...preview.jpeg]).toEqual([0xff, 0xd8]);
      expect(done && [...done.files.result]).toEqual([...order('film')]);
      expect(done && [...done.files.still]).toEqual([...fakePoster]);
    });

    it('hands over every photo that a film goes through, in order', async () => {
      const through = [order('second'), order('third')];
      const done = (await collect(render('photos', never, { through }))).at(-1);
      expect(done?.kind === 'done' && [...done.files.result]).toEqual([...order('photos\0second\0third\0')]);
    });

    const checkpointsOf = (events: readonly RenderEvent[]) =>
      events.flatMap((event) =>
        event.kind === 'checkpoint'
          ? [
              {
                ...{ state: [...event.state], done: event.done },
                ...{ index: event.frame?.index, rgb: [...(event.frame?.rgb ?? [])] },
              },
            ]
          : [],
      );

    it('gives a checkpoint after each frame, with the frame, which is not always one of the film', async () => {
      const events = await collect(render('checkpoints', never, { checkpoints: true }));
      expect(checkpointsOf(events)).toEqual([
        { state: [1], done: 0, index: 0, rgb: [0, 10] },
        { state: [2], done: 1, index: 1, rgb: [1, 11] },
      ]);
    });

    it('gives no checkpoints where none are wanted', async () => {
      expect(checkpointsOf(await collect(render('checkpoints')))).toEqual([]);
    });

    it('goes on from a checkpoint: the frames before are taken as they are', async () => {
      const resume = { state: Uint8Array.of(1), frames: [Uint8Array.of(7, 77)] };
      const events = await collect(render('checkpoints', never, { checkpoints: true, resume }));
      expect(checkpointsOf(events).map(({ index }) => index)).toEqual([1]);
      const done = events.at(-1);
      expect(done?.kind === 'done' && [...done.files.result]).toEqual([7, 77, 1, 11]);
    });

    it('says that a checkpoint cannot be used', async () => {
      const resume = { state: Uint8Array.of(9), frames: [] };
      expect(await failureOf(render('checkpoints', never, { resume }))).toMatchObject({
        code: 'checkpoint-unusable',
        data: { problem: 'it is not one of these' },
      });
    });

    it('knows which of two renders costs more', () => {
      const [small, large] = [fakeRequest, { ...fakeRequest, size: 128 }].map((request) =>
        renderer.work(request),
      );
      expect(small).toBeGreaterThan(0);
      expect(large).toBeGreaterThan(small!);
    });

    it('measures what work costs, before and after a render', async () => {
      expect(await renderer.probe(never)).toEqual([{ size: 64, secondsPerWork: 0.5 }]);
      await collect(render('film'));
      expect(await renderer.probe(never)).toEqual([{ size: 64, secondsPerWork: 0.5 }]);
    });

    it('measures nothing for a signal that is aborted already', async () => {
      await expect(renderer.probe(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('renders again after a render', async () => {
      await collect(render('film'));
      expect((await collect(render('film'))).at(-1)?.kind).toBe('done');
    });

    it('throws what the render threw, with its code and data', async () => {
      expect(await failureOf(render('damaged'))).toMatchObject({ code: 'photo-damaged', data: {} });
    });

    it('calls a bug internal, and says what it was', async () => {
      expect(await failureOf(render('bug'))).toMatchObject({
        code: 'internal',
        data: { reason: 'no such thing' },
      });
    });

    it('renders again after a failure', async () => {
      await failureOf(render('damaged'));
      expect((await collect(render('film'))).at(-1)?.kind).toBe('done');
    });

    it('renders nothing for a signal that is aborted already', async () => {
      expect((await failureOf(render('film', AbortSignal.abort()))).code).toBe('cancelled');
    });

    it('ends with cancelled once the signal aborts, whatever its reason', async () => {
      const controller = new AbortController();
      const events = render('wait', controller.signal)[Symbol.asyncIterator]();
      expect((await events.next()).value?.kind).toBe('started');
      controller.abort(new Error('a reason of its own'));
      await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('renders again after a cancelled render', async () => {
      const controller = new AbortController();
      const events = render('wait', controller.signal)[Symbol.asyncIterator]();
      await events.next();
      controller.abort();
      await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
      expect((await collect(render('film'))).at(-1)?.kind).toBe('done');
    });

    it('can be closed without ever having rendered, and twice', async () => {
      await renderer.close();
      await renderer.close();
    });
  });
};
