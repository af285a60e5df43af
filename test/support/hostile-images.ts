/** Files that strangers send, made in code: broken, huge, odd, or no pictures at all. */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const uint32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const emptyFile = (): Uint8Array => new Uint8Array(0);

export const textFile = (): Uint8Array => utf8('Dear program,\nplease zoom into this letter.\n');

/** An archive with one empty file called `a`. */
export const zipFile = (): Uint8Array => {
  const local = latin(`PK\x03\x04\x14${'\0'.repeat(21)}\x01\0\0\0a`);
  const central = latin(`PK\x01\x02\x14\0\x14${'\0'.repeat(21)}\x01${'\0'.repeat(17)}a`);
  const end = latin(`PK\x05\x06\0\0\0\0\x01\0\x01\0\x2f\0\0\0\x1f\0\0\0\0\0`);
  return Buffer.concat([local, central, end]);
};

export const pdfFile = (): Uint8Array => latin('%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF\n');

/** Asks whoever draws it to fetch another file. */
export const svgWithExternalReference = (url = 'file:///etc/hostname'): Uint8Array =>
  utf8(
    `<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">` +
      `<image href="${url}" width="64" height="64"/></svg>`,
  );

/** The first boxes of what a telephone's camera writes, without the picture. */
export const heicHeader = (): Uint8Array =>
  Buffer.concat([uint32(24), latin('ftypheic'), uint32(0), latin('mif1heic'), uint32(8), latin('mdat')]);

type PngColour = { readonly bits: 8 | 16; readonly type: 0 | 2 | 4 | 6 };

const pngChunk = (type: string, body: Uint8Array): Uint8Array => {
  const typed = Buffer.concat([latin(type), body]);
  return Buffer.concat([uint32(body.length), typed, uint32(crc32(typed))]);
};

const pngHeader = (width: number, height: number, { bits, type }: PngColour): Uint8Array =>
  Buffer.concat([
    latin('\x89PNG\r\n\x1a\n'),
    pngChunk('IHDR', Buffer.concat([uint32(width), uint32(height), new Uint8Array([bits, type, 0, 0, 0])])),
  ]);

/** A PNG made by hand; `rows` holds each row's samples behind its filter byte. */
export const pngOf = (
  width: number,
  height: number,
  rows: Uint8Array,
  colour: PngColour = { bits: 8, type: 2 },
): Uint8Array =>
  Buffer.concat([
    pngHeader(width, height, colour),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', new Uint8Array(0)),
  ]);

/** Says that it has 3.6 gigapixels, and holds next to nothing. */
export const hugePng = (side = 60_000): Uint8Array =>
  Buffer.concat([
    pngHeader(side, side, { bits: 8, type: 2 }),
    pngChunk('IDAT', deflateSync(new Uint8Array(1000))),
    pngChunk('IEND', new Uint8Array(0)),
  ]);

/** One pixel wide, four million high, a few kilobytes: complete and valid. */
export const sliverPng = (height = 4_000_000): Uint8Array =>
  pngOf(1, height, new Uint8Array(2 * height), { bits: 8, type: 0 });

/** A picture of one colour; `alpha` from 0 to 1. */
export const plainPng = async (
  width: number,
  height: number,
  [r, g, b]: readonly [number, number, number],
  alpha = 1,
): Promise<Uint8Array> =>
  await sharp({ create: { width, height, channels: 4, background: { r, g, b, alpha } } })
    .png()
    .toBuffer();

export const blackPng = async (side = 64): Promise<Uint8Array> => await plainPng(side, side, [0, 0, 0]);
export const whitePng = async (side = 64): Promise<Uint8Array> => await plainPng(side, side, [255, 255, 255]);
export const transparentPng = async (side = 64): Promise<Uint8Array> =>
  await plainPng(side, side, [90, 20, 160], 0);
export const onePixelPng = async (): Promise<Uint8Array> => await plainPng(1, 1, [200, 100, 50]);

