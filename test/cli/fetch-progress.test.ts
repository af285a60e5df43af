import { describe, expect, it } from 'vitest';
import { createFetchEstimate, createFetchLines } from '../../src/command-line/fetch-progress.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const megabyte = 1_000_000;
const receiving = (receivedBytes: number) =>
  ({ kind: 'receiving', receivedBytes, totalBytes: 80 * megabyte }) as const;

describe('the time left of a download', () => {
  it('is not told before a second has passed', () => {
    const clock = createFakeClock();
    const estimate = createFetchEstimate(clock);
    expect(estimate(receiving(megabyte))).toBeUndefined();
    clock.advance(999);
    expect(estimate(receiving(2 * megabyte))).toBeUndefined();
  });

  it('follows from the pace so far, not from what an earlier try brought', () => {
    const clock = createFakeClock();
    const estimate = createFetchEstimate(clock);
    estimate(receiving(20 * megabyte));
    clock.advance(10_000);
    // 20 of the 60 that were missing in 10 s.
    expect(estimate(receiving(40 * megabyte))).toBe(20);
  });

  it('begins anew with the download', () => {
    const clock = createFakeClock();
    const estimate = createFetchEstimate(clock);
    estimate(receiving(20 * megabyte));
    clock.advance(10_000);
    expect(estimate(receiving(megabyte))).toBeUndefined();
    clock.advance(1000);
    expect(estimate(receiving(2 * megabyte))).toBe(78);
  });

  it('is not told while nothing more has come', () => {
    const clock = createFakeClock();
    const estimate = createFetchEstimate(clock);
    estimate(receiving(megabyte));
    clock.advance(5000);
    expect(estimate(receiving(megabyte))).toBeUndefined();
  });
});

describe('plain lines about a download', () => {
  it('are a few, however many pieces come', () => {
    let text = '';
    const view = createFetchLines({ write: (more) => (text += more) }, { name: 'vgg19' });
    view.show({ kind: 'waiting' });
    for (let received = megabyte; received <= 80 * megabyte; received += megabyte)
      view.show(receiving(received));
    view.show({ kind: 'converting' });
    view.end();
    expect(text).toBe(
      [
        'Another Gramzoom is fetching vgg19: waiting for it.',
        'Fetching vgg19: 80 MB, once.',
        '25 % of 80 MB.',
        '50 % of 80 MB.',
        '75 % of 80 MB.',
        '100 % of 80 MB.',
        'Converting vgg19.',
        '',
      ].join('\n'),
    );
  });
});
