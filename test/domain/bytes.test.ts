import { describe, expect, it } from 'vitest';
import { formatBytes, parseBytes } from '../../src/domain/bytes.ts';

describe('a size as people write it', () => {
  it.each([
    ['10MB', 10_000_000],
    ['8 MiB', 8_388_608],
    ['8mib', 8_388_608],
    ['1.5kB', 1500],
    ['2 KiB', 2048],
    ['1gb', 1_000_000_000],
    ['1GiB', 1_073_741_824],
    ['123', 123],
    ['123 b', 123],
    ['  7kb ', 7000],
    ['0.0001kb', 0],
    ['0', 0],
  ])('the size %s is read as %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each([
    '',
    ' ',
    'MB',
    'ten MB',
    '10 TB',
    '-1',
    '-1MB',
    '+1',
    '1e6',
    '0x10',
    '1,5MB',
    '1.MB',
    '.5MB',
    '10MB!',
    '1 0MB',
    'none',
    '1none',
    '1constructor',
    '1__proto__',
    'NaN',
    'Infinity',
  ])('%j is not a size', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });
});

describe('a size as people read it', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [12_345, '12.3 kB'],
    [10_000_000, '10 MB'],
    [8_388_608, '8.39 MB'],
    [1_234_000_000, '1.23 GB'],
  ])('%d bytes are written as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('is the next unit where rounding reaches it', () => {
    expect(formatBytes(999_999)).toBe('1 MB');
  });
});
