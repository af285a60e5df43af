import type { RgbImage } from '../domain/picture.ts';
import { decodeH264 } from './h264-decoder.ts';
import { encodeH264, type H264 } from './h264-encoder.ts';
import { describeStream } from './h264-sps.ts';
import { writeMp4 } from './mp4-container.ts';
import { evenSize, fromYuv420, toYuv420 } from './yuv420.ts';

/**
 * Writes an H.264 film that plays anywhere: baseline, yuv420p, even sides, index in front. MP4 has no loop of its
 * own: players decide. Blocks its thread; see `encodeH264`.
 * @param frames at least one, all of one size
 * @param options.quantiser 10 to 51: 22 hardly shows a loss, 40 plainly does
 */
export const encodeMp4 = async (
  frames: readonly RgbImage[],
  { delayCentiseconds, quantiser }: { readonly delayCentiseconds: number; readonly quantiser: number },
) => {
  const size = evenSize(frames[0]!);
  const { sps, ...rest } = await encodeH264(yuvOf(frames), { ...size, quantiser });
  const film: H264 = { ...rest, sps: describeStream(sps, { delayCentiseconds }) };
  return {
    bytes: writeMp4(film, { ...size, delayCentiseconds }),
    /** Hands over the frames that a viewer shows, one after the other; their sides are even. */
    decode: (onFrame: (frame: RgbImage) => void) =>
      decodeH264(film, (yuv, coded) => onFrame(fromYuv420(yuv, { ...size, coded }))),
  };
};

function* yuvOf(frames: readonly RgbImage[]): Generator<Uint8Array> {
  for (const frame of frames) yield toYuv420(frame);
}
