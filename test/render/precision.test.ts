import { beforeAll, describe, expect, it } from 'vitest';
import type { Precision, PrecisionChoice } from '../../src/domain/engines.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import type { Checkpoint, RenderEvent } from '../../src/ports/renderer.ts';
import type { RenderJob } from '../../src/render/protocol.ts';
import { createRunRender, defaultParts } from '../../src/render/run-render.ts';
import { collect, failureOf } from '../contract/renderer.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** Several parts of one level. */
const request = { ...parseRequest({ kind: 'texture', size: 64, steps: 16 }), seed: 3 };
const reason = { kind: 'unsupported', obstacle: 'no-relu' } as const;

/** A process whose measurement gives one precision. */
const processThatChooses = (chosen: Precision) =>
  createRunRender({
    ...defaultParts(createFakeClock()),
    decodePhoto: async () => ({ width: 64, height: 64, data: new Uint8Array(3 * 64 ** 2).fill(90) }),
    openEngine: async ({ precision }) => ({
      backend: { ...createFakeBackend().backend, precision: precision === 'auto' ? chosen : precision },
      reason: precision === 'auto' ? reason : null,
    }),
  });

const renderIn = (
  run: ReturnType<typeof processThatChooses>,
  precision: PrecisionChoice,
  resume: Checkpoint | null = null,
): AsyncGenerator<RenderEvent> => {
  const job: RenderJob = {
    ...{ request, precision, photo: new Uint8Array(), through: [], places: null, threads: 1 },
    ...{ engine: 'auto', previewIntervalMs: null, checkpoints: true },
    resume: resume && { state: resume.state, frames: [...resume.frames] },
  };
  return run(job, { signal: new AbortController().signal });
};

describe('the precision of a render', () => {
  /** Of a render that a measurement put into int8. */
  let checkpoint: Checkpoint;
  beforeAll(async () => {
    const events = await collect(renderIn(processThatChooses('int8'), 'auto'));
    const { state } = events.find((event) => event.kind === 'checkpoint')!;
    checkpoint = { state, frames: [] };
  });

  it('is told at the start, with the reason where it was chosen, and in the report', async () => {
    const chosen = await collect(renderIn(processThatChooses('int8'), 'auto'));
    expect(chosen[0]).toMatchObject({ kind: 'started', precision: 'int8', precisionReason: reason });
    expect(chosen.at(-1)).toMatchObject({ kind: 'done', report: { precision: 'int8' } });
    const asked = await collect(renderIn(processThatChooses('int8'), 'float'));
    expect(asked[0]).toMatchObject({ kind: 'started', precision: 'float', precisionReason: null });
    expect(asked.at(-1)).toMatchObject({ kind: 'done', report: { precision: 'float' } });
  });

  it('stays that of its checkpoint where nobody has said another, whatever would be chosen now', async () => {
    const events = await collect(renderIn(processThatChooses('float'), 'auto', checkpoint));
    expect(events[0]).toMatchObject({ kind: 'started', precision: 'int8', precisionReason: null });
    const whole = await collect(renderIn(processThatChooses('int8'), 'auto'));
    const checkpoints = (of: readonly RenderEvent[]) => of.filter(({ kind }) => kind === 'checkpoint');
    expect(checkpoints(events)).toHaveLength(checkpoints(whole).length - 1);
    const [end, wholeEnd] = [events.at(-1), whole.at(-1)];
    if (end?.kind !== 'done' || wholeEnd?.kind !== 'done') throw new Error('one of them has no end');
    expect(Buffer.from(end.files.result).equals(wholeEnd.files.result)).toBe(true);
    expect(end.report).toMatchObject({ precision: 'int8', styleLoss: wholeEnd.report.styleLoss });
  });

  it('is the one that was asked for: a checkpoint of the other one is of no use then', async () => {
    const run = renderIn(processThatChooses('int8'), 'float', checkpoint);
    expect(await failureOf(run)).toMatchObject({
      code: 'checkpoint-unusable',
      data: { problem: 'it was made in int8, not float' },
    });
    const same = await collect(renderIn(processThatChooses('float'), 'int8', checkpoint));
    expect(same.at(-1)).toMatchObject({ kind: 'done', report: { precision: 'int8' } });
  });
});
