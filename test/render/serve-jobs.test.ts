import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildMessage, parseChildMessage, protocolVersion, wrap } from '../../src/render/protocol.ts';
import { fakeRequest, order } from '../support/fake-run.ts';

describe('the process that renders', () => {
  let child: ChildProcess;
  let messages: ReturnType<typeof on>;
  beforeEach(() => {
    child = fork(new URL('../support/fake-child.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: [],
    });
    messages = on(child, 'message');
  });
  afterEach(() => {
    child.kill('SIGKILL');
  });

  const start = (job: number, what: string, { checkpoints = false } = {}): void => {
    const settings = {
      places: null,
      threads: 1,
      engine: 'auto',
      precision: 'auto',
      previewIntervalMs: null,
      checkpoints,
      resume: null,
    } as const;
    child.send(
      wrap(job, { kind: 'start', request: fakeRequest, photo: order(what), through: [], ...settings }),
    );
  };
  const cancel = (job: number): void => {
    child.send(wrap(job, { kind: 'cancel' }));
  };
  /** The next message of a kind, with the job it belongs to. */
  const next = async (kind: ChildMessage['kind']) => {
    for (;;) {
      const { value } = await messages.next();
      const { job, message } = parseChildMessage(value?.[0]);
      if (message.kind === kind) return { job, message };
    }
  };

  it('ends itself when its parent goes away, even while it renders', async () => {
    start(1, 'wait');
    await next('started');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('leaves Ctrl-C and SIGTERM to its parent', async () => {
    start(1, 'wait');
    await next('started');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    cancel(1);
    expect(await next('failed')).toMatchObject({ job: 1, message: { failure: { code: 'cancelled' } } });
  });

  it('does not take a late cancel for one of the next render', async () => {
    start(1, 'film');
    await next('done');
    start(2, 'wait');
    await next('started');
    cancel(1);
    // Were the second render cancelled, that would be told before the answer to the second question.
    for (const question of ['who', 'what']) {
      child.send({ version: protocolVersion, job: 0, message: question });
      expect(await next('failed')).toMatchObject({
        job: 0,
        message: { failure: { code: 'protocol-mismatch' } },
      });
    }
    cancel(2);
    expect(await next('failed')).toMatchObject({ job: 2, message: { failure: { code: 'cancelled' } } });
  });

  it('does not go on before a checkpoint has been taken', async () => {
    start(1, 'checkpoints', { checkpoints: true });
    await next('checkpoint');
    // Whatever it had sent on its own would come before the answer to a question.
    child.send({ version: protocolVersion, job: 0, message: 'what' });
    const { value } = await messages.next();
    expect(parseChildMessage(value?.[0])).toMatchObject({ job: 0, message: { kind: 'failed' } });
    child.send(wrap(1, { kind: 'ack' }));
    expect(await next('checkpoint')).toMatchObject({ job: 1, message: { frame: { index: 1 } } });
    child.send(wrap(1, { kind: 'ack' }));
    await next('done');
  });

  it('hears a cancel while it waits', async () => {
    start(1, 'checkpoints', { checkpoints: true });
    await next('checkpoint');
    cancel(1);
    expect(await next('failed')).toMatchObject({ job: 1, message: { failure: { code: 'cancelled' } } });
  });

  it('refuses a parent of another version', async () => {
    child.send({ version: 99, job: 1, message: {} });
    expect(await next('failed')).toMatchObject({
      message: { failure: { code: 'protocol-mismatch', data: { received: 'version 99' } } },
    });
  });

  it('shows that it lives while it encodes', async () => {
    start(1, 'encode');
    expect((await next('heartbeat')).job).toBe(1);
    expect((await next('heartbeat')).job).toBe(1);
  });

  it('sends stack and cause along for the log', async () => {
    start(1, 'bug');
    const { message } = await next('failed');
    expect(message).toMatchObject({
      detail: expect.stringMatching(/TypeError: no such thing\n +at fakeRun/),
    });
  });
});
