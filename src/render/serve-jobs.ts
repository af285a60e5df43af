import { inspect as describe } from 'node:util';
import { GramzoomError, toFailure, toGramzoomError } from '../domain/errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { isFinalEvent } from './event-queue.ts';
import {
  type ChildMessage,
  type Order,
  parseParentMessage,
  type RunDrawing,
  type RunInspection,
  type RunJob,
  type RunProbe,
  type RunRender,
  wrap,
} from './protocol.ts';

/** Ten minutes. No file takes longer: an encoder that does has hung, and the parent's watchdog ends it. */
const maxHeartbeats = 120;

const deliver = (message: ReturnType<typeof wrap<ChildMessage>>): Promise<void> =>
  new Promise((resolve) => {
    // A message that cannot be sent means that the parent is gone, and `disconnect` ends this process.
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

/**
 * Makes this process the child of a ChildWorker: it runs one job after another for as long as its
 * parent lives. Signals for the whole group (Ctrl-C, a service that stops) are left to the parent.
 * @param options.heartbeatMs while a file is encoded there are no steps to tell of: how often to say that
 * this process lives
 */
export const serveJobs = (
  runs: {
    readonly start?: RunRender;
    readonly probe?: RunProbe;
    readonly inspect?: RunInspection;
    readonly draw?: RunDrawing;
  },
  clock: Clock,
  { heartbeatMs = 5_000 }: { readonly heartbeatMs?: number } = {},
): void => {
  let current: { readonly job: number; readonly controller: AbortController; goOn: () => void } | undefined;

  const fail = (job: number, thrown: unknown): Promise<void> => {
    const error = toGramzoomError(thrown);
    const detail = describe(error);
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

  const serve = async (job: number, { kind, ...order }: Order): Promise<void> => {
    const run = runs[kind] as RunJob<typeof order> | undefined;
    if (!run) throw new GramzoomError('internal', { reason: `this child has no ${kind}` });
    const controller = new AbortController();
    const { signal } = controller;
    const mine = { job, controller, goOn: () => {} };
    current = mine;
    let heart: Timer | undefined;
    // The final event is sent once this process is free again: the parent may answer it with the next job.
    let sendFinalEvent: () => Promise<void> = () =>
      fail(job, new Error('the job ended without a final event'));
    try {
      for await (const event of run(order, { signal })) {
        if (isFinalEvent(event)) sendFinalEvent = () => deliver(wrap(job, event));
        else {
          const taken = Promise.withResolvers<void>();
          mine.goOn = taken.resolve;
          await deliver(wrap(job, event));
          // No more than one frame is ever at stake, however slow the parent's disk is.
          if (event.kind === 'checkpoint' && !signal.aborted) await taken.promise;
        }
        if (event.kind === 'progress' && event.stage === 'encode') heart ??= heartbeat(job);
      }
    } catch (error) {
      sendFinalEvent = () =>
        fail(job, signal.aborted ? new GramzoomError('cancelled', {}, { cause: error }) : error);
    } finally {
      heart?.cancel();
      current = undefined;
    }
    await sendFinalEvent();
  };

  const obey = (raw: unknown): void => {
    const { job, message } = parseParentMessage(raw);
    switch (message.kind) {
      case 'start':
      case 'probe':
      case 'inspect':
      case 'draw':
        if (current) throw new GramzoomError('internal', { reason: 'a job was started while another ran' });
        serve(job, message).catch((error) => fail(0, error));
        break;
      case 'cancel':
        if (current?.job !== job) break;
        current.controller.abort();
        current.goOn();
        break;
      case 'ack':
        if (current?.job === job) current.goOn();
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
