import { describe, expect, it } from 'vitest';
import { liveMoment, showMoments } from '../../../src/chat/shared/live-moments.ts';

describe('a moment among words', () => {
  it('is written as the platform shows moments', () => {
    const words = `done at ${liveMoment(1_700_000_000_400)}, or at ${liveMoment(0)}`;
    expect(showMoments(words, (unixSeconds) => `<${unixSeconds}>`)).toBe('done at <1700000000>, or at <0>');
  });

  it('can be a date', () => {
    const show = (unixSeconds: number, form: string): string => `<${unixSeconds} ${form}>`;
    expect(showMoments(`until ${liveMoment(5_000, 'date')}, ${liveMoment(5_000)}`, show)).toBe(
      'until <5 date>, <5 from-now>',
    );
  });

  it('is always one of the calendar, whatever somebody types', () => {
    const typed = liveMoment(0).replace('0', '9'.repeat(20));
    expect(showMoments(typed, (unixSeconds) => new Date(unixSeconds * 1000).toISOString())).toBe(typed);
  });
});
