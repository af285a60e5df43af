import { describe, expect, it } from 'vitest';
import {
  type ParentMessage,
  parseChildMessage,
  parseParentMessage,
  protocolVersion,
  wrap,
} from '../../src/render/protocol.ts';
import { fakeRequest } from '../support/fake-run.ts';

const start = {
  kind: 'start',
  request: fakeRequest,
  photo: Uint8Array.of(1, 2, 3),
  through: [Uint8Array.of(4, 5)],
  places: { folder: '/data/networks', file: null },
  threads: 2,
  engine: 'auto',
  precision: 'auto',
  previewIntervalMs: null,
  checkpoints: true,
  resume: { state: Uint8Array.of(4), frames: [Uint8Array.of(5), Uint8Array.of(6)] },
} satisfies ParentMessage;

describe('the protocol between renderer and parent', () => {
  it('passes an order on unchanged', () => {
    expect(parseParentMessage(wrap(1, start))).toEqual({ version: protocolVersion, job: 1, message: start });
  });

  it('passes a failure on with its data', () => {
    const failed = {
      kind: 'failed',
      failure: { code: 'photo-too-slow', data: { seconds: 10 } },
      detail: 'stack',
    } as const;
    expect(parseChildMessage(wrap(3, failed)).message).toEqual(failed);
  });

  it.each([
    ['no object', 'hello', 'a message without version'],
    ['no envelope', { kind: 'heartbeat' }, 'a message without version'],
    ['a later version', { version: 99, job: 1, message: { kind: 'heartbeat' } }, 'version 99'],
    [
      'an unknown kind',
      { version: protocolVersion, job: 1, message: { kind: 'dance' } },
      'a message of another shape',
    ],
    [
      'a missing field',
      { version: protocolVersion, job: 1, message: { kind: 'preview' } },
      'a message of another shape',
    ],
    [
      'a field too many',
      { version: protocolVersion, job: 1, message: { kind: 'heartbeat', beat: 1 } },
      'a message of another shape',
    ],
  ])('refuses %s', (_what, raw, received) => {
    expect(() => parseChildMessage(raw)).toThrow(
      expect.objectContaining({ code: 'protocol-mismatch', data: { expected: protocolVersion, received } }),
    );
  });

  it('refuses an order whose request breaks the limits', () => {
    const message = { ...start, request: { ...fakeRequest, size: 100_000 } };
    expect(() => parseParentMessage({ version: protocolVersion, job: 1, message })).toThrow(
      /protocol-mismatch/,
    );
  });

  it('refuses an order for a depth or a network that cannot be', () => {
    for (const change of [{ depth: 'abyss' }, { network: 'file:/etc/passwd' }]) {
      const message = { ...start, request: { ...fakeRequest, ...change } };
      expect(() => parseParentMessage({ version: protocolVersion, job: 1, message })).toThrow(
        /protocol-mismatch/,
      );
    }
  });

  it('refuses an order without a seed', () => {
    const { seed: _, ...request } = fakeRequest;
    const message = { ...start, request };
    expect(() => parseParentMessage({ version: protocolVersion, job: 1, message })).toThrow(
      /protocol-mismatch/,
    );
  });
});
