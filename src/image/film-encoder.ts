import { delayCentiseconds } from '../domain/kinds/zoom.ts';
import type { RgbImage } from '../domain/picture.ts';
import type { FitReport } from '../domain/report.ts';
import { throwIfCancelled } from './cancellation.ts';
import type { EncodedFilm, FilmOptions } from './film.ts';
import { planFit, searchFit } from './fit.ts';
import { encodeGif, gifOverheadBytes } from './gif.ts';
import { encodeMp4 } from './mp4.ts';
import { encodePng } from './png.ts';
import { scaleTo } from './resize.ts';
import { createMotionMeter } from './seam.ts';
import { decodeWebp, encodeWebp } from './webp.ts';
import { evenSize } from './yuv420.ts';

type Encoding = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Hands over the frames as a viewer shows them, one after the other; null for a single picture. */
  readonly decode: ((onFrame: (frame: RgbImage) => void) => void | Promise<void>) | null;
};

/** Frames per sample from which a file's size is estimated. */
const sampleFrames = 5;

/**
 * Encodes a film on the calling thread; `encodeFilm` does the same without blocking it.
 * @throws GramzoomError `budget-too-small`, `cancelled`
 */
export const encodeOnThisThread = async (
  frames: readonly RgbImage[],
  options: FilmOptions & { readonly signal?: AbortSignal | undefined },
): Promise<EncodedFilm> => {
  const { format, fps, zoom, maxBytes } = options;
  const film = format === 'png' ? frames.slice(-1) : frames;
  const size = Math.max(film[0]!.width, film[0]!.height);
  const plan = planFit({ format, fps, size, frames: film.length });
  const prepare = async (from: readonly RgbImage[], candidate: FitReport): Promise<readonly RgbImage[]> => {
    const scaled: RgbImage[] = [];
    for (let index = 0; index < from.length; index += candidate.everyFrame) {
      throwIfCancelled(options.signal);
      scaled.push(await scaleTo(from[index]!, candidate.size));
    }
    return scaled;
  };
  const encode = async (candidate: FitReport) => {
    const prepared = await prepare(film, candidate);
    const { width, height } = prepared[0]!;
    return { width, height, frames: prepared.length, ...(await encodeAs(prepared, candidate, options)) };
  };

  const count = Math.min(sampleFrames, film.length);
  const sample = Array.from({ length: count }, (_, i) => film[Math.floor((i * film.length) / count)]!);
  const estimate = async (candidate: FitReport): Promise<number> => {
    const prepared = await prepare(sample, { ...candidate, everyFrame: 1 });
    const { bytes } = await encodeAs(prepared, candidate, options);
    const overhead = candidate.colours ? gifOverheadBytes(candidate.colours) : 0;
    const perFrame = Math.max(0, bytes.length - overhead) / count;
    return overhead + perFrame * (film.length / candidate.everyFrame);
  };
  // H.264 codes differences between frames, so a sample tells nothing: whole files are tried, each once.
  const tried = new Map<FitReport, ReturnType<typeof encode>>();
  const tryOut = async (candidate: FitReport) => {
    const known = tried.get(candidate) ?? encode(candidate);
    tried.set(candidate, known);
    return await known;
  };
  const search =
    format === 'mp4'
      ? { encode: tryOut, estimate: async (candidate: FitReport) => (await tryOut(candidate)).bytes.length }
      : { encode, estimate };

  const { encoded, candidate } =
    maxBytes === undefined
      ? { encoded: await encode(plan[0]!), candidate: plan[0]! }
      : await searchFit(plan, { maxBytes, ...search, sizeOf: ({ bytes }) => bytes.length });
  const zoomPerFrame = zoom ** candidate.everyFrame;
  const meter = createMotionMeter(zoomPerFrame, options.direction);
  await encoded.decode?.(meter.add);
  const motion = encoded.decode && meter.finish();
  return {
    bytes: encoded.bytes,
    ...(format === 'mp4' ? evenSize(encoded) : { width: encoded.width, height: encoded.height }),
    frames: encoded.frames,
    fps: fps / candidate.everyFrame,
    zoom: zoomPerFrame,
    fit: candidate === plan[0] ? null : candidate,
    seamRatio: motion?.seamRatio ?? null,
    distances: motion?.distances ?? [],
  };
};

/** Encodes frames of their final size. */
const encodeAs = async (
  frames: readonly RgbImage[],
  { colours, quality, everyFrame }: FitReport,
  { format, fps }: FilmOptions,
): Promise<Encoding> => {
  const delay = delayCentiseconds(fps) * everyFrame;
  switch (format) {
    case 'gif': {
      const gif = encodeGif(frames, { colours: colours ?? 256, delayCentiseconds: delay });
      return {
        bytes: gif.bytes,
        decode: (onFrame) => {
          for (let index = 0; index < gif.frames; index++) onFrame(gif.frame(index));
        },
      };
    }
    case 'webp': {
      const bytes = await encodeWebp(frames, { quality: quality ?? 80, delayMs: 10 * delay });
      return {
        bytes,
        decode: async (onFrame) => {
          for (const frame of await decodeWebp(bytes)) onFrame(frame);
        },
      };
    }
    case 'mp4':
      return await encodeMp4(frames, { delayCentiseconds: delay, quantiser: quality ?? 22 });
    case 'png':
      return { bytes: await encodePng(frames[0]!), decode: null };
    default:
      return format satisfies never;
  }
};
