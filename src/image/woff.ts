import { inflateSync } from 'node:zlib';

const woffHeader = 44;
const woffEntry = 20;
const sfntHeader = 12;
const sfntEntry = 16;

/**
 * The TrueType or OpenType font in a WOFF file (version 1), which is one with each table compressed.
 * Not for fonts of strangers: sizes are believed.
 */
export const sfntOfWoff = (woff: Buffer): Uint8Array => {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('this is no WOFF file');
  const count = woff.readUInt16BE(12);
  const log = Math.floor(Math.log2(count));
  const header = Buffer.alloc(sfntHeader + count * sfntEntry);
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(16 * 2 ** log, 6);
  header.writeUInt16BE(log, 8);
  header.writeUInt16BE(16 * (count - 2 ** log), 10);
  const parts: Uint8Array[] = [header];
  let position = header.length;
  for (let i = 0; i < count; i++) {
    const from = woffHeader + i * woffEntry;
    const [offset, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(from + at)) as [
      number,
      number,
      number,
    ];
    const table = woff.subarray(offset, offset + packed);
    const to = sfntHeader + i * sfntEntry;
    woff.copy(header, to, from, from + 4);
    woff.copy(header, to + 4, from + 16, from + 20);
    header.writeUInt32BE(position, to + 8);
    header.writeUInt32BE(length, to + 12);
    const padding = (4 - (length % 4)) % 4;
    parts.push(packed < length ? inflateSync(table) : table, Buffer.alloc(padding));
    position += length + padding;
  }
  return Buffer.concat(parts);
};
