/**
 * What an H.264 stream says about itself (ITU-T H.264, 7.3.2.1.1 and E.1.1): the encoder leaves out how its
 * numbers mean colours and time, and players guess differently.
 */

/** 3.1, which everything plays: 512 x 512 pixels at 50 frames a second are half of what it allows. */
const level = 31;
/** "Constrained baseline": what the encoder makes, and older decoders ask for. */
const constraints = 0xc0;
const unspecifiedFormat = 5;
const bt709 = 1;
const square = 1;

/**
 * The same stream's parameters with square pixels, BT.709 in television's range, and a fixed rate of
 * 100/`delayCentiseconds` frames a second.
 * @param sps a unit of the baseline profile without such information
 */
export const describeStream = (
  sps: Uint8Array,
  { delayCentiseconds }: { readonly delayCentiseconds: number },
): Uint8Array<ArrayBuffer> => {
  const plain = withoutEscapes(sps);
  const from = createBitReader(plain.subarray(4));
  const to = createBitWriter();
  to.bytes([plain[0]!, plain[1]!, constraints, level]);
  const copy = (): void => to.golomb(from.golomb());
  const copyBit = (): boolean => {
    const bit = from.bit();
    to.bits(bit, 1);
    return bit === 1;
  };
  copy(); // its number
  copy(); // length of frame numbers
  const order = from.golomb();
  to.golomb(order);
  if (order === 1) throw new RangeError('pictures are ordered in a way that the encoder has no use for');
  if (order === 0) copy();
  copy(); // reference frames
  copyBit(); // gaps in frame numbers
  copy(); // width
  copy(); // height
  if (!copyBit()) copyBit(); // frames, no fields
  copyBit(); // direct inference
  if (copyBit()) for (let side = 0; side < 4; side++) copy(); // cropping
  to.bits(1, 1); // the rest is new
  to.bits(1, 1);
  to.bits(square, 8);
  to.bits(0, 1); // overscan
  to.bits(1, 1);
  to.bits(unspecifiedFormat, 3);
  to.bits(0, 1); // full range
  to.bits(1, 1);
  for (const _ of ['primaries', 'transfer', 'matrix']) to.bits(bt709, 8);
  to.bits(0, 1); // where chroma lies: as usual
  to.bits(1, 1);
  // Time counts fields, of which a frame has two.
  to.bits(delayCentiseconds, 32);
  to.bits(2 * 100, 32);
  to.bits(1, 1);
  to.bits(0, 4); // buffers, the structure of pictures, restrictions
  return withEscapes(to.finish());
};

const createBitReader = (bytes: Uint8Array) => {
  let at = 0;
  const bit = (): number => (bytes[at >> 3]! >> (7 - (at++ & 7))) & 1;
  const golomb = (): number => {
    let zeros = 0;
    while (bit() === 0) zeros++;
    let value = 1;
    for (let i = 0; i < zeros; i++) value = 2 * value + bit();
    return value - 1;
  };
  return { bit, golomb };
};

const createBitWriter = () => {
  const bytes: number[] = [];
  let bitsUsed = 0;
  const bits = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) {
      if (bitsUsed % 8 === 0) bytes.push(0);
      bytes[bytes.length - 1]! |= (Math.floor(value / 2 ** i) % 2) << (7 - (bitsUsed++ % 8));
    }
  };
  return {
    bits,
    bytes: (values: readonly number[]): void => {
      for (const value of values) bits(value, 8);
    },
    golomb: (value: number): void => bits(value + 1, 2 * Math.floor(Math.log2(value + 1)) + 1),
    /** A one and zeros fill the last byte. */
    finish: (): Uint8Array => {
      bits(1, 1);
      return Uint8Array.from(bytes);
    },
  };
};

/** Inside a unit a 3 stands between two zeros and anything up to 3, so that no start code comes about. */
const withEscapes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const escaped: number[] = [];
  for (const byte of bytes) {
    if (byte <= 3 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3);
    escaped.push(byte);
  }
  return Uint8Array.from(escaped);
};

const withoutEscapes = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte, at) => !(byte === 3 && at >= 2 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