/** A 16 x 16 face on a transparent ground. */
export const emojiPng = async (): Promise<Uint8Array> => {
  const side = 16;
  const pixels = new Uint8Array(4 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inside = Math.hypot(x - 7.5, y - 7.5) < 7.5;
      const eye = y === 6 && (x === 5 || x === 10);
      const mouth = y === 11 && x > 4 && x < 11;
      pixels.set(
        eye || mouth ? [60, 40, 10, 255] : inside ? [250, 205, 60, 255] : [0, 0, 0, 0],
        4 * (y * side + x),
      );
    }
  }
  return await sharp(pixels, { raw: { width: side, height: side, channels: 4 } })
    .png()
    .toBuffer();
};

/** A picture with detail everywhere, so that its file cannot be cut unnoticed. */
export const texture = (width: number, height: number): Uint8Array => {
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      pixels[at] = 128 + 90 * Math.sin(x / 3) * Math.cos(y / 5);
      pixels[at + 1] = 110 + 80 * Math.sin((x + y) / 4);
      pixels[at + 2] = (37 * x + 91 * y) % 200;
    }
  }
  return pixels;
};

/** The texture, ready for sharp. */
export const texturePicture = (width = 96, height = 64) =>
  sharp(texture(width, height), { raw: { width, height, channels: 3 } });

export const jpegFile = async (width = 96, height = 64): Promise<Uint8Array> =>
  await texturePicture(width, height).jpeg().toBuffer();

const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

export const truncatedJpeg = async (): Promise<Uint8Array> => half(await jpegFile());
export const truncatedPng = async (): Promise<Uint8Array> => half(await texturePicture().png().toBuffer());

/** A small JPEG, progressive as photos on the web are, whose header claims other sides (up to 65,535). */
export const jpegClaiming = async (width: number, height: number): Promise<Uint8Array> => {
  const bytes = Buffer.from(await texturePicture().jpeg({ progressive: true }).toBuffer());
  const frameHeader = bytes.indexOf(Buffer.from([0xff, 0xc2]));
  bytes.writeUInt16BE(height, frameHeader + 5);
  bytes.writeUInt16BE(width, frameHeader + 7);
  return bytes;
};

/** Two stray bytes between its segments, as some cameras write them: readers warn, the picture is whole. */
export const jpegWithStrayBytes = async (): Promise<Uint8Array> => {
  const bytes = Buffer.from(await jpegFile());
  const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
  return Buffer.concat([bytes.subarray(0, scan), new Uint8Array(2), bytes.subarray(scan)]);
};

/** An animation of 16 x 16 pixels, by hand: every frame of one colour, black and white by turns. */
export const manyFrameGif = (frames = 20_000): Uint8Array => {
  const head = Buffer.concat([
    latin('GIF89a\x10\0\x10\0\x80\0\0'),
    new Uint8Array([0, 0, 0, 255, 255, 255]),
    latin('!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0'),
  ]);
  const pair = Buffer.concat([gifFrame(0), gifFrame(1)]);
  return Buffer.concat([head, ...Array.from({ length: frames / 2 }, () => pair), latin(';')]);
};

/** Codes of three bits: a clear code before every second pixel keeps the table from growing. */
const gifFrame = (colour: 0 | 1): Uint8Array => {
  const clear = 4;
  const codes: number[] = [];
  for (let pixel = 0; pixel < 256; pixel++) {
    if (pixel % 2 === 0) codes.push(clear);
    codes.push(colour);
  }
  codes.push(5);
  const packed = new Uint8Array(Math.ceil((3 * codes.length) / 8));
  for (const [index, code] of codes.entries()) {
    for (let bit = 0; bit < 3; bit++) {
      const at = 3 * index + bit;
      packed[at >> 3] = packed[at >> 3]! | (((code >> bit) & 1) << (at & 7));
    }
  }
  const control = latin('!\xf9\x04\0\x02\0\0\0');
  const descriptor = latin(',\0\0\0\0\x10\0\x10\0\0\x02');
  return Buffer.concat([control, descriptor, new Uint8Array([packed.length]), packed, new Uint8Array(1)]);
};
