/** The edge to tinyh264 0.0.7, which has no types: Android's H.264 decoder, compiled to WebAssembly. */
import { createRequire } from 'node:module';
import type { Size } from '../domain/picture.ts';
import type { H264 } from './h264-encoder.ts';

type Decoder = {
  /** Replaced whenever the memory grows. */
  readonly HEAPU8: Uint8Array;
  getValue(address: number, type: 'i32'): number;
  _malloc(bytes: number): number;
  _h264bsdAlloc(): number;
  _h264bsdInit(storage: number, noReordering: number): number;
  _h264bsdDecode(
    storage: number,
    unit: number,
    bytes: number,
    picture: number,
    width: number,
    height: number,
  ): number;
};

const pictureReady = 1;

/**
 * Hands over the planes of each picture, which may be larger than what is shown; they are valid during the call.
 * Blocks its thread.
 */
export const decodeH264 = async (
  { sps, pps, pictures }: H264,
  onPicture: (yuv: Uint8Array, coded: Size) => void,
): Promise<void> => {
  // The package was made for browsers' workers, and asks where it lies.
  const scope = globalThis as { self?: unknown };
  scope.self ??= { location: { href: '' } };
  const { default: load } = createRequire(import.meta.url)('tinyh264/lib/TinyH264.js') as {
    default(): Promise<Decoder>;
  };
  const decoder = await load();
  const storage = decoder._h264bsdAlloc();
  decoder._h264bsdInit(storage, 1);
  const [picture, width, height] = [decoder._malloc(4), decoder._malloc(4), decoder._malloc(4)];
  const startCode = [0, 0, 0, 1];
  const units = [sps, pps, ...pictures];
  const unitAt = decoder._malloc(startCode.length + Math.max(...units.map((unit) => unit.length)));
  for (const unit of units) {
    decoder.HEAPU8.set(startCode, unitAt);
    decoder.HEAPU8.set(unit, unitAt + startCode.length);
    const bytes = startCode.length + unit.length;
    const status = decoder._h264bsdDecode(storage, unitAt, bytes, picture, width, height);
    if (status !== pictureReady) continue;
    const coded = { width: decoder.getValue(width, 'i32'), height: decoder.getValue(height, 'i32') };
    const at = decoder.getValue(picture, 'i32');
    onPicture(decoder.HEAPU8.subarray(at, at + (coded.width * coded.height * 3) / 2), coded);
  }
};
