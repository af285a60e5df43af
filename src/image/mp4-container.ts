/** The file around an H.264 film (ISO/IEC 14496-12 and -15): one track, its index in front. */
import type { Size } from '../domain/picture.ts';
import type { H264 } from './h264-encoder.ts';

/** Parts of a second that times are counted in: centiseconds, which every film's rate is made of. */
const timescale = 100;

type Part = string | number | Uint8Array | readonly Part[];

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const word = (value: number): readonly number[] => [(value >> 8) & 255, value & 255];
const long = (value: number): readonly number[] => [...word(value >>> 16), ...word(value & 0xffff)];
/** Numbers are single bytes. */
const join = (...parts: readonly Part[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string'
        ? ascii(part)
        : typeof part === 'number'
          ? Uint8Array.of(part)
          : part instanceof Uint8Array
            ? part
            : join(...part),
    ),
  );
const box = (name: string, ...parts: readonly Part[]): Buffer => {
  const content = join(...parts);
  return join(long(8 + content.length), name, content);
};
/** A box with a version, 0, and flags. */
const fullBox = (name: string, flags: number, ...parts: readonly Part[]): Buffer =>
  box(name, long(flags), ...parts);
const zeros = (count: number): Uint8Array => new Uint8Array(count);

const one = 0x1_0000;
/** As it is: neither turned nor mirrored. */
const matrix = [one, 0, 0, 0, one, 0, 0, 0, 0x4000_0000].map(long);
const undefinedLanguage = 0x55c4;
const [enabledInMovie, selfContained] = [3, 1];

/**
 * Puts a coded film into a file. It holds no time of day: the same film gives the same bytes.
 * @param film.sps must say what `describeStream` makes it say
 */
export const writeMp4 = (
  { sps, pps, pictures }: H264,
  { width, height, delayCentiseconds }: Size & { readonly delayCentiseconds: number },
): Uint8Array<ArrayBuffer> => {
  const duration = pictures.length * delayCentiseconds;
  const ftyp = box('ftyp', 'isom', long(0x200), 'isomiso2avc1mp41');
  const samples = pictures.flatMap((picture) => [join(long(picture.length)), picture]);
  const mdat = box('mdat', ...samples);

  const avcC = box(
    'avcC',
    1,
    sps.subarray(1, 4),
    0xff,
    0xe1,
    word(sps.length),
    sps,
    1,
    word(pps.length),
    pps,
  );
  // 1 is BT.709: its primaries, transfer and matrix; the range is television's.
  const colr = box('colr', 'nclx', word(1), word(1), word(1), 0);
  const pasp = box('pasp', long(1), long(1));
  const resolution = [long(72 * one), long(72 * one)];
  const sides = [word(width), word(height)];
  const entry = [zeros(6), word(1), zeros(16), sides, resolution, zeros(4), word(1), zeros(32)];
  const avc1 = box('avc1', ...entry, word(24), word(0xffff), avcC, colr, pasp);
  const table = (mdatAt: number): Buffer =>
    box(
      'stbl',
      fullBox('stsd', 0, long(1), avc1),
      fullBox('stts', 0, long(1), long(pictures.length), long(delayCentiseconds)),
      fullBox('stss', 0, long(1), long(1)),
      fullBox('stsc', 0, long(1), long(1), long(pictures.length), long(1)),
      fullBox('stsz', 0, long(0), long(pictures.length), ...pictures.map(({ length }) => long(4 + length))),
      fullBox('stco', 0, long(1), long(mdatAt + 8)),
    );
  const dinf = box('dinf', fullBox('dref', 0, long(1), fullBox('url ', selfContained)));
  const minf = (mdatAt: number): Buffer => box('minf', fullBox('vmhd', 1, zeros(8)), dinf, table(mdatAt));
  const mdia = (mdatAt: number): Buffer =>
    box(
      'mdia',
      fullBox('mdhd', 0, zeros(8), long(timescale), long(duration), word(undefinedLanguage), word(0)),
      fullBox('hdlr', 0, zeros(4), 'vide', zeros(12), 'video\0'),
      minf(mdatAt),
    );
  const shownSides = [long(width * one), long(height * one)];
  const tkhd = [zeros(8), long(1), zeros(4), long(duration), zeros(16), matrix, shownSides];
  const mvhd = [zeros(8), long(timescale), long(duration), long(one), word(0x100), zeros(10), matrix];
  const moov = (mdatAt: number): Buffer =>
    box(
      'moov',
      fullBox('mvhd', 0, ...mvhd, zeros(24), long(2)),
      box('trak', fullBox('tkhd', enabledInMovie, ...tkhd), mdia(mdatAt)),
    );
  // An index is as long wherever it points to.
  const index = moov(ftyp.length + moov(0).length);
  return new Uint8Array(join(ftyp, index, mdat));
};
