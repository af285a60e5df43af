import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type PrecisionChoice, precisions } from '../src/domain/engines.ts';
import type { ZoomInput } from '../src/domain/kinds/zoom.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { aspects, type Quality, qualities } from '../src/domain/request.ts';
import { tunings } from '../src/engine/zoom/plan.ts';
import { mergeTuning } from './film-tuning.ts';
import { defaultPhotos } from './quality-photos.ts';

export type FilmOptions = {
  readonly photos: readonly string[];
  readonly qualities: readonly Quality[];
  /** Every film is made in each; `auto` is the product's choice. */
  readonly precisions: readonly PrecisionChoice[];
  /** What every film is asked for. */
  readonly request: Pick<ZoomInput, 'size' | 'frames' | 'zoom' | 'aspect' | 'steps'>;
  readonly seed: number;
  readonly network: string;
  /** Changes to every quality's tuning. */
  readonly tuning: unknown;
  /** Frames of gramzoom's own method; undefined: none. */
  readonly gramzoomFrames: number | undefined;
  readonly json: boolean;
  /** Folder for films and sheets; undefined: none are kept. */
  readonly out: string | undefined;
};

const list = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: '--tuning takes JSON' });
    return z.NEVER;
  }
});

const number = z.string().regex(/^\d+$/).transform(Number);

/**
 * Reads the bench's command line.
 * @throws Error where an option or value is wrong
 */
export const readFilmOptions = (args: readonly string[]): FilmOptions => {
  const defaults = parseRequest({});
  const { values } = parseArgs({
    args: [...args],
    options: {
      photos: { type: 'string' },
      quality: { type: 'string', default: 'standard' },
      precision: { type: 'string' },
      size: { type: 'string', default: String(defaults.size) },
      frames: { type: 'string', default: String(defaults.frames) },
      zoom: { type: 'string', default: String(defaults.zoom) },
      aspect: { type: 'string', default: defaults.aspect },
      seed: { type: 'string', default: '1' },
      steps: { type: 'string' },
      network: { type: 'string', default: defaults.network },
      tuning: { type: 'string', default: '{}' },
      gramzoom: { type: 'boolean', default: false },
      'gramzoom-frames': { type: 'string', default: '8' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const request = {
    size: number.parse(values.size),
    frames: number.parse(values.frames),
    zoom: Number(values.zoom),
    aspect: z.enum(aspects).parse(values.aspect),
    ...(values.steps !== undefined && { steps: number.parse(values.steps) }),
  };
  parseRequest(request);
  const tuning = json.parse(values.tuning);
  const chosen = list(values.quality).map((quality) => z.enum(qualities).parse(quality));
  // Here and not after the first film.
  for (const quality of chosen) mergeTuning(tunings[quality], tuning);
  return {
    photos: values.photos === undefined ? defaultPhotos() : list(values.photos),
    qualities: chosen,
    precisions:
      values.precision === undefined
        ? ['auto']
        : list(values.precision).map((precision) => z.enum(precisions).parse(precision)),
    request,
    seed: number.parse(values.seed),
    network: values.network,
    tuning,
    gramzoomFrames: values.gramzoom ? number.parse(values['gramzoom-frames']) : undefined,
    json: values.json,
    out: values.out,
  };
};
