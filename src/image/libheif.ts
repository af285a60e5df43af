/**
 * The edge to libheif-js 1.23: libheif with libde265, compiled to WebAssembly. Its own entry for Node looks for the
 * binary in the folder that a program was started in, so that it is handed over here.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { GramzoomError } from '../domain/errors.ts';
import type { Size } from '../domain/picture.ts';
import type { Samples } from './to-srgb.ts';

type Handle = { readonly $$: { readonly ptr: number } };
type HeifError = { readonly code: unknown; readonly message?: string };
type Plane = Size & { readonly stride: number; readonly data: Uint8Array; readonly bits_per_pixel: number };
type HeifImage = { readonly channels: readonly Plane[]; readonly image: object; readonly code?: undefined };

type Libheif = {
  readonly calledRun?: boolean;
  onRuntimeInitialized?: () => void;
  readonly heif_error_code: {
    readonly heif_error_Ok: unknown;
    readonly heif_error_Unsupported_feature: unknown;
    readonly heif_error_Unsupported_filetype: unknown;
  };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: Readonly<Record<string, unknown>>;
  heif_context_alloc(): object;
  heif_context_read_from_memory(context: object, bytes: Uint8Array): HeifError;
  heif_js_context_get_primary_image_handle(context: object): Handle | HeifError;
  heif_image_handle_get_width(handle: Handle): number;
  heif_image_handle_get_height(handle: Handle): number;
  heif_image_handle_has_alpha_channel(handle: Handle): number;
  _heif_image_handle_get_luma_bits_per_pixel(handle: number): number;
  heif_js_decode_image2(handle: Handle, colorspace: unknown, chroma: unknown): HeifImage | HeifError;
};

const findBinary = (require: NodeJS.Require): string => {
  try {
    return require.resolve('libheif-js/libheif-wasm/libheif.wasm');
  } catch (error) {
    // Whoever may not decode HEVC, which is under patents, takes the package away.
    throw new GramzoomError('photo-heic', {}, { cause: error });
  }
};

/** Larger pictures are read with 8 bits per sample: with 16 they take more memory than a photo may. */
const maxDeepPixels = 24e6;

const open = async (): Promise<Libheif> => {
  const require = createRequire(import.meta.url);
  const wasmBinary = await readFile(findBinary(require));
  const create = require('libheif-js/libheif-wasm/libheif.js') as (options: object) => Libheif;
  const libheif = create({ wasmBinary });
  if (!libheif.calledRun) {
    await new Promise<void>((resolve) => {
      libheif.onRuntimeInitialized = resolve;
    });
  }
  return libheif;
};

const isError = (result: HeifImage | Handle | HeifError | undefined): result is HeifError | undefined =>
  result === undefined || ('code' in result && result.code !== undefined);

/**
 * Decodes the primary picture of a HEIC file, turned upright. The memory that it takes is freed with what is
 * returned: each call has a decoder of its own. Blocks its thread.
 * @param check is given the size before anything is decoded, and throws where it is too large
 * @throws GramzoomError photo-damaged; photo-heic for what is coded in another way than HEVC; what `check` throws
 */
export const decodeHeic = async (bytes: Uint8Array, check: (size: Size) => void): Promise<Samples> => {
  const libheif = await open();
  const refuse = (error: HeifError | undefined): GramzoomError => {
    const cause = new Error(error?.message ?? 'libheif says nothing');
    const { heif_error_Unsupported_feature: feature, heif_error_Unsupported_filetype: fileType } =
      libheif.heif_error_code;
    const unsupported = error !== undefined && (error.code === feature || error.code === fileType);
    return new GramzoomError(unsupported ? 'photo-heic' : 'photo-damaged', {}, { cause });
  };
  const context = libheif.heif_context_alloc();
  const read = libheif.heif_context_read_from_memory(context, bytes);
  if (read.code !== libheif.heif_error_code.heif_error_Ok) throw refuse(read);
  const handle = libheif.heif_js_context_get_primary_image_handle(context);
  if (isError(handle)) throw refuse(handle);
  const size = {
    width: libheif.heif_image_handle_get_width(handle),
    height: libheif.heif_image_handle_get_height(handle),
  };
  check(size);
  const few = size.width * size.height <= maxDeepPixels;
  const deep = few && libheif._heif_image_handle_get_luma_bits_per_pixel(handle.$$.ptr) > 8;
  const channels = libheif.heif_image_handle_has_alpha_channel(handle) ? 4 : 3;
  const chroma = `heif_chroma_interleaved_${layouts[deep ? 'deep' : 'plain'][channels]}`;
  const image = libheif.heif_js_decode_image2(
    handle,
    libheif.heif_colorspace.heif_colorspace_RGB,
    libheif.heif_chroma[chroma],
  );
  if (isError(image)) throw refuse(image);
  const plane = image.channels[0];
  if (plane === undefined) throw refuse(undefined);
  return samplesOf(plane, { channels, deep });
};

const layouts = {
  plain: { 3: 'RGB', 4: 'RGBA' },
  deep: { 3: 'RRGGBB_LE', 4: 'RRGGBBAA_LE' },
} as const;

/** Without what stands between the rows, and to the full 16 bits where there are more than 8. */
const samplesOf = (
  { width, height, stride, data, bits_per_pixel: bits }: Plane,
  { channels, deep }: { readonly channels: 3 | 4; readonly deep: boolean },
): Samples => {
  const perRow = width * channels;
  if (!deep) {
    if (stride === perRow) return { width, height, channels, data };
    const packed = new Uint8Array(perRow * height);
    for (let y = 0; y < height; y++) packed.set(data.subarray(y * stride, y * stride + perRow), y * perRow);
    return { width, height, channels, data: packed };
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const words = new Uint16Array(perRow * height);
  const factor = 65_535 / (2 ** bits - 1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < perRow; x++) {
      words[y * perRow + x] = Math.round(factor * view.getUint16(y * stride + 2 * x, true));
    }
  }
  return { width, height, channels, data: words };
};
