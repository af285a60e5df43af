import { describe, expect, it } from 'vitest';
import { readZone } from '../../../src/app/moments/read-zone.ts';

const read = (text: string): string => readZone(text, { field: 'timezone' });

describe('reading a time zone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    [' europe/berlin ', 'Europe/Berlin'],
    ['America/New_York', 'America/New_York'],
    ['america/new york', 'America/New_York'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Berlin', 'Europe/Berlin'],
    ['new york', 'America/New_York'],
    ['São Paulo', 'America/Sao_Paulo'],
    ['zürich', 'Europe/Zurich'],
    ['UTC', 'UTC'],
    ['gmt', 'UTC'],
    ['MEZ', 'Europe/Berlin'],
    ['CET', 'Europe/Berlin'],
    ['EST', 'America/New_York'],
    ['PDT', 'America/Los_Angeles'],
  ])('takes %j for %s', (text, zone) => {
    expect(read(text)).toBe(zone);
    // Whatever is given back is a zone that there is.
    expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
    expect(read(zone)).toBe(zone);
  });

  it('takes every name that the runtime knows', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(read(zone.toLowerCase())).toBe(zone);
  });

  it.each([
    '',
    ' ',
    'Atlantis',
    'Europe/Atlantis',
    'UTC+2',
    '+02:00',
    'IST',
    'constructor',
    '__proto__',
    '../etc',
    'Europe/Berlin; x',
    '\u202eBerlin',
    'x'.repeat(64),
  ])('refuses %j and says what it takes', (text) => {
    expect(() => read(text)).toThrowError(
      expect.objectContaining({
        code: 'request-field',
        data: { field: 'timezone', expected: { kind: 'zone' }, received: text },
      }),
    );
  });
});
