/**
 * The edge to h264-mp4-encoder 1.0: minih264, compiled to WebAssembly. The film that it writes is taken apart
 * again, since its index comes last, knows the time of day but no colours, and rounds 100/3 frames a second.
 */
import { createRequire } from 'node:module';
import type { Size } from '../domain/picture.ts';

type Encoder = {
  width: number;
  height: number;
  /** 10 to 51: more is smaller. */
  quantizationParameter: number;
  groupOfPictures: number;
  readonly outputFilename: string;
  readonly FS: { readFile(path: string): Uint8Array; unlink(path: string): void };
  initialize(): void;
  addFrameYuv(yuv: Uint8Array): void;
  finalize(): void;
  delete(): void;
};

/** A coded film: what comes once, and one unit for each picture. */
export type H264 = {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
  readonly pictures: readonly Uint8Array[];
};

/**
 * Codes pictures one after the other; all but the first are differences. The same pictures give the same bytes
 * on any machine. Blocks its thread, and leaves handlers on its process that end it where anything is not
 * caught: for worker threads.
 * @param pictures of even sides, as `toYuv420` gives them
 */
export const encodeH264 = async (
  pictures: Iterable<Uint8Array>,
  { width, height, quantiser }: Size & { readonly quantiser: number },
): Promise<H264> => {
  const { createH264MP4Encoder } = createRequire(import.meta.url)('h264-mp4-encoder') as {
    createH264MP4Encoder(): Promise<Encoder>;
  };
  const encoder = await createH264MP4Encoder();
  try {
    Object.assign(encoder, { width, height, quantizationParameter: quantiser, groupOfPictures: 100_000 });
    encoder.initialize();
    for (const picture of pictures) encoder.addFrameYuv(picture);
    encoder.finalize();
    const file = encoder.FS.readFile(encoder.outputFilename);
    encoder.FS.unlink(encoder.outputFilename);
    return takeApart(Buffer.from(file.buffer, file.byteOffset, file.length));
  } finally {
    encoder.delete();
  }
};

const takeApart = (file: Buffer): H264 => {
  // Both stand in the avcC box: six bytes and its name, then each with a count and a length before it.
  const avcC = file.lastIndexOf('avcC');
  const spsAt = avcC + 12;
  const spsEnd = spsAt + file.readUInt16BE(spsAt - 2);
  const ppsAt = spsEnd + 3;
  const pictures: Uint8Array[] = [];
  for (let box = 0; box < file.length; box += file.readUInt32BE(box)) {
    if (file.toString('latin1', box + 4, box + 8) !== 'mdat') continue;
    const end = box + file.readUInt32BE(box);
    for (let at = box + 8; at < end; ) {
      const next = at + 4 + file.readUInt32BE(at);
      pictures.push(file.subarray(at + 4, next));
      at = next;
    }
  }
  return {
    sps: file.subarray(spsAt, spsEnd),
    pps: file.subarray(ppsAt, ppsAt + file.readUInt16BE(ppsAt - 2)),
    pictures,
  };
};
