import { describe, expect, it } from 'vitest';
import { exitCode } from '../../src/command-line/exit-codes.ts';
import { flagName, flagOf } from '../../src/command-line/flags.ts';
import { zoom } from '../../src/domain/kinds/zoom.ts';
import { fieldRule, rawValue } from '../../src/domain/request.ts';

describe('a flag made from a field', () => {
  it('is called like the field, in small letters', () => {
    expect(flagName('maxBytes')).toBe('--max-bytes');
    expect(flagName('size')).toBe('--size');
  });

  it('shows description, limits and default', () => {
    const { flags, description } = flagOf(fieldRule(zoom.fields, 'size'));
    expect(flags).toBe('--size <n>');
    expect(description).toBe(
      'width and height in pixels; with aspect photo, the same area [64 to 512; a multiple of 16; default: 256]',
    );
  });

  it('says what happens without it where there is no default', () => {
    expect(flagOf(fieldRule(zoom.fields, 'seed')).description).toContain('default: random each time');
    expect(flagOf(fieldRule(zoom.fields, 'maxBytes')).description).toContain('default: no limit');
    expect(flagOf(fieldRule(zoom.fields, 'steps')).description).toContain('default: 1, 3 or 6 by quality');
    expect(flagOf(fieldRule(zoom.fields, 'duration')).description).toContain('default: frames / fps');
  });

  it.each([
    ['size', '128', 128],
    ['zoom', '1.05', 1.05],
    ['zoom', ' .5 ', 0.5],
    ['size', '', ''],
    ['size', '0x40', '0x40'],
    ['size', '1e2', '1e2'],
    ['size', 'Infinity', 'Infinity'],
    ['maxBytes', '30000', '30000'],
    ['network', '12', '12'],
  ] as const)('hands --%s %s over as %j', (field, text, value) => {
    expect(rawValue(fieldRule(zoom.fields, field), text)).toBe(value);
  });
});

describe('the exit status', () => {
  it('is 2 where another command would work, 1 where this program failed', () => {
    expect(exitCode('photo-heic')).toBe(2);
    expect(exitCode('disk-full')).toBe(2);
    expect(exitCode('render-crashed')).toBe(1);
    expect(exitCode('internal')).toBe(1);
  });

  it('is 128 plus the signal that cancelled', () => {
    expect(exitCode('cancelled')).toBe(130);
    expect(exitCode('cancelled', 'SIGTERM')).toBe(143);
  });
});
