import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { sfntOfWoff } from '../../src/image/woff.ts';

const { resolve } = createRequire(import.meta.url);

/** The sum of a table's words, as a font's directory has it. */
const checksum = (table: Buffer): number => {
  let sum = 0;
  for (let i = 0; i < table.length; i += 4) sum = (sum + table.readUInt32BE(i)) >>> 0;
  return sum;
};

describe('a font from a WOFF file', () => {
  it('has every table whole, in its place', () => {
    const font = Buffer.from(
      sfntOfWoff(readFileSync(resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff'))),
    );
    expect(font.readUInt32BE(0)).toBe(0x0001_0000);
    const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => {
      const [tag, sum, offset, length] = [0, 4, 8, 12].map((at) => font.readUInt32BE(12 + 16 * i + at)) as [
        ...[number, number, number, number],
      ];
      return {
        tag: Buffer.from(Uint32Array.of(tag).buffer).reverse().toString('latin1'),
        sum,
        offset,
        length,
      };
    });
    expect(tables.map(({ tag }) => tag)).toEqual(
      expect.arrayContaining(['cmap', 'glyf', 'head', 'loca', 'name']),
    );
    for (const { tag, sum, offset, length } of tables) {
      const table = font.subarray(offset, offset + 4 * Math.ceil(length / 4));
      expect(table.length % 4).toBe(0);
      // That of `head` is of the file as a whole, without its own field.
      if (tag !== 'head') expect(checksum(table)).toBe(sum);
    }
  });

  it('is refused where it is none', () => {
    expect(() => sfntOfWoff(Buffer.alloc(64))).toThrow('this is no WOFF file');
  });
});
