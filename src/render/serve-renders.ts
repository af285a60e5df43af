import { inspect } from 'node:util';
import { GramzoomError, toFailure, toGramzoomError } from '../domain/errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { type ChildMessage, parseParentMessage, type RenderJob, wrap } from './protocol.ts';
import type { RunRender } from './run-render.ts';

/** No file takes ten minutes; an encoder that does has hung, and silence shall tell. */
const maxHeartbeats = 120;

const deliver = (message: ReturnType<typeof wrap<ChildMessage>>): Promise<void> =>
  new Promise((resolve) => {
    // A message that cannot be sent means that the parent is gone, and `disconnect` ends this process.
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

/**
 * Makes this process the child of a ChildRenderer: it runs one render after another for as long as its
 * parent lives. Signals for the whole group (Ctrl-C, a service that stops) are left to the parent.
 * @param options.heartbeatMs while a file is encoded there are no steps to tell of: how often to say that
 * this process lives
 */
export const serveRenders = (
  run: RunRender,
  clock: Clock,
  { heartbeatMs = 5_000 }: { readonly heartbeatMs?: number } = {},
): void => {
  let current: { readonly job: number; readonly controller: AbortController } | undefined;

  const fail = (job: number, thrown: unknown): Promise<void> => {
    const error = toGramzoomError(thrown);
    const detail = inspect(error);
    return deliver(wrap(job, { kind: 'failed', failure: toFailure(error), detail }));
  };

  const heartbeat = (job: number): Timer => {
    let left = maxHeartbeats;
    let timer: Timer | undefined;
    const beat = (): void => {
      if (left-- <= 0) return;
      void deliver(wrap(job, { kind: 'heartbeat' }));
      timer = clock.after(heartbeatMs, beat);
    };
    timer = clock.after(heartbeatMs, beat);
    return { cancel: () => timer?.cancel() };
  };

  const serve = async (job: number, order: RenderJob): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    current = { job, controller };
    let heart: Timer | undefined;
    // The last word is sent when this process is free again: the parent may answer it with the next job.
    let lastWord: () => Promise<void> = () => fail(job, new Error('the render ended without a file'));
    try {
      for await (const event of run(order, { signal })) {
        if (event.kind === 'done') lastWord = () => deliver(wrap(job, event));
        else await deliver(wrap(job, event));
        if (event.kind === 'progress' && event.stage === 'encode') heart ??= heartbeat(job);
      }
    } catch (error) {
      lastWord = () =>
        fail(job, signal.aborted ? new GramzoomError('cancelled', {}, { cause: error }) : error);
    } finally {
      heart?.cancel();
      current = undefined;
    }
    await lastWord();
  };

  const obey = (raw: unknown): void => {
    const { job, message } = parseParentMessage(raw);
    switch (message.kind) {
      case 'start': {
        if (current)
          throw new GramzoomError('internal', { reason: 'a render was started while another ran' });
        const { kind: _, ...order } = message;
        void serve(job, order);
        break;
      }
      case 'cancel':
        if (current?.job === job) current.controller.abort();
        break;
      default:
        message satisfies never;
    }
  };

  process.on('message', (raw) => {
    try {
      obey(raw);
    } catch (error) {
      void fail(0, error);
    }
  });
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
};
