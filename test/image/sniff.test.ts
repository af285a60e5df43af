import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../../src/image/sniff.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const ftyp = (...brands: string[]): Uint8Array =>
  latin(
    `\0\0\0${String.fromCharCode(12 + 4 * brands.length)}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`,
  );

describe('the kind of a file by its first bytes', () => {
  it.each([
    ['jpeg', latin('\xff\xd8\xff\xe0')],
    ['png', latin('\x89PNG\r\n\x1a\n')],
    ['gif', latin('GIF89a')],
    ['tiff', latin('II*\0')],
    ['tiff', latin('MM\0*')],
    ['webp', latin('RIFF\x10\0\0\0WEBPVP8 ')],
    ['avi', latin('RIFF\x10\0\0\0AVI LIST')],
    ['avif', ftyp('avif', 'mif1', 'miaf')],
    ['avif', ftyp('mif1', 'avif', 'miaf')],
    ['heic', ftyp('heic', 'mif1', 'heic')],
    ['heic', ftyp('mif1', 'heic')],
    ['heic', ftyp('mif1', 'miaf')],
    ['heic', ftyp('hevc')],
    ['mov', ftyp('qt  ')],
    ['mp4', ftyp('isom', 'iso2', 'mp41')],
    ['webm', latin('\x1aE\xdf\xa3\x01')],
    ['pdf', latin('%PDF-1.7')],
    ['zip', latin('PK\x03\x04')],
    ['gzip', latin('\x1f\x8b\x08')],
    ['bmp', latin('BM\x36\0')],
    ['jxl', latin('\xff\x0a\xfa')],
    ['jxl', latin('\0\0\0\x0cJXL \r\n')],
    ['psd', latin('8BPS\0\x01')],
    ['svg', latin('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['svg', latin('\xef\xbb\xbf  <?xml version="1.0"?><!-- a drawing -->\n<svg\n>')],
    ['html', latin('<!DOCTYPE html><html>')],
  ])('the first bytes of %s are recognised', (format, bytes) => {
    expect(sniffFormat(bytes)).toBe(format);
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['text', 'Hello <svg> in a sentence'],
    ['the beginning of a signature', '\xff\xd8'],
    ['RIFF alone', 'RIFF'],
  ])('the first bytes of no known format give none: %s', (_name, text) => {
    expect(sniffFormat(latin(text))).toBeNull();
  });
});
